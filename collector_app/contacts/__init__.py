"""Contactos: calls, messages and letters as facts, and the gate that messages pass."""
