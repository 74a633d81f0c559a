"""What turn restrictions close in a network, and how a state graph learns it.

A restriction at a junction closes a turn. One that leads over ways between (a retorno on an avenue
with two carriageways) concerns only who came from its first way: the arcs between get copies of
their states, which are entered from there alone.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from routing.travel.streets.network import Bools, Ints, Network
from routing.travel.streets.restrictions import WHEELS, Masks, Restriction

LONGEST_VIA = 12  # arcs; longer ways between are a mistake of the map

Chain = tuple[int, ...]  # arcs that may not follow each other
Key = TypeVar("Key", tuple[int, int], Chain)


@dataclass(frozen=True, slots=True)
class Bans:
    """What restrictions close.

    Attributes
    ----------
    turns : dict of (arc, arc) to masks
    chains : dict of three arcs or more to masks
    unused : int
        Restrictions whose ways do not meet in the network.
    """

    turns: dict[tuple[int, int], Masks]
    chains: dict[Chain, Masks]
    unused: int

    def masks_of(self, before: Ints, after: Ints, arc_count: int) -> NDArray[np.uint8]:
        """Return the slots in which turns are closed, uint8[profiles, turns]."""
        masks = np.zeros((len(WHEELS), len(before)), dtype=np.uint8)
        if not self.turns:
            return masks
        banned = np.array([a * arc_count + b for a, b in self.turns], dtype=np.int64)
        order = np.argsort(banned)
        values = np.array(list(self.turns.values()), dtype=np.uint8)[order]
        key = before.astype(np.int64) * arc_count + after
        place = np.minimum(np.searchsorted(banned[order], key), len(banned) - 1)
        is_banned = banned[order][place] == key
        masks[:, is_banned] = values[place[is_banned]].T
        return masks


def find_bans(
    network: Network, restrictions: Iterable[Restriction], way_ids: NDArray[np.int64]
) -> Bans:
    """Find the arcs of restrictions; `way_ids` are those of the runs that segments are cut from."""
    turns: dict[tuple[int, int], Masks] = {}
    chains: dict[Chain, Masks] = {}
    unused = 0
    restrictions = list(restrictions)
    streets = _Streets(network, restrictions, way_ids)
    for restriction in restrictions:
        found = list(streets.closed_by(restriction))
        unused += not found
        for chain in found:
            if len(chain) == 2:
                _add(turns, (chain[0], chain[1]), restriction.masks)
            else:
                _add(chains, chain, restriction.masks)
    return Bans(turns, chains, unused)


def _add(bans: dict[Key, Masks], key: Key, masks: Masks) -> None:
    old = bans.get(key, (0,) * len(masks))
    bans[key] = tuple(a | b for a, b in zip(old, masks, strict=True))


class _Streets:
    """Looks up the arcs of the ways that restrictions name."""

    def __init__(
        self, network: Network, restrictions: Iterable[Restriction], way_ids: NDArray[np.int64]
    ) -> None:
        self._node_id = network.node_id
        self._from_node, self._to_node = network.arc_ends()
        self._leaving = np.argsort(self._from_node, kind="stable").astype(np.int32)
        self._first = np.searchsorted(
            self._from_node[self._leaving], np.arange(len(network.node_id) + 1)
        )
        named: set[int] = set()
        for restriction in restrictions:
            named.update(restriction.from_ways, restriction.to_ways, restriction.via_ways)
        ids = way_ids[network.way]
        rows = np.flatnonzero(np.isin(ids, np.fromiter(named, dtype=np.int64, count=len(named))))
        self._arcs: dict[int, list[int]] = {}
        for segment, way in zip(rows.tolist(), ids[rows].tolist(), strict=True):
            self._arcs.setdefault(way, []).extend((2 * segment, 2 * segment + 1))

    def closed_by(self, restriction: Restriction) -> Iterator[Chain]:
        """Yield the chains of arcs that a restriction closes."""
        into = self._arcs_of(restriction.from_ways)
        out = self._arcs_of(restriction.to_ways)
        if restriction.via_node is not None:
            node = int(np.searchsorted(self._node_id, restriction.via_node))
            if node == len(self._node_id) or self._node_id[node] != restriction.via_node:
                return  # outside the extract
            paths: list[tuple[Chain, int, int]] = [((), node, node)]
        else:
            paths = list(self._paths(restriction, into, out))
        for path, start, stop in paths:
            before = [arc for arc in into if self._to_node[arc] == start]
            after = [arc for arc in out if self._from_node[arc] == stop]
            if restriction.is_only and after:
                after = [arc for arc in self._leaving_from(stop) if arc not in set(after)]
            for a, b in product(before, after):
                # Where the street goes on beyond the node only turning back is meant.
                is_meant = not (
                    restriction.is_u_turn
                    and restriction.via_node is not None
                    and restriction.from_ways == restriction.to_ways
                ) or (a == b ^ 1)
                if is_meant:
                    yield (a, *path, b)

    def _arcs_of(self, ways: Iterable[int]) -> list[int]:
        return [arc for way in sorted(ways) for arc in self._arcs.get(way, ())]

    def _leaving_from(self, node: int) -> list[int]:
        found: list[int] = self._leaving[self._first[node] : self._first[node + 1]].tolist()
        return found

    def _paths(
        self, restriction: Restriction, into: list[int], out: list[int]
    ) -> Iterator[tuple[Chain, int, int]]:
        """Yield the shortest ways over the via ways, with the nodes where they start and end."""
        via = self._arcs_of(restriction.via_ways)
        onward: dict[int, list[int]] = {}
        for arc in via:
            onward.setdefault(int(self._from_node[arc]), []).append(arc)
        starts = {int(self._to_node[arc]) for arc in into} & set(onward)
        stops = {int(self._from_node[arc]) for arc in out} & set(onward)
        for start in sorted(starts):
            for stop in sorted(stops - {start}):
                path = self._shortest(onward, start, stop)
                if path is not None and len(path) <= LONGEST_VIA:
                    yield path, start, stop

    def _shortest(self, onward: dict[int, list[int]], start: int, stop: int) -> Chain | None:
        waiting, path_to = deque([start]), {start: ()}
        paths: dict[int, Chain] = dict(path_to)
        while waiting:
            node = waiting.popleft()
            if node == stop:
                return paths[node]
            for arc in onward.get(node, ()):
                beyond = int(self._to_node[arc])
                if beyond not in paths:
                    paths[beyond] = (*paths[node], arc)
                    waiting.append(beyond)
        return None


@dataclass(frozen=True, slots=True)
class Turns:
    """States and the turns between them.

    Attributes
    ----------
    arc : int32[states]
        Arc that each state has driven to its end; the first ones are one state per arc.
    tail, head : int32[turns]
    may : bool[profiles, turns]
    masks : uint8[profiles, turns]
        Slots in which the turn is closed.
    """

    arc: Ints
    tail: Ints
    head: Ints
    may: Bools
    masks: NDArray[np.uint8]


def remember(turns: Turns, chains: dict[Chain, Masks]) -> Turns:
    """Return the turns with copies of the states that must know where the ride came from.

    A copy stands for the arcs driven last, as many of them as the beginning of some chain has. From
    it every turn of its arc is open but those that would complete a chain.
    """
    if not chains:
        return turns
    leaving = _Leaving(turns)
    chains = {chain: masks for chain, masks in chains.items() if leaving.has(chain)}
    pasts = sorted({chain[:n] for chain in chains for n in range(2, len(chain))})
    copy_of = {past: len(turns.arc) + i for i, past in enumerate(pasts)}
    head = turns.head.copy()
    added: list[_Copied] = []
    for past in pasts:
        if len(past) == 2:
            entering = [row for row, arc in leaving.of(past[0]) if arc == past[1]]
            head[entering] = copy_of[past]
        for row, arc in leaving.of(past[-1]):
            driven = (*past, arc)
            endings = [driven[n:] for n in range(len(driven) - 1)]
            known = [copy_of[end] for end in endings if end in copy_of]
            beyond = known[0] if known else int(turns.head[row])
            added.append(_Copied(row, copy_of[past], beyond, _closed(endings, chains)))
    rows = [one.row for one in added]
    masks = np.array([one.masks for one in added], dtype=np.uint8).reshape(-1, len(WHEELS)).T
    return Turns(
        arc=np.concatenate([turns.arc, np.array([past[-1] for past in pasts], dtype=np.int32)]),
        tail=np.concatenate([turns.tail, np.array([one.tail for one in added], dtype=np.int32)]),
        head=np.concatenate([head, np.array([one.head for one in added], dtype=np.int32)]),
        may=np.concatenate([turns.may, turns.may[:, rows]], axis=1),
        masks=np.concatenate([turns.masks, turns.masks[:, rows] | masks], axis=1),
    )


class _Copied(NamedTuple):
    """A turn of a copy: the row that it repeats, its states, and what is closed further."""

    row: int
    tail: int
    head: int
    masks: Masks


class _Leaving:
    """The turns out of each arc, those of its first state."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._state_of = {arc: state for state, arc in enumerate(turns.arc.tolist())}
        self._order = np.argsort(turns.tail, kind="stable")
        self._first = np.searchsorted(turns.tail[self._order], np.arange(len(turns.arc) + 1))

    def has(self, chain: Chain) -> bool:
        return all(arc in self._state_of for arc in chain)

    def of(self, arc: int) -> Iterator[tuple[int, int]]:
        """Yield the row of each turn, and the arc that it enters."""
        state = self._state_of[arc]
        for row in self._order[self._first[state] : self._first[state + 1]].tolist():
            yield row, int(self._turns.arc[self._turns.head[row]])


def _closed(endings: Iterable[Chain], chains: dict[Chain, Masks]) -> Masks:
    """Return the slots in which arcs that end so are closed, per profile."""
    closed = [0] * len(WHEELS)
    for ending in endings:
        for row, mask in enumerate(chains.get(ending, ())):
            closed[row] |= mask
    return tuple(closed)
