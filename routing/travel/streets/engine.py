"""Travel times over a city pack, in this process."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyroutingkit

from routing.geo import Point
from routing.travel.slots import SLOT_STARTS_S, Slot, slot_of
from routing.travel.streets.costs import NO_WAY, NO_WAY_FROM, Costs, seconds_and_metres
from routing.travel.streets.geometry import Place
from routing.travel.streets.graph import WHEELS, bearings
from routing.travel.streets.hierarchy import ForkLock, Searcher
from routing.travel.streets.pack import Pack, open_pack
from routing.travel.streets.ride import Ride
from routing.travel.streets.search import Router
from routing.travel.streets.snap import Snaps, StreetIndex
from routing.travel.streets.speeds import SpeedFactors, read_factors
from routing.travel.streets.steps import course_along, course_of, told
from routing.travel.streets.terminals import Ground, Terminals
from routing.travel.times import UNREACHABLE, Leg, Matrix, Profile

# Origins searched at once: bounds the memory of a large matrix.
BLOCK = 256


@dataclass(frozen=True, slots=True)
class _Engine:
    """All that one profile needs; made when the profile is first used."""

    index: StreetIndex
    router: Router


class StreetTravel:
    """Travel times along the streets of a city pack.

    Any number of threads may share one, and so may a forked child. It pickles as the path of its
    pack, for children that are spawned.
    """

    def __init__(self, pack: Path) -> None:
        """Open the pack; its hierarchies are loaded when they are first needed.

        Raises
        ------
        BrokenPack
            If the folder isn't a whole pack of this version of the format.
        """
        self._pack = open_pack(pack)
        self._factors = read_factors(pack)
        self._lock = ForkLock()
        self._topologies: dict[str, pyroutingkit.CCHTopology] = {}
        self._engines: dict[tuple[Profile, Slot | None], _Engine] = {}

    def __reduce__(self) -> tuple[type["StreetTravel"], tuple[Path]]:
        """Pickle as the path of the pack."""
        return StreetTravel, (self._pack.folder,)

    @property
    def pack(self) -> Pack:
        """Return the open pack."""
        return self._pack

    @property
    def name(self) -> str:
        """Return the name of the pack and the versions of its contents and of its speeds."""
        return f"{self.source}@{self._pack.info.version}.{self._factors.digest}"

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
        engine = self._engine(profile, depart_s)
        snaps = engine.index.snap(points)
        departures = engine.router.ground.departures(snaps)
        arrivals = engine.router.ground.arrivals(snaps)
        best = np.full((len(points), len(points)), NO_WAY, dtype=np.int64)
        for begin in range(0, len(points), BLOCK):
            block = departures.of(begin, begin + BLOCK)
            _reduce(engine.router.costs(block, arrivals), block, arrivals, best)
        np.fill_diagonal(best, 0)
        is_way = best < NO_WAY_FROM
        seconds, metres = seconds_and_metres(np.where(is_way, best, 0))
        snap_m = snaps.nearest_m(len(points))
        snap_m[~np.isfinite(snap_m)] = UNREACHABLE
        return Matrix(
            seconds=np.where(is_way, seconds, UNREACHABLE).astype(np.int32),
            metres=np.where(is_way, metres, UNREACHABLE).astype(np.int32),
            source=self.source,
            snap_m=np.rint(snap_m).astype(np.int32),
        )

    def legs(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> list[Leg]:
        """Return the rides between consecutive points along the streets."""
        rides = self.rides(points, profile, depart_s)
        return [Leg(ride.points, ride.seconds, ride.metres) for ride in rides]

    def rides(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> list[Ride]:
        """Return the rides between consecutive points along the streets, step by step."""
        engine = self._engine(profile, depart_s)
        snaps = engine.index.snap(points)
        departures = engine.router.ground.departures(snaps)
        arrivals = engine.router.ground.arrivals(snaps)
        rides = []
        for i, ends in enumerate(pairwise(points)):
            ride = _ride(engine.router, departures.of(i, i + 1), arrivals.of(i + 1, i + 2))
            rides.append(ride or Ride(ends, seconds=UNREACHABLE, metres=UNREACHABLE, steps=()))
        return rides

    def snap(self, points: Sequence[Point], profile: Profile) -> Snaps:
        """Put points on the streets of the connected city that `profile` may use."""
        return self._engine(profile).index.snap(points)

    def _engine(self, profile: Profile, depart_s: int = 0) -> _Engine:
        slot = None if profile is Profile.FOOT else slot_of(depart_s)
        engine = self._engines.get((profile, slot))
        if engine is None:
            with self._lock:
                engine = self._engines.get((profile, slot)) or self._open(profile, slot)
                self._engines[profile, slot] = engine
        return engine

    def _open(self, profile: Profile, slot: Slot | None) -> _Engine:
        kind = "walk" if profile is Profile.FOOT else "wheels"
        row = 0 if profile is Profile.FOOT else WHEELS.index(profile)
        pack, graph = self._pack, self._pack.graphs[kind]
        if kind not in self._topologies:
            self._topologies[kind] = pack.topology(kind)
        arc_m = np.repeat(pack.network.length_m(), 2)
        factors = None if slot is None else self._factors.by_class(slot)
        arc_s = pack.network.arc_seconds(profile, factors)
        searcher = Searcher(
            self._topologies[kind],
            graph.seconds(row, arc_s),
            arc_m[graph.arc],
            pack.info.units_of(profile),
        )
        arriving_deg, leaving_deg = bearings(pack.network)
        from_node, to_node = pack.network.arc_ends()
        ground = Ground(
            network=pack.network,
            graph=graph,
            from_node=from_node,
            to_node=to_node,
            is_walk=profile is Profile.FOOT,
            arc_s=arc_s,
            arc_m=arc_m,
            turn_s=graph.turn_s[row],
            first_of=np.searchsorted(graph.tail, np.arange(graph.state_count + 1)),
            arriving_deg=arriving_deg,
            leaving_deg=leaving_deg,
            is_main=graph.is_main[row],
        )
        index = StreetIndex(pack.network, graph.is_main[row].reshape(-1, 2).any(axis=1))
        return _Engine(index, Router(ground, row, searcher))


def _reduce(costs: Costs, departures: Terminals, arrivals: Terminals, best: Costs) -> None:
    """Keep the best cost of each pair of points in `best`."""
    if not costs.size:
        return
    origins, first_row = np.unique(departures.point, return_index=True)
    targets, first_column = np.unique(arrivals.point, return_index=True)
    by_target = np.minimum.reduceat(costs, first_column, axis=1)
    best[np.ix_(origins, targets)] = np.minimum.reduceat(by_target, first_row, axis=0)


def _ride(router: Router, departures: Terminals, arrivals: Terminals) -> Ride | None:
    """Return the quickest ride from one point to another, None when there is no way."""
    costs = router.costs(departures, arrivals)
    if not costs.size or costs.min() >= NO_WAY_FROM:
        return None
    row, column = np.unravel_index(int(costs.argmin()), costs.shape)
    before = departures.taken(np.array([row]))
    after = arrivals.taken(np.array([column]))
    is_along = before.arc[0] == after.arc[0] and (
        router.along_street(before, after)[0] <= costs[row, column]
    )
    start = Place(int(before.arc[0]), float(before.rest[0]))
    stop = Place(int(after.arc[0]), float(after.rest[0]))
    away_m = float(before.away_m[0]), float(after.away_m[0])
    if is_along:
        return told(router.ground, course_along(start, stop, away_m))
    path = router.path(int(before.state[0]), int(after.state[0]))
    transitions = np.array(path, dtype=np.int64)
    return told(router.ground, course_of(router.ground, start, transitions, stop, away_m))
