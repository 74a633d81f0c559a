"""People who work with the system, their roles and how they log in."""
