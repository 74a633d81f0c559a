"""Arqueo: the cash that a collector carries, counted by one person and confirmed by another."""
