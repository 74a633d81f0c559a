"""A hierarchy of shares or means over clients: fitted once, asked for each client."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from routing.scoring.chances import Chance, Source
from routing.scoring.shrinkage import (
    NEARLY,
    Fit,
    Floats,
    Ints,
    Level,
    effective_weights,
    fit_means,
    fit_shares,
    log_odds,
    lost_chances,
    share_of,
)

# Tries that the level above is worth before the data say; estimated from there.
ASSUMED_TRIES = 30.0  # the assumption against the whole portfolio: fixed
SEGMENT_TRIES = 30.0
# What the fixed factor says: one miss lowers contact by 0.8 = 4/5; a strength of m is lowered by
# m / (m + 1).
CLIENT_TRIES = 4.0
HOUR_TRIES = 10.0
LOST_CONTACT = 0.02  # of visits to an address where the client is not: somebody calls them over
ROUNDS = 4  # of telling the lost from the living; the shares settle to three digits by then

Path = tuple[Hashable, ...]
NONE = (0.0, 0.0)  # the shift and the tries of whom nothing is known


@dataclass(frozen=True, slots=True)
class Found:
    """A hierarchy after fitting: shifts by path of segments, by client and by client's cell."""

    start: Fit
    segments: Mapping[Path, tuple[float, float]]  # shift, tries
    clients: Mapping[int, tuple[float, float]]
    cells: Mapping[tuple[int, Hashable], float]
    segment_strengths: tuple[float, ...]
    client_strength: float
    lost: Mapping[int, float] = field(default_factory=dict)  # chance that they live there no more
    lost_share: float = 0.0  # the same of clients of whom nothing is known

    def segment(self, path: Path) -> float:
        """Return the shift of a path of segments with all above it."""
        shift = float(self.start.shift[0])
        for depth in range(1, len(path) + 1):
            shift += self.segments.get(path[:depth], NONE)[0]
        return shift

    @property
    def own_numbers(self) -> float:
        """Return how many numbers were estimated above the clients; one that leans counts less."""
        told = [(len(path) - 1, tries) for path, (_, tries) in self.segments.items()]
        strengths = self.segment_strengths
        own = sum(tries / (tries + strengths[depth]) for depth, tries in told)
        tries = float(self.start.tries[0])
        return own + tries / (tries + self.start.strength)

    def source(self, client_id: int, path: Path) -> tuple[Source, int]:
        """Return the deepest level whose own tries weigh at least half, and how many they are."""
        own = self.clients.get(client_id, NONE)[1]
        if own >= self.client_strength:
            return Source.CLIENT, round(own)
        for depth in range(len(path), 0, -1):
            told = self.segments.get(path[:depth])
            if told and told[1] >= self.segment_strengths[depth - 1]:
                return Source.SEGMENT, round(told[1])
        tries = float(self.start.tries[0])
        return (
            (Source.PORTFOLIO, round(tries))
            if tries >= self.start.strength
            else (Source.ASSUMPTION, round(tries))
        )

    def share(self, client_id: int, path: Path, logit: float) -> Chance:
        """Return the chance of a client where their segment gives these log odds."""
        return self.chance(client_id, path, self.expected(client_id, logit))

    def expected(self, client_id: int, logit: float, cell: Hashable = None) -> float:
        """Return the expected share: that of the living, or of those who are lost."""
        logit += self.clients.get(client_id, NONE)[0]
        if self.cells:
            logit += self.cells.get((client_id, cell), 0.0)
        lost = self.lost.get(client_id, self.lost_share)
        return (1 - lost) / (1 + math.exp(-logit)) + lost * LOST_CONTACT

    def chance(self, client_id: int, path: Path, share: float) -> Chance:
        """Return an expected share of a client with its spread and what it rests on."""
        tries = self.clients.get(client_id, NONE)[1]
        lost = self.lost.get(client_id, self.lost_share)
        alive = min(1.0, max(0.0, (share - lost * LOST_CONTACT) / max(1 - lost, NEARLY)))
        within = alive * (1 - alive) / (self.client_strength + tries + 1)
        between = lost * (1 - lost) * (alive - LOST_CONTACT) ** 2
        source, sample = self.source(client_id, path)
        return Chance(share, math.sqrt((1 - lost) * within + between), sample, source)

    def mean(self, client_id: int, path: Path, start: float) -> Chance:
        """Return the mean of a client, kept within 0..1."""
        shift = self.clients.get(client_id, NONE)[0]
        source, sample = self.source(client_id, path)
        return Chance(min(1.0, max(0.0, start + self.segment(path) + shift)), 0.0, sample, source)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of counts to fit.

    Attributes
    ----------
    hits, tries : float[rows]
    logits : float[rows]
        What is assumed of each row.
    paths : sequence of tuple
        The segments of each row, the widest first; all of one length.
    clients : sequence of int
        Whose each row is.
    cells : sequence of hashable
        What else tells rows of one client apart, such as the part of the day; empty: nothing.
    """

    hits: Floats
    tries: Floats
    logits: Floats
    paths: Sequence[Path]
    clients: Sequence[int]
    cells: Sequence[Hashable] = ()


def fit_table(
    table: Table, *, client_tries: float = CLIENT_TRIES, may_be_lost: bool = False
) -> Found:
    """Fit portfolio, segments, clients and cells.

    Parameters
    ----------
    client_tries : float
        Default strength of the level of clients.
    may_be_lost : bool
        Some clients can't be met at all, as they live there no more: estimate how many, and of
        each client who was never met how likely that is.
    """
    depth = len(table.paths[0]) if table.paths else 1
    grouped = [_grouped([path[: d + 1] for path in table.paths]) for d in range(depth)]
    top = Level(np.zeros(len(table.tries), dtype=np.int64), ASSUMED_TRIES, is_fixed=True)
    upper = [top, *(Level(numbers, SEGMENT_TRIES) for _keys, numbers in grouped)]
    keys, numbers = _grouped(table.clients)
    client = Level(numbers, client_tries)
    lost, share, strength = np.zeros(len(keys)), 0.0, client_tries
    fits, above = fit_shares(table.hits, table.tries, table.logits, upper)
    for _ in range(ROUNDS):
        alive = (1 - lost)[numbers] if len(keys) else np.ones(0)
        (own,), _logits = fit_shares(table.hits, table.tries * alive, above, [client])
        strength = own.strength
        weights = effective_weights(table.tries, numbers, strength)
        tries = table.tries * weights * alive
        fits, above = fit_shares(table.hits * weights, tries, table.logits, upper)
        if may_be_lost:
            expected = table.tries * share_of(above)
            sums = (client.sums(one) for one in (table.hits, table.tries, expected))
            lost, share = lost_chances(*sums, strength=strength, contact=LOST_CONTACT)
    cell_keys, cell_numbers = _grouped(list(zip(table.clients, table.cells, strict=False)))
    clients = Level(numbers, strength, is_fixed=True)
    lower = [clients, *([Level(cell_numbers, HOUR_TRIES)] if cell_keys else [])]
    own_fits, _logits = fit_shares(table.hits, table.tries, above, lower)
    return Found(
        start=_never_empty(fits[0]),
        segments={
            key: told
            for (paths, _numbers), fit in zip(grouped, fits[1:], strict=True)
            for key, told in _told(paths, fit).items()
        },
        clients=_told(keys, own_fits[0]),
        cells={key: told[0] for key, told in _told(cell_keys, own_fits[-1]).items()}
        if cell_keys
        else {},
        segment_strengths=tuple(fit.strength for fit in fits[1:]),
        client_strength=strength,
        lost=dict(zip(keys, lost.tolist(), strict=True)) if may_be_lost else {},  # type: ignore[arg-type]  # clients are numbers
        lost_share=share,
    )


def rows_of(found: Found, table: Table) -> tuple[Floats, Ints]:
    """Return the log odds that portfolio and segments give to each row, and its client's number."""
    shifts = {path: found.segment(path) for path in set(table.paths)}
    above = table.logits + np.array([shifts[path] for path in table.paths], dtype=float)
    return above, numbers_of(table.clients)


