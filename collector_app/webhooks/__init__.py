"""Tells other systems what happened: signed, again and again until they took it."""
