"""Every client whose balance moved between two days, so packed that a million of them is little."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from collector_app.portfolio.rules import AgingBucket

Ints = NDArray[Any]

BUCKETS = tuple(AgingBucket)  # a bucket is kept as its place here
NOWHERE = -1  # in place of a bucket: nothing was owed


class MovedClient(NamedTuple):
    """A client at both ends of some days; no bucket: nothing was owed."""

    client_id: int
    opening_cents: int
    bucket_before: AgingBucket | None
    invoiced_cents: int
    closing_cents: int
    bucket_after: AgingBucket | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Clients at both ends of some days, most money first; 34 bytes for each.

    Attributes
    ----------
    ids, opening_cents, invoiced_cents, closing_cents : bytes
        Of int64 numbers, one for each client.
    was, now : bytes
        Of int8 numbers: places in `BUCKETS`, `NOWHERE` where nothing was owed.
    """

    ids: bytes
    opening_cents: bytes
    was: bytes
    invoiced_cents: bytes
    closing_cents: bytes
    now: bytes

    def every(self) -> Ints:
        """Return the places of all."""
        return np.arange(len(self.was))

    def among(self, client_ids: Collection[int]) -> Ints:
        """Return the places of some clients."""
        wanted = np.fromiter(client_ids, np.int64, len(client_ids))
        return np.flatnonzero(np.isin(np.frombuffer(self.ids, np.int64), wanted))

    def behind(
        self, origin: AgingBucket | None, to: AgingBucket | None, *, is_paid_up: bool
    ) -> Ints:
        """Return the places of those who were in a bucket and are in another, or owe nothing."""
        was, now = np.frombuffer(self.was, np.int8), np.frombuffer(self.now, np.int8)
        chosen = np.ones(len(was), dtype=np.bool_)
        if origin is not None:
            chosen &= was == BUCKETS.index(origin)
        if to is not None:
            chosen &= now == BUCKETS.index(to)
        if is_paid_up:
            chosen &= now == NOWHERE
        return np.flatnonzero(chosen)

    def at(self, places: Ints) -> list[MovedClient]:
        """Return the clients at some places."""
        columns = (
            np.frombuffer(self.ids, np.int64),
            np.frombuffer(self.opening_cents, np.int64),
            np.frombuffer(self.was, np.int8),
            np.frombuffer(self.invoiced_cents, np.int64),
            np.frombuffer(self.closing_cents, np.int64),
            np.frombuffer(self.now, np.int8),
        )
        found = zip(*(column[places].tolist() for column in columns), strict=True)
        return [
            MovedClient(id_, opening, _bucket(was), invoiced, closing, _bucket(now))
            for id_, opening, was, invoiced, closing, now in found
        ]


def _bucket(place: int) -> AgingBucket | None:
    return None if place == NOWHERE else BUCKETS[place]
