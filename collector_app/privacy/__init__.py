"""Datos personales: what is kept of a client, its correction, and its deletion when it is time."""
