"""Coverage of zones, their drift, and heat by place: sums over clients, no database."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import h3
import shapely
from shapely.geometry.polygon import orient

from collector_app.core.money import USUAL_CURRENCY

WINDOWS = (15, 30, 60, 90)  # days that can be looked back
USUAL_WINDOW = 30
DRIFT_TO_ACT = 0.05  # of the mean work, since zones began: below it moving clients costs more
CELL_RESOLUTION = 8  # of H3: about 0.7 km²
MARGIN_DEGREES = 0.0006  # around the outermost clients of a colonia: some 65 metres
STEPS = 5  # of the heat of a map


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """One client with a location.

    Attributes
    ----------
    visited_on, contacted_on : date or None
        Of the last visit, and of the last one that found somebody to talk to.
    overdue_cents, collected_cents : int
        What is overdue today, and what was paid within the window.
    currency : str
        What they owe in, ISO 4217.
    """

    id: int
    name: str
    zone_id: int | None
    lat: float
    lon: float
    colonia: str | None
    visited_on: date | None
    contacted_on: date | None
    overdue_cents: int
    collected_cents: int
    currency: str = USUAL_CURRENCY


@dataclass(frozen=True, slots=True)
class Coverage:
    """Clients of one zone: all, never visited, visited before the window only, and within it."""

    clients: int
    never: int
    stale: int
    contacted: int

    @property
    def visited_share(self) -> float:
        """Return the share that was visited within the window, 0 to 1."""
        return (self.clients - self.never - self.stale) / self.clients if self.clients else 0.0

    @property
    def penetration(self) -> float:
        """Return the share with whom somebody talked within the window, 0 to 1."""
        return self.contacted / self.clients if self.clients else 0.0


@dataclass(frozen=True, slots=True)
class Heat:
    """What is overdue and what was paid in one place."""

    place: str
    clients: int
    overdue_cents: int
    collected_cents: int

    @property
    def recovery(self) -> float:
        """Return paid over paid plus still overdue, 0 to 1; 0 where nobody owed anything."""
        asked = self.collected_cents + self.overdue_cents
        return self.collected_cents / asked if asked else 0.0


@dataclass(frozen=True, slots=True)
class Drift:
    """How uneven the zones in force were when they began, and are now (heaviest over mean - 1)."""

    began_on: date
    then: float
    now: float

    @property
    def is_worth_acting(self) -> bool:
        """Tell whether they lost enough evenness to be made even again."""
        return self.now - self.then > DRIFT_TO_ACT


def coverage(clients: Iterable[ClientFacts], since: date) -> Coverage:
    """Count clients by when they were visited last; `since` is the first day of the window."""
    listed = list(clients)
    return Coverage(
        clients=len(listed),
        never=sum(is_never(one) for one in listed),
        stale=sum(is_stale(one, since) for one in listed),
        contacted=sum(one.contacted_on is not None and one.contacted_on >= since for one in listed),
    )


def is_never(client: ClientFacts) -> bool:
    """Tell whether nobody ever visited a client."""
    return client.visited_on is None


def is_stale(client: ClientFacts, since: date) -> bool:
    """Tell whether the last visit to a client lies before a day."""
    return client.visited_on is not None and client.visited_on < since


def heat(
    clients: Iterable[ClientFacts], place_of: Callable[[ClientFacts], str | None]
) -> list[Heat]:
    """Sum money by place, the most overdue first; clients without a place are left out."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in clients:
        if place := place_of(one):
            for at, amount in enumerate((1, one.overdue_cents, one.collected_cents)):
                sums[place][at] += amount
    found = [Heat(place, *three) for place, three in sums.items()]
    return sorted(found, key=lambda one: (-one.overdue_cents, one.place))


def cell_of(client: ClientFacts) -> str:
    """Return the H3 cell in which a client lives."""
    cell: str = h3.latlng_to_cell(client.lat, client.lon, CELL_RESOLUTION)
    return cell


def corners(clients: Iterable[ClientFacts]) -> tuple[tuple[float, float], ...]:
    """Return the south-western and the north-eastern corner around clients, lat first."""
    points = [(one.lat, one.lon) for one in clients]
    if not points:
        return ()
    lats, lons = zip(*points, strict=True)
    return (min(lats), min(lons)), (max(lats), max(lons))


def outlines(clients: Iterable[ClientFacts]) -> dict[str, tuple[tuple[float, float], ...]]:
    """Return a closed line around the clients of each colonia, counterclockwise, lat first."""
    members: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one in clients:
        if one.colonia:
            members[one.colonia].append((one.lon, one.lat))
    around = {}
    for colonia, points in members.items():
        hull = shapely.MultiPoint(points).convex_hull.buffer(MARGIN_DEGREES, quad_segs=2)
        around[colonia] = tuple((lat, lon) for lon, lat in orient(hull).exterior.coords)
    return around


def steps(values: Sequence[float]) -> list[int]:
    """Return in which fifth of the others each value lies, 1 to `STEPS`; 0 for nothing at all."""
    ranked = sorted(value for value in values if value > 0)
    place = {value: at for at, value in enumerate(ranked)}
    return [1 + place[value] * STEPS // len(ranked) if value > 0 else 0 for value in values]
