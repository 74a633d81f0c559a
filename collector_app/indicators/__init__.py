"""Indicators of the work: each with its formula, its sample and the rows behind it."""
