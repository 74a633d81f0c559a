"""Travel times over a city pack, in this process."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.geo import Point
from routing.travel.slots import SLOT_STARTS_S, Slot, slot_of
from routing.travel.streets import kernels
from routing.travel.streets.closing import closed_segments
from routing.travel.streets.costs import Costs, cost, seconds_and_metres
from routing.travel.streets.locks import ForkLock
from routing.travel.streets.metrics import own_metric, shared_metric
from routing.travel.streets.network import Bools, Floats
from routing.travel.streets.pack import Pack, open_pack
from routing.travel.streets.placement import Unplaced, unplaced
from routing.travel.streets.restrictions import WHEELS
from routing.travel.streets.ride import Ride
from routing.travel.streets.search import Router
from routing.travel.streets.snap import Snaps, StreetIndex
from routing.travel.streets.speeds import SpeedFactors, read_factors
from routing.travel.streets.steps import Course, Signs, course_of, drawn, told
from routing.travel.streets.terminals import Ground
from routing.travel.times import UNREACHABLE, Circle, Leg, Matrix, Profile

# Profiles and hours that one process keeps at once: the day of a motorcycle, a car and a walker.
MOST_ROUTERS = 2 * len(Slot) + 1


@dataclass(frozen=True, slots=True)
class _Key:
    """What a router is for; a walker's hour makes no difference and is None."""

    profile: Profile
    slot: Slot | None


class Table(NamedTuple):
    """Travel from origins to goals, row = origin.

    Attributes
    ----------
    seconds, metres : int32[origins, goals]
        ``UNREACHABLE`` where there is no way.
    """

    seconds: NDArray[np.int32]
    metres: NDArray[np.int32]


