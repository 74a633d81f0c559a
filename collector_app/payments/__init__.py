"""Pagos: money received and the debts it settles."""
