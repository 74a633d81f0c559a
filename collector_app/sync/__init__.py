"""What phones send: devices, events told once, photos, and what waits for a person."""
