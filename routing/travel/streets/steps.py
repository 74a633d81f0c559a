"""Tells a ride: its line, its time and length, and the steps that instructions are made of."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.geo import Point
from routing.travel.streets.geometry import Place, line_of_parts
from routing.travel.streets.graph import StateGraph, bearings
from routing.travel.streets.network import Bools, Floats, Ints, Network
from routing.travel.streets.ride import Step
from routing.travel.streets.rules import CLASS_NUMBER, CLASSES, FERRY
from routing.travel.streets.terminals import PATH_MS, Ground

FERRY_NUMBER = CLASS_NUMBER[FERRY]


@dataclass(frozen=True, slots=True)
class Course:
    """The arcs of a ride one after the other, the first and the last of them cut.

    Attributes
    ----------
    arcs : int32[k]
    shares : float64[k]
        How much of each arc is travelled, 0-1.
    turn_s : float64[k]
        Time of the turn into each arc.
    start, stop : Place
    away_m : (float, float)
        Path that the map lacks before and after.
    """

    arcs: Ints
    shares: Floats
    turn_s: Floats
    start: Place
    stop: Place
    away_m: tuple[float, float]

    @property
    def is_back(self) -> bool:
        """Tell whether the stop lies a few steps behind the start, to be walked back to."""
        return len(self.arcs) == 1 and self.start.rest < self.stop.rest


@dataclass(frozen=True, slots=True)
class Signs:
    """What is to be seen at the junctions, for one profile.

    Attributes
    ----------
    arriving_deg, leaving_deg : float64[arcs]
        Bearings at the end and at the start of each arc.
    is_open : bool[transitions]
        The profile may turn so.
    """

    arriving_deg: Floats
    leaving_deg: Floats
    is_open: Bools

    @staticmethod
    def of(network: Network, graph: StateGraph, turn_s: NDArray[np.float32]) -> "Signs":
        """Read them from the map."""
        arriving_deg, leaving_deg = bearings(network)
        return Signs(_degrees(arriving_deg), _degrees(leaving_deg), np.isfinite(turn_s))


def course_along(start: Place, stop: Place, away_m: tuple[float, float]) -> Course:
    """Return the course between two places of one arc."""
    share = np.array([abs(start.rest - stop.rest)])
    return Course(np.array([start.arc]), share, np.zeros(1), start, stop, away_m)


def course_of(
    ground: Ground,
    start: Place,
    transitions: NDArray[np.int64],
    stop: Place,
    away_m: tuple[float, float],
) -> Course:
    """Return the course that leaves the arc of `start`, takes `transitions` and ends at `stop`."""
    arcs = ground.graph.arc[transitions]
    turn_s = ground.turn_s[transitions].astype(np.float64)
    # A vehicle's last transition travels the arc of the stop; a walker's leads to its beginning.
    tail = np.array([stop.arc] if ground.is_walk else [], dtype=np.int64)
    arcs = np.concatenate([[start.arc], arcs, tail])
    turn_s = np.concatenate([[0.0], turn_s, np.zeros(len(tail))])
    shares = np.ones(len(arcs))
    shares[0], shares[-1] = start.rest, 1.0 - stop.rest
    return Course(arcs, shares, turn_s, start, stop, away_m)


def told(
    ground: Ground, signs: Signs, course: Course
) -> tuple[tuple[Point, ...], tuple[Step, ...]]:
    """Return the line along a course and its steps."""
    points, first = line_of_parts(ground.network, course.arcs, course.start, course.stop)
    metres = course.shares * ground.arc_m[course.arcs]
    seconds = course.shares * ground.arc_s[course.arcs] + course.turn_s
    if course.is_back:
        seconds = metres / PATH_MS
    for end, away_m in zip((0, -1), course.away_m, strict=True):
        metres[end] += away_m
        seconds[end] += away_m / PATH_MS
    return points, _steps(ground, signs, course, first, metres, seconds)


def _steps(
    ground: Ground,
    signs: Signs,
    course: Course,
    first: Ints,
    metres: Floats,
    seconds: Floats,
) -> tuple[Step, ...]:
    network, arcs = ground.network, course.arcs
    segments = arcs >> 1
    others, is_exit = _others(ground, signs, arcs)
    is_roundabout = network.is_roundabout[segments]
    exits = [
        int(is_exit[k].sum()) if stays else 0
        for k, stays in enumerate((is_roundabout[:-1] & is_roundabout[1:]).tolist())
    ]
    bearing_out = signs.leaving_deg[arcs]
    bearing_in = np.concatenate([bearing_out[:1], signs.arriving_deg[arcs[:-1]]])
    names, refs = network.names, network.refs
    return tuple(
        Step(
            name=names[name],
            ref=refs[ref],
            road_class=CLASSES[road_class],
            metres=metres_of,
            seconds=seconds_of,
            first=first_of,
            bearing_in_deg=heading_in,
            bearing_out_deg=heading_out,
            other_bearings_deg=tuple(other),
            is_roundabout=on_roundabout,
            exits_passed=passed,
            is_ferry=road_class == FERRY_NUMBER,
        )
        for (
            name, ref, road_class, metres_of, seconds_of, first_of, heading_in, heading_out, other,
            on_roundabout, passed,
        ) in zip(
            network.name[segments].tolist(),
            network.ref[segments].tolist(),
            network.road_class[segments].tolist(),
            np.round(metres, 1).tolist(),
            np.round(seconds, 1).tolist(),
            first.tolist(),
            bearing_in.tolist(),
            bearing_out.tolist(),
            [(), *others],
            is_roundabout.tolist(),
            [*exits, 0],
            strict=True,
        )
    )  # fmt: skip


def _others(ground: Ground, signs: Signs, arcs: Ints) -> tuple[list[list[float]], list[Bools]]:
    """Return, per junction, the headings of the arcs left aside, and which of them are exits.

    An exit leads off a roundabout. The way back counts as no choice.
    """
    graph = ground.graph
    before, after = arcs[:-1], arcs[1:]
    state = graph.state_of[ground.to_node[before] if ground.is_walk else before]
    begin, end = graph.first[state], graph.first[state + 1]
    count = end - begin
    junction = np.repeat(np.arange(len(before)), count)
    rows = np.arange(len(junction)) - np.repeat(np.cumsum(count) - count - begin, count)
    arc = graph.arc[rows]
    is_choice = signs.is_open[rows]
    is_choice &= (arc != after[junction]) & (arc != before[junction] ^ 1)
    junction, arc = junction[is_choice], arc[is_choice]
    is_exit = ~ground.network.is_roundabout[arc >> 1]
    bounds = np.searchsorted(junction, np.arange(len(before) + 1)).tolist()
    listed = signs.leaving_deg[arc].tolist()
    spans = list(pairwise(bounds))
    return [listed[a:b] for a, b in spans], [is_exit[a:b] for a, b in spans]


def _degrees(bearing: Floats) -> Floats:
    """Return bearings as headings, 0 to 360 with one decimal."""
    headings: Floats = np.round(bearing % 360, 1) % 360
    return headings
