"""Repairing the day: what happened in the street, what it does to the routes, and its undoing."""
