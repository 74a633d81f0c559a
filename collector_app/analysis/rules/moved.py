"""Every client whose balance moved between two days, so packed that a million of them is little."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collector_app.portfolio.rules import AgingBucket

Ints = NDArray[Any]

BUCKETS = tuple(AgingBucket)  # a bucket is kept as its place here
NOWHERE = -1  # in place of a bucket: nothing was owed


@dataclass(frozen=True, slots=True)
class Ends:
    """Between which days clients are followed, and which of them are meant."""

    opening: date
    closing: date
    origin: AgingBucket | None = None
    to: AgingBucket | None = None
    is_paid_up: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """Clients at both ends of some days, most money first; 26 bytes for each.

    Attributes
    ----------
    ids, opening_cents, closing_cents : bytes
        Of int64 numbers, one for each client.
    was, now : bytes
        Of int8 numbers: places in `BUCKETS`, `NOWHERE` where nothing was owed.
    """

    ids: bytes
    opening_cents: bytes
    closing_cents: bytes
    was: bytes
    now: bytes

    def behind(self, ends: Ends) -> Ints:
        """Return the places of those who were where the ends say, and are where they say."""
        was, now = np.frombuffer(self.was, np.int8), np.frombuffer(self.now, np.int8)
        chosen = np.ones(len(was), dtype=np.bool_)
        if ends.origin is not None:
            chosen &= was == BUCKETS.index(ends.origin)
        if ends.to is not None:
            chosen &= now == BUCKETS.index(ends.to)
        if ends.is_paid_up:
            chosen &= now == NOWHERE
        return np.flatnonzero(chosen)

    def at(self, places: Ints) -> list[tuple[int, int, int, int, int]]:
        """Return id, opening and closing balance, and both buckets as numbers, of some places."""
        columns = (
            np.frombuffer(self.ids, np.int64),
            np.frombuffer(self.opening_cents, np.int64),
            np.frombuffer(self.closing_cents, np.int64),
            np.frombuffer(self.was, np.int8),
            np.frombuffer(self.now, np.int8),
        )
        return list(zip(*(column[places].tolist() for column in columns), strict=True))


def bucket_at(place: int) -> AgingBucket | None:
    """Return the bucket of a place; None: nothing is owed."""
    return None if place == NOWHERE else BUCKETS[place]
