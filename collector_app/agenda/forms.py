"""What the address of the agenda asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from collector_app.agenda.rules import Due, Follow

ALL = "todas"
FOLLOWS = {"vencidas": Follow.OVERDUE, "hoy": Follow.TODAY, "proximas": Follow.COMING}
BY_DAY, BY_COLLECTOR, BY_ZONE = "dia", "gestor", "zona"
BYS = (BY_DAY, BY_COLLECTOR, BY_ZONE)


@dataclass(frozen=True, slots=True)
class WantedAgenda:
    """Which promises to list, and what to add them up by."""

    follow: Follow | None
    collector_id: int | None
    zone_id: int | None
    by: str

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """Read the query of an address; what can't be read is as usual."""
        by = query.get("por", BY_DAY)
        return cls(
            follow=FOLLOWS.get(query.get("ver", "")),
            collector_id=_number(query.get("gestor", "")),
            zone_id=_number(query.get("zona", "")),
            by=by if by in BYS else BY_DAY,
        )

    def takes(self, due: Due) -> bool:
        """Tell whether a promise is of the collector and zone asked for."""
        return self.collector_id in (None, due.collector_id) and self.zone_id in (None, due.zone_id)

    def key(self, due: Due) -> object:
        """Return what the promise is added up by."""
        return {
            BY_DAY: due.due_on,
            BY_COLLECTOR: due.collector_id,
            BY_ZONE: due.zone_id,
        }[self.by]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
