"""Conciliación: the creditor's list of payments beside those that we recorded."""
