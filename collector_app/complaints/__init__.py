"""Quejas: what clients complain of or ask for by right, with deadlines and an automatic pause."""
