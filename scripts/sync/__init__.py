"""Parts of the benchmarks of what phones send."""
