"""Bitácora: who did what, to whom, when; append-only."""
