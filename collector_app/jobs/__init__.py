"""Trabajos: the progress of long work, and how to stop it."""