class StreetTravel:
    """Travel times along the streets of a city pack.

    Any number of threads may share one, and so may a forked child. It pickles as the path of its
    pack, for children that are spawned.
    """

    def __init__(
        self, pack: Path, factors: SpeedFactors | None = None, closed: tuple[Circle, ...] = ()
    ) -> None:
        """Open the pack; what one profile and hour need is made when it is first asked for.

        Parameters
        ----------
        factors : SpeedFactors, optional
            Speeds to try in place of the pack's own.
        closed : tuple of Circle
            No vehicle rides a street that passes through one of them.

        Raises
        ------
        BrokenPack
            If the folder isn't a whole pack of this version of the format.
        """
        self._pack = open_pack(pack)
        self._tried, self._closed = factors, closed
        self._factors = factors or read_factors(pack)
        self._lock = ForkLock()
        self._routers: OrderedDict[_Key, Router] = OrderedDict()
        self._indices: dict[Profile, StreetIndex] = {}
        self._signs: dict[Profile, Signs] = {}

    def __reduce__(
        self,
    ) -> tuple[type["StreetTravel"], tuple[Path, SpeedFactors | None, tuple[Circle, ...]]]:
        """Pickle as the path of the pack."""
        return StreetTravel, (self._pack.folder, self._tried, self._closed)

    def closing(self, circles: Sequence[Circle]) -> "StreetTravel":
        """Return the same streets without those that pass through the circles.

        Their costs are worked out when first asked for, 0.03 s for a city of a million people, and
        kept by nobody.
        """
        return StreetTravel(self._pack.folder, self._tried, (*self._closed, *circles))

    @property
    def pack(self) -> Pack:
        """Return the open pack."""
        return self._pack

    @property
    def name(self) -> str:
        """Return the name of the pack and the versions of its contents and of its speeds."""
        closed = "".join(f"-{c.lat},{c.lon},{radius_m}" for c, radius_m in self._closed)
        return f"{self.source}@{self._pack.info.version}.{self._factors.digest}{closed}"

    @property
    def slot_starts_s(self) -> tuple[int, ...]:
        """Return when the speeds of vehicles change."""
        return SLOT_STARTS_S

    @property
    def factors(self) -> SpeedFactors:
        """Return the speed factors in use."""
        return self._factors

    @property
    def source(self) -> str:
        """Return the name for people to read."""
        return f"streets:{self._pack.info.name}"

    def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
        """Return travel from each point to each, for the time slot of `depart_s`.

        Points farther than a kilometre from every street of the connected city are unreachable.
        """
        router = self._router(profile, depart_s)
        snaps = self.snap(points, profile)
        costs = router.costs(router.ground.places(snaps), len(points))
        np.fill_diagonal(costs, 0.0)
        seconds = np.empty(costs.shape, dtype=np.int32)
        metres = np.empty(costs.shape, dtype=np.int32)
        kernels.settle(costs, seconds, metres)
        snap_m = snaps.nearest_m(len(points))
        snap_m[~np.isfinite(snap_m)] = UNREACHABLE
        return Matrix(seconds, metres, self.source, np.rint(snap_m).astype(np.int32))

    def table(
        self,
        origins: Sequence[Point],
        goals: Sequence[Point],
        profile: Profile,
        depart_s: int = 0,
    ) -> Table:
        """Return travel from each origin to each goal: one to many, many to one, many to many."""
        router, points = self._router(profile, depart_s), [*origins, *goals]
        places = router.ground.places(self.snap(points, profile))
        costs = router.costs(places, len(points), len(origins))
        seconds = np.empty(costs.shape, dtype=np.int32)
        metres = np.empty(costs.shape, dtype=np.int32)
        kernels.settle(costs, seconds, metres)
        return Table(seconds, metres)

    def legs(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> list[Leg]:
        """Return the rides between consecutive points along the streets."""
        router = self._router(profile, depart_s)
        legs = []
        for ends, course, cost_of in self._courses(router, points, profile):
            if course is None:
                legs.append(Leg(ends, seconds=UNREACHABLE, metres=UNREACHABLE))
            else:
                line, _ = drawn(router.ground, course)
                legs.append(Leg(line, *seconds_and_metres(cost_of)))
        return legs

    def rides(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> list[Ride]:
        """Return the rides between consecutive points along the streets, step by step."""
        router, signs = self._router(profile, depart_s), self._signs_of(profile)
        rides = []
        for ends, course, cost_of in self._courses(router, points, profile):
            if course is None:
                rides.append(Ride(ends, seconds=UNREACHABLE, metres=UNREACHABLE, steps=()))
            else:
                line, steps = told(router.ground, signs, course)
                rides.append(Ride(line, *seconds_and_metres(cost_of), steps))
        return rides

    def _courses(
        self, router: Router, points: Sequence[Point], profile: Profile
    ) -> Iterator[tuple[tuple[Point, Point], Course | None, float]]:
        """Yield the ends of each ride, its course (None without a way) and its cost."""
        places = router.ground.places(self.snap(points, profile))
        departures, arrivals = router.ground.departures(places), router.ground.arrivals(places)
        for i, ends in enumerate(pairwise(points)):
            found = router.ride(departures, arrivals, places, i, i + 1)
            yield ends, course_of(router.ground, places, found), found.cost

    def snap(self, points: Sequence[Point], profile: Profile) -> Snaps:
        """Put points on the streets of the connected city that `profile` may use."""
        index = self._indices.get(profile)
        if index is None:
            with self._lock:
                index = self._indices.setdefault(profile, self._index_of(profile))
        return index.snap(points)

    def unplaced(self, points: Sequence[Point], profile: Profile) -> list[Unplaced]:
        """Return the points that can't be ridden to, each with its reason; a matrix marks them."""
        network = self._pack.network
        is_open = np.isfinite(network.free_flow_s(profile)).reshape(-1, 2).any(axis=1)
        everywhere = StreetIndex(network, np.asarray(is_open), self._pack.index)
        return unplaced(points, self.snap(points, profile), everywhere.snap(points))

    def _index_of(self, profile: Profile) -> StreetIndex:
        kind, row = _graph_of(profile)
        is_main = self._pack.graphs[kind].is_main[row].reshape(-1, 2).any(axis=1)
        is_open = is_main & ~self._closed_for(profile)
        return StreetIndex(self._pack.network, is_open, self._pack.index)

    def _closed_for(self, profile: Profile) -> Bools:
        """Return bool[segments]: the streets that are closed to a profile; walkers pass."""
        circles = () if profile is Profile.FOOT else self._closed
        return closed_segments(self._pack.network, circles)

    def _router(self, profile: Profile, depart_s: int) -> Router:
        key = _Key(profile, None if profile is Profile.FOOT else slot_of(depart_s))
        with self._lock:
            router = self._routers.get(key) or self._open(key)
            self._routers[key] = router
            self._routers.move_to_end(key)
            while len(self._routers) > MOST_ROUTERS:
                self._routers.popitem(last=False)
        return router

    def _open(self, key: _Key) -> Router:
        pack = self._pack
        kind, row = _graph_of(key.profile)
        graph, hierarchy = pack.graphs[kind], pack.hierarchies[kind]
        factors = None if key.slot is None else self._factors.by_class(key.slot)
        arc_s = pack.network.arc_seconds(key.profile, factors, key.slot)
        is_closed = np.repeat(self._closed_for(key.profile), 2)
        if is_closed.any():
            arc_s = np.where(is_closed, np.inf, arc_s)
        arc_m = np.repeat(pack.network.length_m(), 2)
        from_node, to_node = pack.network.arc_ends()
        ground = Ground(
            network=pack.network,
            graph=graph,
            from_node=from_node,
            to_node=to_node,
            is_walk=key.profile is Profile.FOOT,
            arc_s=arc_s,
            arc_m=arc_m,
            turn_s=graph.turn_s_in(row, key.slot),
            is_main=graph.is_main[row] & ~is_closed if is_closed.any() else graph.is_main[row],
        )

        def make_costs() -> Costs:
            return cost(_transition_seconds(ground), arc_m[graph.arc])

        if is_closed.any():
            return Router(ground, hierarchy, own_metric(hierarchy, make_costs()))
        name = f"{key.profile}-{key.slot or 'always'}-{pack.info.version}.{self._factors.digest}"
        return Router(ground, hierarchy, shared_metric(pack.folder, name, hierarchy, make_costs))

    def _signs_of(self, profile: Profile) -> Signs:
        signs = self._signs.get(profile)
        if signs is None:
            kind, row = _graph_of(profile)
            made = Signs.of(self._pack.network, profile, self._pack.graphs[kind].turn_s[row])
            signs = self._signs.setdefault(profile, made)
        return signs


def _graph_of(profile: Profile) -> tuple[str, int]:
    """Return the graph that a profile travels and its row there."""
    return ("walk", 0) if profile is Profile.FOOT else ("wheels", WHEELS.index(profile))


def _transition_seconds(ground: Ground) -> Floats:
    seconds: Floats = ground.turn_s.astype(np.float64) + ground.arc_s[ground.graph.arc]
    return seconds
