"""Travel times between points: one Protocol and its providers."""
