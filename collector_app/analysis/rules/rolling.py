"""Roll rates: where the balance of each aging bucket went between two days."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from collector_app.portfolio.rules import AgingBucket

PAID_UP: Final = "paid_up"  # where clients are who owe nothing any more
_AGE = MappingProxyType({one: n for n, one in enumerate(AgingBucket)})


@dataclass(frozen=True, slots=True)
class Ends:
    """Between which days clients are followed, and which of them are meant."""

    opening: date
    closing: date
    origin: AgingBucket | None = None
    to: AgingBucket | None = None
    is_paid_up: bool = False


@dataclass(frozen=True, slots=True)
class Roll:
    """Clients and opening balance that went from a bucket to another; ``to`` None: all was paid."""

    origin: AgingBucket
    to: AgingBucket | None
    clients: int
    opening_cents: int


@dataclass(frozen=True, slots=True)
class RollMatrix:
    """One bucket: what it held on the first day, and the shares of that money on the last.

    ``shares`` has an entry for each bucket and for `PAID_UP`; all are 0 when it held nothing.
    """

    origin: AgingBucket
    clients: int
    opening_cents: int
    shares: MappingProxyType[str, float]
    cured_clients: int

    @property
    def worsened(self) -> float:
        """Return the share that rolled into an older bucket (roll rate)."""
        return sum(self.shares[one] for one in AgingBucket if _AGE[one] > _AGE[self.origin])

    @property
    def improved(self) -> float:
        """Return the share that came back to a younger bucket that is still overdue (roll back)."""
        return sum(self.shares[one] for one in AgingBucket if 0 < _AGE[one] < _AGE[self.origin])

    @property
    def cured(self) -> float:
        """Return the share that is up to date or paid (cure rate); of what was overdue before."""
        if self.origin is AgingBucket.CURRENT:
            return 0.0
        return self.shares[AgingBucket.CURRENT] + self.shares[PAID_UP]


def roll_matrix(rolls: Iterable[Roll]) -> list[RollMatrix]:
    """Return one row for each bucket, youngest first; each row's shares add up to 1, or to 0."""
    cents: dict[AgingBucket, Counter[str]] = {one: Counter() for one in AgingBucket}
    clients: dict[AgingBucket, Counter[str]] = {one: Counter() for one in AgingBucket}
    for one in rolls:
        end = PAID_UP if one.to is None else one.to
        cents[one.origin][end] += one.opening_cents
        clients[one.origin][end] += one.clients
    return [_row(origin, cents[origin], clients[origin]) for origin in AgingBucket]


def _row(origin: AgingBucket, cents: Counter[str], clients: Counter[str]) -> RollMatrix:
    opening = cents.total()
    ends = (*AgingBucket, PAID_UP)
    shares = {end: cents[end] / opening if opening else 0.0 for end in ends}
    is_overdue = origin is not AgingBucket.CURRENT
    cured = clients[AgingBucket.CURRENT] + clients[PAID_UP] if is_overdue else 0
    return RollMatrix(origin, clients.total(), opening, MappingProxyType(shares), cured)
