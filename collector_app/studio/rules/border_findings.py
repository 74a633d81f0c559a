"""What can be odd about borders that come from a file or a map, and what each finding names."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class BorderFault(StrEnum):
    """What is odd, in the order in which people should look at it."""

    OUTSIDE = "outside"  # clients whom no area holds
    SELF_CROSSING = "self_crossing"
    OVERLAP = "overlap"
    HOLE = "hole"
    EMPTY = "empty"  # areas that hold no client
    NO_AREA = "no_area"  # a border that encloses nothing
    NO_COLLECTOR = "no_collector"  # nobody of that name


@dataclass(frozen=True, slots=True)
class BorderFinding:
    """One odd thing, and whom it is about.

    Attributes
    ----------
    zone, other : str
        Names of areas; empty when it is about all of them.
    clients : int
        Clients it concerns: outside, in the overlap, in the hole.
    at : tuple or None
        Latitude and longitude of where a border crosses itself.
    count : int
        How many areas, for findings about several.
    """

    fault: BorderFault
    zone: str = ""
    other: str = ""
    clients: int = 0
    at: tuple[float, float] | None = None
    count: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return what the draft's row keeps."""
        return {
            "fault": self.fault,
            "zone": self.zone,
            "other": self.other,
            "clients": self.clients,
            "at": list(self.at) if self.at else None,
            "count": self.count,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        at = kept.get("at")
        return cls(
            fault=BorderFault(kept["fault"]),
            zone=kept.get("zone", ""),
            other=kept.get("other", ""),
            clients=kept.get("clients", 0),
            at=(at[0], at[1]) if at else None,
            count=kept.get("count", 0),
        )
