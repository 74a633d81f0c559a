"""Two plans of one day side by side: money, way and hours by collector, and who changed hands."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from collector_app.core.money import Sums, added
from collector_app.planning.queries import RouteRow


@dataclass(frozen=True, slots=True)
class RouteFigures:
    """A collector's day in figures; all 0 without a route."""

    stops: int = 0
    travel_s: int = 0
    travel_m: int = 0
    length_s: int = 0  # from leaving to returning
    expected: Sums = field(default_factory=dict)

    def __add__(self, other: "RouteFigures") -> "RouteFigures":
        """Return the sum of two days."""
        return RouteFigures(
            self.stops + other.stops,
            self.travel_s + other.travel_s,
            self.travel_m + other.travel_m,
            self.length_s + other.length_s,
            added((self.expected, other.expected)),
        )


@dataclass(frozen=True, slots=True)
class ComparedRoute:
    """One collector in both plans."""

    collector_id: int
    name: str
    one: RouteFigures
    other: RouteFigures


@dataclass(frozen=True, slots=True)
class MovedClient:
    """A client whom another collector visits in the other plan; None is nobody."""

    client_id: int
    one: str | None
    other: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans by collector's name, their sums, and the clients who differ."""

    routes: tuple[ComparedRoute, ...]
    one: RouteFigures
    other: RouteFigures
    moved: tuple[MovedClient, ...]


def compare(one: Sequence[RouteRow], other: Sequence[RouteRow]) -> Comparison:
    """Compare the routes of two plans."""
    figures = [{route.collector_id: _figures(route) for route in routes} for routes in (one, other)]
    names = {route.collector_id: route.collector_name for route in (*one, *other)}
    nothing = RouteFigures()
    rows = tuple(
        ComparedRoute(who, name, figures[0].get(who, nothing), figures[1].get(who, nothing))
        for who, name in sorted(names.items(), key=lambda pair: (pair[1], pair[0]))
    )
    visitors = [_visitors(routes) for routes in (one, other)]
    moved = tuple(
        MovedClient(client_id, visitors[0].get(client_id), visitors[1].get(client_id))
        for client_id in sorted(visitors[0].keys() | visitors[1].keys())
        if visitors[0].get(client_id) != visitors[1].get(client_id)
    )
    return Comparison(
        rows,
        sum((row.one for row in rows), nothing),
        sum((row.other for row in rows), nothing),
        moved,
    )


def _figures(route: RouteRow) -> RouteFigures:
    return RouteFigures(
        len(route.stops),
        route.travel_s,
        route.travel_m,
        route.returns_s - route.leaves_s,
        route.expected,
    )


def _visitors(routes: Sequence[RouteRow]) -> dict[int, str]:
    return {stop.client_id: route.collector_name for route in routes for stop in route.stops}
