"""Ubicaciones: where clients are, who says so, and what the field says against it."""
