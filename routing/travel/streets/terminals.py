"""Where rides begin and end: from the middle of a segment to the states of the graph."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from routing.travel.streets.graph import StateGraph
from routing.travel.streets.network import Bools, Floats, Ints, Network
from routing.travel.streets.snap import Snaps

# A door this near to its street is at the street; beyond it the map lacks the last path, which is
# walked at a path's pace.
DOORSTEP_M = 50.0
PATH_MS = 4.5 / 3.6


@dataclass(frozen=True, slots=True)
class Terminals:
    """Ways to leave points, or to arrive at them: flat arrays sorted by point.

    Attributes
    ----------
    point : int32[k]
    state : int32[k]
        State of the graph where the ride goes on (or comes from).
    arc : int32[k]
        Street arc of the point itself.
    rest : float64[k]
        Share of the arc from the point to its end, 0-1.
    driven : float64[k]
        Share of the arc to be added to what the graph says from (or to) the state; negative where
        the graph counts more of the arc than is driven.
    arc_s, arc_m : float64[k]
        Time and length of the whole arc.
    away_m : float64[k]
        Path between street and door that the map lacks.
    """

    point: Ints
    state: Ints
    arc: Ints
    rest: Floats
    driven: Floats
    arc_s: Floats
    arc_m: Floats
    away_m: Floats

    @property
    def offset_s(self) -> Floats:
        """Return the seconds to be added to what the graph says."""
        return self.driven * self.arc_s + self.away_m / PATH_MS

    @property
    def offset_m(self) -> Floats:
        """Return the metres to be added to what the graph says."""
        return self.driven * self.arc_m + self.away_m

    def taken(self, rows: NDArray[np.intp] | slice) -> "Terminals":
        """Return some of the rows."""
        return Terminals(*(getattr(self, column.name)[rows] for column in fields(self)))

    def of(self, begin: int, end: int) -> "Terminals":
        """Return those of the points `begin` to `end` (not included)."""
        return self.taken(slice(*np.searchsorted(self.point, [begin, end])))


@dataclass(frozen=True, slots=True)
class Ground:
    """What terminals are made from: one profile on one graph.

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
    first_of : int64[states + 1]
        Where the transitions from each state begin.
    arriving_deg, leaving_deg : float64[arcs]
        Bearings at the end and at the start of each arc.
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
    first_of: NDArray[np.int64]
    arriving_deg: Floats
    leaving_deg: Floats
    is_main: Bools

    def departures(self, snaps: Snaps) -> Terminals:
        """Return the ways to leave the snapped points."""
        snap, arc, rest = self._places(snaps)
        key = self.to_node[arc] if self.is_walk else arc
        return self._terminals(snaps, snap, arc, self.graph.state_of[key], rest, rest)

    def arrivals(self, snaps: Snaps) -> Terminals:
        """Return the ways to arrive at the snapped points.

        A vehicle's state lies at the *end* of the arc, so that its share is negative.
        """
        snap, arc, rest = self._places(snaps)
        key = self.from_node[arc] if self.is_walk else arc
        driven = 1.0 - rest if self.is_walk else -rest
        return self._terminals(snaps, snap, arc, self.graph.state_of[key], rest, driven)

    def _places(self, snaps: Snaps) -> tuple[NDArray[np.intp], Ints, Floats]:
        """Return rows of `snaps`, arcs that are open there, and the share that is left of them."""
        snap = np.repeat(np.arange(len(snaps.point)), 2)
        arc = (2 * snaps.segment[:, None] + np.arange(2, dtype=np.int32)).reshape(-1)
        rest = np.column_stack([1.0 - snaps.share, snaps.share]).reshape(-1)
        is_open = self.is_main[arc]
        return snap[is_open], arc[is_open], rest[is_open]

    def _terminals(
        self,
        snaps: Snaps,
        snap: NDArray[np.intp],
        arc: Ints,
        state: Ints,
        rest: Floats,
        driven: Floats,
    ) -> Terminals:
        return Terminals(
            point=snaps.point[snap],
            state=state,
            arc=arc,
            rest=rest,
            driven=driven,
            arc_s=self.arc_s[arc],
            arc_m=self.arc_m[arc],
            away_m=np.maximum(0.0, snaps.distance_m[snap] - DOORSTEP_M),
        )
