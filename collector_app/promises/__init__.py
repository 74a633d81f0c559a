"""Promesas de pago: what a client said they would pay, and when."""
