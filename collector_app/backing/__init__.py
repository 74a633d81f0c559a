"""Respaldo: what stands behind a credit: guarantees, people who answer for it, papers."""
