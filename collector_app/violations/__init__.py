"""Faltas: what was done outside the rules, worked out anew from the facts, and what it may cost."""
