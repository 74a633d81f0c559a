"""Calendarios de pago: what a signed agreement asks for, and how long it was in force."""
