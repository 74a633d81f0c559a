"""Guion: what to say and offer at the door, objection by objection, and which answers worked."""
