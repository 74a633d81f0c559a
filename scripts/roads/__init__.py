"""Road engines of the benchmark: ours, and the peers under a Python of their own."""
