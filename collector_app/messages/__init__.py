"""Messages of the office to a collector, each with the moment it was read."""
