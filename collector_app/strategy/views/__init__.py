"""Pages of the strategy: segments with their treatments, and experiments."""
