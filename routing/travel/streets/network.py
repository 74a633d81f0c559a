"""The street network: segments between junctions, with their shape, speeds and names.

A segment has two arcs, one per direction: arc ``2 * segment`` runs from its first junction to its
last one, arc ``2 * segment + 1`` back. Every array of this package that speaks of arcs uses these
numbers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.geo import EARTH_RADIUS_M
from routing.travel.slots import Slot
from routing.travel.streets import kernels
from routing.travel.streets.conditions import bit_of
from routing.travel.streets.extract import E7, RawStreets
from routing.travel.streets.rules import PROFILES
from routing.travel.times import Profile

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# A traffic light met along a segment, or at its end: what the OSRM car profile charges. It is the
# delay beyond what the class speeds already hold, not the length of the red phase.
SIGNAL_S = 2.0
# Who must into a street that is closed at this hour pushes the motorcycle, or leaves the car and
# walks: that pace, and a loss that keeps everybody else out. An assumption; without it the clients
# who live there could not be reached at all.
CLOSED_MS = 4.5 / 3.6
CLOSED_S = 120.0


@dataclass(frozen=True, slots=True)
class Network:
    """Streets as flat arrays; this is what a city pack keeps.

    Attributes
    ----------
    node_e7 : int32[nodes, 2]
        Junctions, latitude first, 1e-7 degrees.
    node_has_signal : bool[nodes]
    node_stops : bool[nodes, profiles]
        A barrier stops the profile here.
    ends : int32[segments, 2]
        First and last junction.
    span : int32[segments, 2]
        First and last index (both inclusive) of the segment's shape.
    shape_e7 : int32[points, 2]
        Points along the streets; neighbouring segments of one street share their point.
    along_m : float64[points]
        Metres from the start of the street to the point.
    speed_kmh : float32[segments, profiles, 2]
        Forward and backward, 0 where closed.
    closed_in : uint8[segments, profiles, 2]
        Slots in which a direction is closed though it has a speed, as bits (``conditions``).
    signals : uint8[segments]
        Traffic lights between the junctions.
    road_class : uint8[segments]
        Index into ``rules.CLASSES``.
    name, ref : int32[segments]
        Index into `names` and `refs`.
    is_roundabout : bool[segments]
    is_restricted : bool[segments]
        Only for those with business there.
    way : int32[segments]
        Run of the extract that the segment was cut from.
    node_id : int64[nodes]
        OpenStreetMap ids of the junctions, ascending.
    """

    node_e7: Ints
    node_has_signal: Bools
    node_stops: Bools
    ends: Ints
    span: Ints
    shape_e7: Ints
    along_m: Floats
    speed_kmh: NDArray[np.float32]
    closed_in: NDArray[np.uint8]
    signals: NDArray[np.uint8]
    road_class: NDArray[np.uint8]
    name: Ints
    ref: Ints
    is_roundabout: Bools
    is_restricted: Bools
    way: Ints
    node_id: NDArray[np.int64]
    names: tuple[str, ...]
    refs: tuple[str, ...]

    @property
    def shape(self) -> kernels.Shape:
        """Return where the streets run, as the searches take it."""
        return kernels.Shape(self.shape_e7, self.along_m, self.span)

    @property
    def segment_count(self) -> int:
        """Return the number of segments."""
        return len(self.ends)

    def length_m(self) -> Floats:
        """Return the length of each segment, metres."""
        length: Floats = self.along_m[self.span[:, 1]] - self.along_m[self.span[:, 0]]
        return length

    def free_flow_s(self, profile: Profile) -> Floats:
        """Return the time along each arc without traffic and lights; infinite if closed."""
        speed = self.speed_kmh[:, PROFILES.index(profile), :].astype(np.float64) / 3.6
        with np.errstate(divide="ignore"):
            seconds = np.where(speed > 0, self.length_m()[:, None] / speed, np.inf)
        return seconds.reshape(-1)

    def arc_seconds(
        self, profile: Profile, factors: Floats | None = None, slot: Slot | None = None
    ) -> Floats:
        """Return the time along each arc, lights included; infinite if closed.

        Parameters
        ----------
        factors : float64[classes], optional
            Share of the free-flow speed that vehicles reach, per road class; free flow if None.
        slot : Slot, optional
            Shun what is closed then; None takes as open what is open at any hour.
        """
        seconds = self.free_flow_s(profile).reshape(-1, 2)
        if profile is not Profile.FOOT:
            if factors is not None:
                seconds = seconds / factors[self.road_class][:, None]
            seconds = seconds + SIGNAL_S * self.signals[:, None]
        if slot is not None:
            closed_in = self.closed_in[:, PROFILES.index(profile), :]
            pushed = self.length_m()[:, None] / CLOSED_MS + CLOSED_S
            seconds = np.where((closed_in & bit_of(slot)) > 0, pushed, seconds)
        arcs: Floats = seconds.reshape(-1)
        return arcs

    def arc_ends(self) -> tuple[Ints, Ints]:
        """Return the junctions where each arc begins and ends."""
        return self.ends.reshape(-1), self.ends[:, ::-1].reshape(-1)


def build_network(raw: RawStreets) -> Network:
    """Cut the ways at every junction, way end, barrier and light that is a junction."""
    node_ids = np.frombuffer(raw.node_ids, dtype=np.int64)
    first = np.frombuffer(raw.first_nodes, dtype=np.int64)
    shape_e7 = raw.shape_e7()
    run = np.repeat(np.arange(len(raw.ways), dtype=np.int32), np.diff(first))
    is_cut = _cuts(raw, node_ids, first)
    cut = np.flatnonzero(is_cut)
    is_segment = run[cut[:-1]] == run[cut[1:]]
    span = np.column_stack([cut[:-1][is_segment], cut[1:][is_segment]]).astype(np.int32)
    junction_ids, node_of_cut = np.unique(node_ids[cut], return_inverse=True)
    node_at = np.full(len(node_ids), -1, dtype=np.int32)
    node_at[cut] = node_of_cut
    node_e7 = np.empty((len(junction_ids), 2), dtype=np.int32)
    node_e7[node_of_cut] = shape_e7[cut]
    signals = np.fromiter(raw.signals, dtype=np.int64, count=len(raw.signals))
    way = run[span[:, 0]]
    names, name = _numbered([rules.name for rules in raw.ways])
    refs, ref = _numbered([rules.ref for rules in raw.ways])
    along_m = _along_m(shape_e7, first)
    return Network(
        node_e7=node_e7,
        node_has_signal=np.isin(junction_ids, signals),
        node_stops=_stops(raw, junction_ids),
        ends=node_at[span],
        span=span,
        shape_e7=shape_e7,
        along_m=along_m,
        speed_kmh=_speeds_kmh(raw, along_m[first[1:] - 1] - along_m[first[:-1]])[way],
        closed_in=np.array([rules.closed_in for rules in raw.ways], dtype=np.uint8)[way],
        signals=_signals_inside(span, np.isin(node_ids, signals)),
        road_class=np.array([rules.road_class for rules in raw.ways], dtype=np.uint8)[way],
        name=name[way],
        ref=ref[way],
        is_roundabout=np.array([rules.is_roundabout for rules in raw.ways], dtype=np.bool_)[way],
        is_restricted=np.array([rules.is_restricted for rules in raw.ways], dtype=np.bool_)[way],
        way=way,
        node_id=junction_ids,
        names=names,
        refs=refs,
    )


def _cuts(raw: RawStreets, node_ids: NDArray[np.int64], first: NDArray[np.int64]) -> Bools:
    unique, index, count = np.unique(node_ids, return_inverse=True, return_counts=True)
    is_cut: Bools = (count > 1)[index]
    is_cut[first[:-1]] = True
    is_cut[first[1:] - 1] = True
    barriers = np.fromiter(raw.stopped, dtype=np.int64, count=len(raw.stopped))
    is_cut |= np.isin(unique, barriers)[index]
    return is_cut


def _along_m(shape_e7: Ints, first: NDArray[np.int64]) -> Floats:
    lat, lon = np.radians(shape_e7 / E7).T
    # Flat-Earth steps: between neighbouring shape points the error is below a millimetre.
    north = np.diff(lat)
    east = np.diff(lon) * np.cos((lat[1:] + lat[:-1]) / 2)
    step = EARTH_RADIUS_M * np.hypot(north, east)
    step[first[1:-1] - 1] = 0.0  # from the end of one run to the start of the next
    along: Floats = np.concatenate([[0.0], np.cumsum(step)])
    return along


def _signals_inside(span: Ints, is_signal: Bools) -> NDArray[np.uint8]:
    before = np.concatenate([[0], np.cumsum(is_signal)])
    inside = before[span[:, 1]] - before[span[:, 0] + 1]
    return np.asarray(np.minimum(inside, 255), dtype=np.uint8)


def _stops(raw: RawStreets, junction_ids: NDArray[np.int64]) -> Bools:
    stops = np.zeros((len(junction_ids), len(PROFILES)), dtype=np.bool_)
    for column, profile in enumerate(PROFILES):
        ids = [node for node, stopped in raw.stopped.items() if profile in stopped]
        stops[:, column] = np.isin(junction_ids, np.array(ids, dtype=np.int64))
    return stops


def _numbered(texts: list[str]) -> tuple[tuple[str, ...], Ints]:
    """Return the different texts in order, and the number of each among them."""
    different = tuple(sorted(set(texts)))
    number = {text: i for i, text in enumerate(different)}
    return different, np.array([number[text] for text in texts], dtype=np.int32)


def _speeds_kmh(raw: RawStreets, length_m: Floats) -> NDArray[np.float32]:
    """Return the speeds of the runs; a run that says its duration has the speed that makes it."""
    speeds = np.array([way.speeds_kmh for way in raw.ways], dtype=np.float32)
    duration_s = np.array([way.duration_s for way in raw.ways])
    timed = np.flatnonzero((duration_s > 0) & (length_m > 0))
    told = np.float32(3.6) * (length_m[timed] / duration_s[timed]).astype(np.float32)
    speeds[timed] = np.where(speeds[timed] > 0, told[:, None, None], np.float32(0))
    return speeds
