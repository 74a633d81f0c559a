"""Agenda: what clients said they would pay, whether they will, and the cash of thirteen weeks."""