def numbers_of(clients: Sequence[int]) -> Ints:
    """Return the number of each row's client, from 0 in the order of their first rows."""
    return _grouped(clients)[1]


def fit_values(
    values: Floats, start: float, paths: Sequence[Path], clients: Sequence[int]
) -> Found:
    """Fit means in segments (paths of length one) and clients."""
    segments, numbers = _grouped(paths)
    keys, client_numbers = _grouped(clients)
    levels = (
        Level(np.zeros(len(values), dtype=np.int64), ASSUMED_TRIES, is_fixed=True),
        Level(numbers, SEGMENT_TRIES),
        Level(client_numbers, CLIENT_TRIES),
    )
    top, by_segment, by_client = fit_means(values, start, levels)
    return Found(
        start=_never_empty(top),
        segments=_told(segments, by_segment),
        clients=_told(keys, by_client),
        cells={},
        segment_strengths=(by_segment.strength,),
        client_strength=by_client.strength,
    )


def logit(share: float) -> float:
    """Return the log odds of one share."""
    return float(log_odds(np.array(share)))


def _grouped(keys: Sequence[Hashable]) -> tuple[list[Hashable], Ints]:
    """Return the distinct keys, and for each row the number of its key."""
    numbers: dict[Hashable, int] = {}
    groups = [numbers.setdefault(key, len(numbers)) for key in keys]
    return list(numbers), np.array(groups, dtype=np.int64)


def _told(keys: Sequence[Hashable], fit: Fit) -> dict[Any, tuple[float, float]]:
    pairs = zip(fit.shift.tolist(), fit.tries.tolist(), strict=True)
    return dict(zip(keys, pairs, strict=True))


def _never_empty(fit: Fit) -> Fit:
    """Return the top level, with nothing found when there was no row."""
    return fit if len(fit.shift) else Fit(np.zeros(1), np.zeros(1), fit.strength)
