"""Cartera: the clients, credits and invoices entrusted to us."""
