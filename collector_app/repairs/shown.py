"""The previews that a process showed of late, for whoever applies one while it still holds.

Applying would plan anew what was on the screen seconds before. Everything that is done leaves an
entry in the log: with the same last entry, what was read is what would be read now. What other
collectors tell of other clients does not touch a preview: where 200 of them work, somebody tells
something every few seconds. Only the time has gone on, so a preview is good for a minute; what is
published is checked against the law again.
"""

import time
from collections.abc import Callable, Sequence
from threading import Lock

from cachetools import TTLCache
from flask import Flask, current_app
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector_app.audit.chain import deeds_since
from collector_app.audit.rules import Deed, Head
from collector_app.core.selection import among
from collector_app.payments.models import Allocation, Payment
from collector_app.planning.queries import is_field_work
from collector_app.promises.models import Promise
from collector_app.repairs.repairing import Preview
from collector_app.repairs.rules import DayChange
from collector_app.visits.models import Visit

GOOD_FOR_S = 60  # plans are told in minutes
_MOST_KEPT = 8  # a preview holds the ride times of its routes
_NAME = "shown_previews"

_MOST_DEEDS = 200  # are looked through; after more of them the day is planned anew

_TOLD: dict[type[Visit | Promise | Payment | Allocation], Select[int, int | None]] = {
    Visit: select(Visit.client_id, Visit.collector_id),
    Promise: select(Promise.client_id, Promise.collector_id),
    Payment: select(Payment.client_id, Payment.collector_id),
    Allocation: select(Payment.client_id, Payment.collector_id).join(
        Allocation, Allocation.payment_id == Payment.id
    ),
}

Key = tuple[int, DayChange]  # plan, what was asked


class Shown:
    """Previews of a process; a server with threads may ask for them at once."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._lock = Lock()
        self._previews: TTLCache[Key, tuple[Head, Preview]] = TTLCache(
            _MOST_KEPT, GOOD_FOR_S, timer
        )

    def keep(self, key: Key, deed: Head, preview: Preview) -> None:
        """Remember a preview; ``deed`` was the last one before all that the preview read."""
        with self._lock:
            self._previews[key] = deed, preview

    def take(self, key: Key, holds: Callable[[Head, Preview], bool]) -> Preview | None:
        """Return a preview if it holds, and forget it: applying it makes another day of this one.

        Parameters
        ----------
        holds : callable
            Tells whether a preview holds after all that was done since a deed.
        """
        with self._lock:
            known = self._previews.pop(key, None)
        return known[1] if known is not None and holds(*known) else None


def still_holds(session: Session, deed: Head, preview: Preview) -> bool:
    """Tell whether nothing was done since a deed that this preview would have to know.

    It holds after what collectors told of clients that it does not weigh, on routes that it does
    not reach.
    """
    deeds = deeds_since(session, deed, _MOST_DEEDS)
    if deeds is None or not is_field_work(deeds):
        return False
    weighed = frozenset(preview.standing.cards)
    reached = frozenset(one.collector_id for one in preview.standing.routes)
    return all(
        client_id not in weighed and collector_id not in reached
        for client_id, collector_id in _told(session, deeds)
    )


def _told(session: Session, deeds: Sequence[Deed]) -> list[tuple[int, int | None]]:
    """Return of whom something was told, and by which collector."""
    found: list[tuple[int, int | None]] = []
    for table, told in _TOLD.items():
        ids = [int(one.subject_id) for one in deeds if one.subject_type == table.__tablename__]
        if ids:
            rows = session.execute(told.where(among(table.id, ids)))
            found += [(client_id, collector_id) for client_id, collector_id in rows]
    return found


def register_shown(app: Flask) -> None:
    """Give the application a memory of its own."""
    app.extensions[_NAME] = Shown()


def shown() -> Shown:
    """Return what this process showed."""
    found: Shown = current_app.extensions[_NAME]
    return found
