"""Taller de zonas: drafts of zones, changed by hand, imported, compared and published."""
