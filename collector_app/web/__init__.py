"""Shared presentation: knows Flask, knows no area."""
