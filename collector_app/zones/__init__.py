"""Zonas: territories and the collector who answers for each."""
