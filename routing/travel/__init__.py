"""Travel times between points: one Protocol and its providers."""

from routing.travel.sources import open_travel

__all__ = ["open_travel"]
