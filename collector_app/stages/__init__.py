"""Etapas: how far the collection of each credit has come, on any day, and why."""
