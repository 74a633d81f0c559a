"""The search itself, compiled by Numba: every function here runs on arrays and without the GIL."""
