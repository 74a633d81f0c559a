"""Where rides begin and end: from the middle of a segment to the states of the graph."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from routing.travel.streets.costs import Costs, cost
from routing.travel.streets.graph import StateGraph
from routing.travel.streets.network import Bools, Floats, Ints, Network
from routing.travel.streets.snap import Snaps

# A door this near to its street is at the street; beyond it the map lacks the last path, which is
# walked at a path's pace.
DOORSTEP_M = 50.0
PATH_MS = 4.5 / 3.6


@dataclass(frozen=True, slots=True)
class Places:
    """Ways to be at points: flat arrays sorted by point.

    Attributes
    ----------
    point : int32[k]
    arc : int32[k]
        Arc of the street that passes the point.
    rest : float64[k]
        Share of the arc from the point to its end, 0-1.
    arc_s, arc_m : float64[k]
        Time and length of the whole arc.
    away_m : float64[k]
        Path between street and door that the map lacks.
    """

    point: Ints
    arc: Ints
    rest: Floats
    arc_s: Floats
    arc_m: Floats
    away_m: Floats

    def taken(self, rows: NDArray[np.intp]) -> "Places":
        """Return some of the rows."""
        return Places(*(getattr(self, column.name)[rows] for column in fields(self)))


@dataclass(frozen=True, slots=True)
class Gates:
    """Where rides enter the graph, or leave it: flat arrays sorted by point.

    Attributes
    ----------
    point : int32[k]
    state : int32[k]
    cost : float64[k]
        Cost between the point and the state.
    place : int64[k]
        Row of the places that the gate belongs to.
    transition : int64[k]
        For arrivals of vehicles, the turn into the arc of the place; else -1.
    """

    point: Ints
    state: Ints
    cost: Costs
    place: NDArray[np.int64]
    transition: NDArray[np.int64]

    def of(self, point: int) -> slice:
        """Return the rows of one point."""
        return slice(*np.searchsorted(self.point, [point, point + 1]).tolist())

    def between(self, begin: int, end: int) -> "Gates":
        """Return the gates of the points from `begin` to before `end`."""
        rows = slice(*np.searchsorted(self.point, [begin, end]).tolist())
        return Gates(*(getattr(self, column.name)[rows] for column in fields(self)))


@dataclass(frozen=True, slots=True)
class Ground:
    """What rides are made from: one profile on one graph at one hour.

    Attributes
    ----------
    from_node, to_node : int32[arcs]
        Junctions where each arc begins and ends.
    is_walk : bool
        States are junctions; otherwise they are arcs driven to their end.
    arc_s, arc_m : float64[arcs]
        Time along each arc and its length.
    turn_s : float32[transitions]
        Time of each turn, infinite where it is forbidden.
    is_main : bool[arcs]
        Arcs from which the rest of the city can be reached and left.
    """

    network: Network
    graph: StateGraph
    from_node: Ints
    to_node: Ints
    is_walk: bool
    arc_s: Floats
    arc_m: Floats
    turn_s: NDArray[np.float32]
    is_main: Bools

    def places(self, snaps: Snaps) -> Places:
        """Return the arcs that pass the snapped points and may be used there."""
        snap = np.repeat(np.arange(len(snaps.point)), 2)
        arc = (2 * snaps.segment[:, None] + np.arange(2, dtype=np.int32)).reshape(-1)
        rest = np.column_stack([1.0 - snaps.share, snaps.share]).reshape(-1)
        is_open = self.is_main[arc]
        snap, arc, rest = snap[is_open], arc[is_open], rest[is_open]
        return Places(
            point=snaps.point[snap],
            arc=arc,
            rest=rest,
            arc_s=self.arc_s[arc],
            arc_m=self.arc_m[arc],
            away_m=np.maximum(0.0, snaps.distance_m[snap] - DOORSTEP_M),
        )

    def departures(self, places: Places) -> Gates:
        """Return the states where rides from the places go on: at the end of their arcs."""
        key = self.to_node[places.arc] if self.is_walk else places.arc
        count = len(places.arc)
        return Gates(
            point=places.point,
            state=self.graph.state_of[key],
            cost=_cost(places, places.rest),
            place=np.arange(count),
            transition=np.full(count, -1),
        )

    def arrivals(self, places: Places) -> Gates:
        """Return the states from which the places are reached: before the turn into their arcs."""
        if self.is_walk:
            count = len(places.arc)
            return Gates(
                point=places.point,
                state=self.graph.state_of[self.from_node[places.arc]],
                cost=_cost(places, 1.0 - places.rest),
                place=np.arange(count),
                transition=np.full(count, -1),
            )
        place, transition = self._turns_into(places.arc)
        turn_s = self.turn_s[transition].astype(np.float64)
        return Gates(
            point=places.point[place],
            state=self.graph.tail[transition],
            cost=_cost(places, 1.0 - places.rest)[place] + cost(turn_s, np.zeros(len(turn_s))),
            place=place,
            transition=transition,
        )

    def _turns_into(self, arcs: Ints) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the open transitions into each of the arcs, with the row of the arc."""
        begin, end = self.graph.into_first[arcs], self.graph.into_first[arcs + 1]
        row = np.repeat(np.arange(len(arcs)), end - begin)
        before = np.concatenate([[0], np.cumsum(end - begin)])
        found = np.arange(before[-1]) - np.repeat(before[:-1] - begin, end - begin)
        transition = self.graph.into[found].astype(np.int64)
        is_open = np.isfinite(self.turn_s[transition])
        return row[is_open], transition[is_open]


def _cost(places: Places, share: Floats) -> Costs:
    """Return the cost of a share of the arcs of places and of the paths to their doors."""
    seconds = share * places.arc_s + places.away_m / PATH_MS
    return cost(seconds, share * places.arc_m + places.away_m)
