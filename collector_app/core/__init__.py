"""Shared ground that knows no area and no Flask."""
