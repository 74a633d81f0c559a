"""What the address of the page asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from collector_app.follow_up.rules import USUAL_WINDOW, WINDOWS

NEVER, STALE = "nunca", "viejas"
COLONIA = "colonia"


@dataclass(frozen=True, slots=True)
class WantedFollowUp:
    """How many days to look back, which heat to draw, and whom to list."""

    window_days: int
    measure: str
    by_colonia: bool
    zone_id: int | None
    listed: str

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Read the query of an address; what can't be read is as usual."""
        days, zone = query.get("dias", ""), query.get("zona", "")
        window = int(days) if days.isdecimal() and int(days) in WINDOWS else USUAL_WINDOW
        return cls(
            window_days=window,
            measure=query.get("mapa", "mora"),
            by_colonia=query.get("por") == COLONIA,
            zone_id=int(zone) if zone.isdecimal() else None,
            listed=STALE if query.get("lista") == STALE else NEVER,
        )
