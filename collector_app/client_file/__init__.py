"""Expediente: everything about one client on one page, to be read before deciding or printed."""
