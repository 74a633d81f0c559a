"""Tells a ride: its line, its time and length, and the steps that instructions are made of."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.geo import Point
from routing.travel.streets.costs import NO_WAY
from routing.travel.streets.geometry import Place, line_of
from routing.travel.streets.graph import bearings
from routing.travel.streets.network import Bools, Floats, Ints, Network
from routing.travel.streets.ride import Step
from routing.travel.streets.rules import CLASS_NUMBER, CLASSES, FERRY
from routing.travel.streets.search import Found
from routing.travel.streets.terminals import PATH_MS, Ground, Places
from routing.travel.times import Profile

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
    free_flow_s : float64[arcs]
        Time along each arc without traffic, turns and lights; 0 for walkers.
    is_open : bool[transitions]
        The profile may turn so.
    """

    arriving_deg: Floats
    leaving_deg: Floats
    free_flow_s: Floats
    is_open: Bools

    @staticmethod
    def of(network: Network, profile: Profile, turn_s: NDArray[np.float32]) -> "Signs":
        """Read them from the map; `turn_s` are the turns of the profile."""
        arriving_deg, leaving_deg = bearings(network)
        return Signs(
            arriving_deg=_degrees(arriving_deg),
            leaving_deg=_degrees(leaving_deg),
            free_flow_s=(
                np.zeros(2 * network.segment_count)
                if profile is Profile.FOOT
                else network.free_flow_s(profile)
            ),
            is_open=np.isfinite(turn_s),
        )


def course_of(ground: Ground, places: Places, found: Found) -> Course | None:
    """Return the course of a ride that was found, None if there is no way."""
    if found.cost >= NO_WAY:
        return None
    start = Place(int(places.arc[found.start]), float(places.rest[found.start]))
    stop = Place(int(places.arc[found.stop]), float(places.rest[found.stop]))
    away_m = float(places.away_m[found.start]), float(places.away_m[found.stop])
    if found.transitions is None:
        share = np.array([abs(start.rest - stop.rest)])
        arcs = np.array([start.arc], dtype=np.int32)
        return Course(arcs, share, np.zeros(1), start, stop, away_m)
    # A vehicle's last transition travels the arc of the stop; a walker's leads to its beginning.
    own = found.transitions if ground.is_walk else found.transitions[:-1]
    arcs = np.empty(len(own) + 2, dtype=np.int32)
    arcs[0], arcs[1:-1], arcs[-1] = start.arc, ground.graph.arc[own], stop.arc
    turn_s = np.zeros(len(arcs))
    turn_s[1 : 1 + len(found.transitions)] = ground.turn_s[found.transitions]
    shares = np.ones(len(arcs))
    shares[0], shares[-1] = start.rest, 1.0 - stop.rest
    return Course(arcs, shares, turn_s, start, stop, away_m)


def drawn(ground: Ground, course: Course) -> tuple[tuple[Point, ...], NDArray[np.int64]]:
    """Return the line along a course, and where each of its arcs begins in it."""
    return line_of(ground.network, course.arcs, course.start, course.stop)


def told(
    ground: Ground, signs: Signs, course: Course
) -> tuple[tuple[Point, ...], tuple[Step, ...]]:
    """Return the line along a course and its steps."""
    points, first = drawn(ground, course)
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
    first: NDArray[np.int64],
    metres: Floats,
    seconds: Floats,
) -> tuple[Step, ...]:
    network, arcs = ground.network, course.arcs
    segments = arcs >> 1
    road_class = network.road_class[segments]
    is_roundabout = network.is_roundabout[segments]
    others, exits = _others(ground, signs, arcs)
    exits[:-1] *= is_roundabout[:-1] & is_roundabout[1:]
    bearing_out = signs.leaving_deg[arcs]
    bearing_in = np.concatenate([bearing_out[:1], signs.arriving_deg[arcs[:-1]]])
    columns = (
        map(network.names.__getitem__, network.name[segments].tolist()),
        map(network.refs.__getitem__, network.ref[segments].tolist()),
        map(CLASSES.__getitem__, road_class.tolist()),
        np.round(metres, 1).tolist(),
        np.round(seconds, 1).tolist(),
        first.tolist(),
        bearing_in.tolist(),
        bearing_out.tolist(),
        others,
        is_roundabout.tolist(),
        exits.tolist(),
        (road_class == FERRY_NUMBER).tolist(),
        np.round(course.shares * signs.free_flow_s[arcs], 1).tolist(),
    )
    return tuple(map(Step, *columns))


def _others(
    ground: Ground, signs: Signs, arcs: Ints
) -> tuple[list[tuple[float, ...]], NDArray[np.int64]]:
    """Return, per arc, the headings left aside where it begins, and the exits where it ends.

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
    is_choice = signs.is_open[rows] & (arc != after[junction]) & (arc != before[junction] ^ 1)
    junction, arc = junction[is_choice], arc[is_choice]
    is_exit = ~ground.network.is_roundabout[arc >> 1]
    bounds = np.searchsorted(junction, np.arange(len(before) + 1)).tolist()
    headings = signs.leaving_deg[arc].tolist()
    others = [(), *(tuple(headings[a:b]) for a, b in pairwise(bounds))]
    return others, np.bincount(junction[is_exit], minlength=len(arcs))


def _degrees(bearing: Floats) -> Floats:
    """Return bearings as headings, 0 to 360 with one decimal."""
    headings: Floats = np.round(bearing % 360, 1) % 360
    return headings
