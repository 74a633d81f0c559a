"""The graphs that are searched: arcs and turns for vehicles, junctions and arcs for walkers.

A vehicle's state is the arc it has just driven to its end, so that a transition can carry the cost
of the turn and a forbidden turn is simply absent. A walker turns freely: his state is the junction
where he stands, which makes a smaller graph.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from routing.travel.slots import Slot
from routing.travel.streets.bans import Bans, Turns, remember
from routing.travel.streets.conditions import ALL_SLOTS, bit_of
from routing.travel.streets.network import SIGNAL_S, Bools, Floats, Ints, Network
from routing.travel.streets.restrictions import WHEELS
from routing.travel.streets.rules import CLASS_NUMBER, CLASSES, FERRY, MINOR, PROFILES
from routing.travel.times import Profile

Floats32 = NDArray[np.float32]

# Turns cost time along a curve of the angle, cheaper to the kerb side than across traffic: the
# values of the OSRM car profile, for driving on the right.
TURN_S = 7.5
TURN_BIAS = 1.075
U_TURN_S = 20.0
# Asking the guard of a private street, or finding no way through: an assumption, large enough that
# nobody crosses a private estate to save a block.
GATE_S = 120.0
# Waiting for a ferry and boarding it: an assumption, as no tag of OpenStreetMap says how often one
# leaves in a form that can be computed with.
BOARDING_S = 300.0


@dataclass(frozen=True, slots=True)
class StateGraph:
    """States and the transitions between them, transitions sorted by `tail`.

    Attributes
    ----------
    tail, head : int32[transitions]
        States before and after.
    arc : int32[transitions]
        Street arc that the transition travels.
    first : int64[states + 1]
        Where the transitions from each state begin.
    into, into_first : int32[transitions], int64[arcs + 1]
        Transitions in the order of the arc that they travel, and where those of each arc begin.
    turn_s : float32[profiles, transitions]
        Time of the turn, infinite where the profile may not pass; the time along the arc, which
        depends on the hour, comes on top.
    closed_in : uint8[profiles, transitions]
        Slots in which the turn is closed, as bits (``conditions``).
    state_e7 : int32[states, 2]
        Where each state is.
    state_of : int32[arcs] for vehicles, int32[junctions] for walkers
        State of the arc or junction, -1 where it has none. An arc that restrictions lead over has
        further states, which only transitions know.
    is_main : bool[profiles, arcs]
        The arc is open and in the largest part of the network from which everything in it can be
        reached and left.
    """

    tail: Ints
    head: Ints
    arc: Ints
    first: NDArray[np.int64]
    into: Ints
    into_first: NDArray[np.int64]
    turn_s: Floats32
    closed_in: NDArray[np.uint8]
    state_e7: Ints
    state_of: Ints
    is_main: Bools

    def turn_s_in(self, row: int, slot: Slot | None) -> Floats32:
        """Return the time of each turn of a profile, infinite where it is closed in the slot."""
        if slot is None:
            always: Floats32 = self.turn_s[row]
            return always
        is_closed = self.closed_in[row] & bit_of(slot)
        seconds: Floats32 = np.where(is_closed, np.float32(np.inf), self.turn_s[row])
        return seconds

    @property
    def state_count(self) -> int:
        """Return the number of states."""
        return len(self.state_e7)


def build_wheels(network: Network, bans: Bans) -> StateGraph:
    """Build the graph of arcs and turns that motorcycles and cars share."""
    seconds = np.array([network.arc_seconds(profile) for profile in WHEELS])
    arcs = np.flatnonzero(np.isfinite(seconds).any(axis=0)).astype(np.int32)
    turns = _used(remember(_open_turns(network, arcs, bans), bans.chains))
    before, after = turns.arc[turns.tail], turns.arc[turns.head]
    turn_s = np.where(turns.may, _turn_seconds(network, before, after), np.inf).astype(np.float32)
    is_main = np.zeros((len(WHEELS), 2 * network.segment_count), dtype=np.bool_)
    for row in range(len(WHEELS)):
        is_open = np.isfinite(seconds[row, turns.arc])
        main = _main_states(turns.tail, turns.head, turn_s[row], len(turns.arc), is_open)
        is_main[row, turns.arc[main]] = True
    from_e7, to_e7 = (network.node_e7[nodes[turns.arc]] for nodes in network.arc_ends())
    return StateGraph(
        tail=turns.tail,
        head=turns.head,
        arc=after,
        **_lists(turns.tail, after, len(turns.arc), 2 * network.segment_count),
        turn_s=turn_s,
        closed_in=turns.masks,
        state_e7=((from_e7.astype(np.int64) + to_e7) // 2).astype(np.int32),
        state_of=_index_of(arcs, 2 * network.segment_count),
        is_main=is_main,
    )


def _open_turns(network: Network, arcs: Ints, bans: Bans) -> Turns:
    """Return every turn that somebody may make at some hour, one state per arc."""
    tail, head = _turns(network, arcs)
    masks = bans.masks_of(arcs[tail], arcs[head], 2 * network.segment_count)
    may = [
        _may_turn(network, profile, arcs[tail], arcs[head], own == ALL_SLOTS)
        for profile, own in zip(WHEELS, masks, strict=True)
    ]
    # What stays open in spite of a ban (turning back where there is nothing else) has no mask.
    open_masks = np.where(np.array(may) & (masks == ALL_SLOTS), 0, masks).astype(np.uint8)
    return _used(Turns(arcs, tail, head, np.array(may), open_masks))


def _used(turns: Turns) -> Turns:
    """Return the turns that are open to some profile at some hour, by the state they leave."""
    may = turns.may & (turns.masks != ALL_SLOTS)
    rows = np.flatnonzero(may.any(axis=0))
    rows = rows[np.argsort(turns.tail[rows], kind="stable")]
    return Turns(turns.arc, turns.tail[rows], turns.head[rows], may[:, rows], turns.masks[:, rows])


def build_walk(network: Network) -> StateGraph:
    """Build the graph of junctions and arcs for walkers."""
    seconds = network.arc_seconds(Profile.FOOT)
    from_node, to_node = network.arc_ends()
    stops = network.node_stops[:, PROFILES.index(Profile.FOOT)]
    arc = np.flatnonzero(np.isfinite(seconds) & ~stops[from_node] & ~stops[to_node])
    arc = arc[np.argsort(from_node[arc], kind="stable")]
    nodes = np.unique(np.concatenate([from_node[arc], to_node[arc]])).astype(np.int32)
    state_of = _index_of(nodes, len(network.node_e7))
    tail, head = state_of[from_node[arc]], state_of[to_node[arc]]
    cost = (BOARDING_S * _boards(network, from_node)[arc]).astype(np.float32)[None, :]
    main = _main_states(tail, head, cost[0], len(nodes), np.ones(len(nodes), dtype=np.bool_))
    is_main = np.zeros((1, 2 * network.segment_count), dtype=np.bool_)
    is_main[0, arc] = main[tail] & main[head]
    return StateGraph(
        tail=tail,
        head=head,
        arc=np.asarray(arc, dtype=np.int32),
        **_lists(tail, np.asarray(arc, dtype=np.int32), len(nodes), 2 * network.segment_count),
        turn_s=cost,
        closed_in=np.zeros(cost.shape, dtype=np.uint8),
        state_e7=network.node_e7[nodes],
        state_of=state_of,
        is_main=is_main,
    )


def _boards(network: Network, from_node: Ints) -> Bools:
    """Tell for each arc whether it leaves the shore on a ferry."""
    is_ferry = np.repeat(network.road_class == CLASS_NUMBER[FERRY], 2)
    is_shore = np.zeros(len(network.node_e7), dtype=np.bool_)
    is_shore[from_node[~is_ferry]] = True
    boards: Bools = is_ferry & is_shore[from_node]
    return boards


def _lists(tail: Ints, arc: Ints, state_count: int, arc_count: int) -> dict[str, NDArray[Any]]:
    """Return the lists of a graph: transitions by the state they leave, and by their arc."""
    into = np.argsort(arc, kind="stable").astype(np.int32)
    return {
        "first": np.searchsorted(tail, np.arange(state_count + 1)),
        "into": into,
        "into_first": np.searchsorted(arc[into], np.arange(arc_count + 1)),
    }


def _index_of(chosen: Ints, size: int) -> Ints:
    index = np.full(size, -1, dtype=np.int32)
    index[chosen] = np.arange(len(chosen), dtype=np.int32)
    return index


def _turns(network: Network, states: Ints) -> tuple[Ints, Ints]:
    """Return every pair of states (arrives, leaves) that meet at a junction, U-turns included."""
    from_node, to_node = network.arc_ends()
    leaving = np.argsort(from_node[states], kind="stable").astype(np.int32)
    first = np.searchsorted(from_node[states][leaving], np.arange(len(network.node_e7) + 1))
    at = to_node[states]
    count = (first[1:] - first[:-1])[at]
    tail = np.repeat(np.arange(len(states), dtype=np.int32), count)
    begin = np.repeat(np.cumsum(count) - count, count)
    head = leaving[np.repeat(first[at], count) + np.arange(len(tail)) - begin]
    return tail, head


def _turn_seconds(network: Network, before: Ints, after: Ints) -> Floats:
    """Return the cost of going from arc `before` to arc `after`, seconds."""
    arriving, leaving = bearings(network)
    angle = (leaving[after] - arriving[before] + 180.0) % 360.0 - 180.0  # clockwise positive
    node = network.arc_ends()[1][before]
    bias = np.where(angle >= 0, 1 / TURN_BIAS, TURN_BIAS)
    curve = TURN_S / (1 + np.exp(-(13 * bias * np.abs(angle) / 180 - 6.5 / bias)))
    is_junction = _street_count(network)[node] > 2
    cost = np.where(is_junction, curve, 0.0)
    cost = np.where(before == after ^ 1, U_TURN_S, cost)
    cost = cost + SIGNAL_S * network.node_has_signal[node]
    is_ferry = network.road_class == CLASS_NUMBER[FERRY]
    cost = cost + BOARDING_S * (is_ferry[after // 2] & ~is_ferry[before // 2])
    is_gate = network.is_restricted[after // 2] & ~network.is_restricted[before // 2]
    result: Floats = cost + GATE_S * is_gate
    return result


def bearings(network: Network) -> tuple[Floats, Floats]:
    """Return the bearing at the end and at the start of each arc, degrees clockwise from north."""
    first, last = network.span.T
    start = _bearing(network, first, first + 1)
    end = _bearing(network, last - 1, last)
    arriving = np.column_stack([end, start + 180]).reshape(-1)
    leaving = np.column_stack([start, end + 180]).reshape(-1)
    return arriving, leaving


def _bearing(network: Network, a: Ints, b: Ints) -> Floats:
    lat_a, lon_a = network.shape_e7[a].T.astype(np.float64)
    lat_b, lon_b = network.shape_e7[b].T.astype(np.float64)
    east = (lon_b - lon_a) * np.cos(np.radians(lat_a / 1e7))
    bearing: Floats = np.degrees(np.arctan2(east, lat_b - lat_a))
    return bearing


def _street_count(network: Network) -> Ints:
    """Return how many segment ends meet at each junction, footways aside."""
    is_street = np.isfinite(network.arc_seconds(Profile.MOTORCYCLE)).reshape(-1, 2).any(axis=1)
    return np.bincount(network.ends[is_street].reshape(-1), minlength=len(network.node_e7)).astype(
        np.int32
    )


def _may_turn(
    network: Network, profile: Profile, before: Ints, after: Ints, is_banned: Bools
) -> Bools:
    """Tell which turns `profile` may make; turning back only in minor streets and dead ends."""
    is_open = np.isfinite(network.arc_seconds(profile))
    node = network.arc_ends()[1][before]
    is_back = before == after ^ 1
    is_stopped = network.node_stops[node, PROFILES.index(profile)]
    may_go_on = is_open[before] & is_open[after] & ~is_back & ~is_stopped
    may_go_on &= ~is_banned
    exits = np.bincount(before[may_go_on], minlength=2 * network.segment_count)
    is_minor = np.isin(network.road_class, [CLASSES.index(name) for name in MINOR])
    may_return = is_back & is_open[before] & is_open[after]
    may_return &= is_minor[before // 2] | (exits[before] == 0)
    may_return &= ~is_banned | (exits[before] == 0)
    result: Bools = may_go_on | may_return
    return result


def _main_states(tail: Ints, head: Ints, seconds: Floats32, count: int, is_open: Bools) -> Bools:
    """Return the states of the largest strongly connected part."""
    is_used = np.isfinite(seconds)
    links = csr_matrix(
        (np.ones(int(is_used.sum()), dtype=np.int8), (tail[is_used], head[is_used])),
        shape=(count, count),
    )
    _, label = connected_components(links, directed=True, connection="strong")
    sizes = np.bincount(label[is_open], minlength=1)
    result: Bools = is_open & (label == sizes.argmax())
    return result
