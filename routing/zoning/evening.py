"""Units at a border change sides where that evens zones, rounds them, or keeps them as today."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from routing.zoning import kernels
from routing.zoning.balance import Labels, middles_m
from routing.zoning.repair import mended
from routing.zoning.units import Floats, Longs, Units

LAST_PULLS = (20_000.0, 200_000.0)  # where units change places
SWEEPS = 20  # over all units at each pull; most end sooner
STAGES = 12  # of chance, ever cooler; zones take their new middles between them
Pair = tuple[float, float]  # of work and of money

COARSE = 2.0  # mean units of work that a zone may deviate by while chance moves them
WARMEST, COOLEST = 0.1, 0.01  # growth of the aim let pass at them, in mean works of a unit


@dataclass(frozen=True, slots=True)
class Ask:
    """What zones are to be.

    Attributes
    ----------
    target : float64[k, 2]
        Work and money asked of each zone; 0 where it is not asked.
    is_locked : bool[k]
    centre : int64[k]
        Unit that a zone lies around, -1 for its own middle.
    """

    target: Floats
    is_locked: NDArray[np.bool_]
    centre: Longs


@dataclass(frozen=True, slots=True)
class Today:
    """Where units are before they move.

    Attributes
    ----------
    home : int32[u]
        Zone of today.
    settled : float64[u]
        How many places of a unit have a zone of today; newcomers may move freely.
    held : bool[u]
        Units that must stay: what somebody just moved by hand.
    """

    home: Labels
    settled: Floats
    held: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Manner:
    """How zones are made even.

    Deviations of work and of money are shares of the target.

    Attributes
    ----------
    slack : tuple of float
        Deviation that is let be while single units move.
    ease : tuple of float
        The same while units move and change places by chance, at most; no more than `COARSE` units
        weigh, so that many small units become more even than few large ones, and no less than
        `slack`.
    limit : tuple of float
        Deviation above which units change places, too, though zones grow less round.
    pulls : tuple of float
        Of evenness against nearness, one after the other.
    stay : float
        Against a place that leaves today's zone, in mean squared distances of a mean unit.
    shape : float
        Against a pair of neighbours in two zones, in mean works of a unit.
    is_one_sided : bool
        Zones may be light.
    tries : int
        Moves and exchanges weighed by chance.
    """

    slack: Pair
    ease: Pair
    limit: Pair
    pulls: tuple[float, ...]
    stay: float
    shape: float
    is_one_sided: bool
    tries: int


EVEN = Manner(
    slack=(0.001, 0.008),
    ease=(0.0075, 0.026),
    limit=(0.009, 0.028),
    pulls=(4.0, 20.0, 100.0, 400.0, 2000.0),
    stay=0.0,
    shape=0.1,
    is_one_sided=False,
    tries=100_000,
)
KEEPING = Manner(
    slack=(0.016, 0.04),
    ease=(0.016, 0.04),
    limit=(0.018, 0.06),
    pulls=(200.0, 2000.0, 20_000.0),
    stay=16.0,
    shape=0.0,
    is_one_sided=True,
    tries=0,
)
MOST_UNEVEN, MOST_MOVED = 0.02, 0.02  # after re-zoning; beyond either other ways are tried, too
GOOD_ENOUGH = (MOST_UNEVEN, MOST_MOVED)
MOST_TRIED = 20_000  # units; more are many enough for the first way, and take longer
AT_THE_LIMIT = replace(KEEPING, slack=(0.0185, 0.055), limit=(0.0198, 0.06))
OTHER_WAYS = (
    replace(KEEPING, stay=64.0),
    replace(AT_THE_LIMIT, stay=32.0),
    replace(AT_THE_LIMIT, slack=(0.0195, 0.055), stay=32.0),
    replace(AT_THE_LIMIT, stay=64.0),
    replace(AT_THE_LIMIT, stay=128.0),
    replace(KEEPING, stay=256.0),
    replace(KEEPING, stay=4.0),
    # Chance gets past what no single move does: a zone that hangs together by one unit.
    replace(KEEPING, tries=100_000),
    replace(AT_THE_LIMIT, tries=100_000, stay=64.0),
    replace(KEEPING, tries=100_000, stay=2.0),
)


def never() -> bool:
    """Tell that nobody wants a division to end early."""
    return False


def even_out(
    units: Units, labels: Labels, ask: Ask, ends_early: Callable[[], bool] = never
) -> Labels:
    """Return zones that are even enough and near their middles, each of them in one piece.

    Parameters
    ----------
    ends_early : callable
        Asked between passes over the units; once it says so, the zones are returned as they are by
        then: in one piece, less even.
    """
    nobody = np.zeros(len(labels), dtype=np.bool_)
    whole = mended(units, labels, ask.is_locked, nobody)
    today = Today(whole, np.zeros(len(labels)), nobody)
    return _Search(units, whole, ask, EVEN, today, ends_early).labels


def keep_most(units: Units, labels: Labels, ask: Ask, today: Today) -> Labels:
    """Return zones that are even enough with the fewest out of where they are today.

    Parameters
    ----------
    labels : int32[u]
        Zones to begin from, each in one piece.
    """
    best, least = labels, (np.inf, np.inf)
    for manner in (KEEPING, *OTHER_WAYS):
        found = _Search(units, labels, ask, manner, today).labels
        if (beyond := falls_short(units, found, ask, today)) < least:
            best, least = found, beyond
        if least <= GOOD_ENOUGH or len(labels) > MOST_TRIED:
            break
    return best


def falls_short(units: Units, labels: Labels, ask: Ask, today: Today) -> Pair:
    """Return how uneven zones are, `MOST_UNEVEN` at least, and the share that changed zone."""
    moved = float(today.settled[labels != today.home].sum()) / max(today.settled.sum(), 1.0)
    return max(_unevenness(units, labels, ask), MOST_UNEVEN), moved


def _unevenness(units: Units, labels: Labels, ask: Ask) -> float:
    """Return by what share of its target the heaviest zone that may change lies above it in work.

    Money counts, too, so that its limit weighs what `MOST_UNEVEN` does.
    """
    most = 0.0
    for j in (0, 1):
        asked = (ask.target[:, j] > 0) & ~ask.is_locked
        if asked.any():
            load = np.bincount(labels, units.work[:, j], len(ask.target))[asked]
            over = float((load / ask.target[asked, j]).max()) - 1.0
            most = max(most, over * MOST_UNEVEN / (MOST_UNEVEN, KEEPING.limit[1])[j])
    return most


class _Search:
    """Moves, chance, then exchanges where zones are still uneven; `labels` is what was found."""

    def __init__(
        self,
        units: Units,
        labels: Labels,
        ask: Ask,
        manner: Manner,
        today: Today,
        ends_early: Callable[[], bool] = never,
    ) -> None:
        k = len(ask.target)
        self._units, self._ask, self._manner = units, ask, manner
        self._ends_early = ends_early
        self._work, self._target = _in_one_unit(units.work, ask.target)
        self._mean = float(self._work[:, 0].mean())
        self.labels = labels.astype(np.int32, copy=True)
        self._division = kernels.Division(
            label=self.labels,
            home=today.home.astype(np.int32, copy=True),
            settled=today.settled,
            load=np.column_stack([np.bincount(self.labels, self._work[:, j], k) for j in (0, 1)]),
            members=np.bincount(self.labels, minlength=k).astype(np.int64),
            is_free=np.asarray(~ask.is_locked[self.labels] & ~today.held),
            is_open=~ask.is_locked,
        )
        self._even()

    def _even(self) -> None:
        manner = self._manner
        for pull in manner.pulls:
            if self._ends_early():
                return
            self._improve(self._aim(manner.slack, pull))
        slack = self._after_chance() if manner.tries else manner.slack
        for pull in LAST_PULLS:
            aim = self._aim(manner.limit, pull)
            if self._ends_early() or not kernels.exchange(
                self._units.borders, self._division, aim, SWEEPS
            ):
                return
            self._improve(self._aim(slack, pull))

    def _after_chance(self) -> Pair:
        """Let chance move units, ever cooler, then no more; return the slack that it had."""
        manner = self._manner
        finest = COARSE * self._mean * len(self._target) / float(self._work[:, 0].sum())
        work, money = manner.ease
        share = min(1.0, finest / work)
        slack = max(work * share, manner.slack[0]), max(money * share, manner.slack[1])
        for stage, warmth in enumerate(self._mean * np.geomspace(WARMEST, COOLEST, STAGES)):
            if self._ends_early():
                break
            aim = self._aim(slack, manner.pulls[-1])
            tries = manner.tries // STAGES
            kernels.anneal(self._units.borders, self._division, aim, tries, warmth, stage)
        for pull in (manner.pulls[-1], LAST_PULLS[0]):
            self._improve(self._aim(slack, pull))
        return slack

    def _improve(self, aim: kernels.Aim) -> None:
        kernels.improve(self._units.borders, self._division, aim, SWEEPS)

    def _aim(self, slack: Pair, pull: float) -> kernels.Aim:
        """Return what is made small around the middles that zones have now."""
        units, centre = self._units, self._ask.centre
        middle = middles_m(units.plane_m, units.work[:, 0], self.labels, len(centre))
        return kernels.Aim(
            where=units.plane_m,
            work=self._work,
            centre=np.where(centre[:, None] >= 0, units.plane_m[centre], middle),
            target=self._target,
            slack=np.array(slack),
            is_one_sided=self._manner.is_one_sided,
            pull=pull,
            stay=self._manner.stay * self._mean,
            shape=self._manner.shape * self._mean,
            span2=_span2(units, self.labels, middle),
        )


def _in_one_unit(work: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Return loads and targets with money in units of work, so that one pull holds for both."""
    total = work.sum(axis=0)
    rate = np.array([1.0, total[0] / total[1] if total[1] > 0 else 0.0])
    scaled = work * rate
    scaled[:, 0] = np.maximum(scaled[:, 0], 1e-7 * max(float(total[0]), 1e-9))
    return scaled, target * rate


def _span2(units: Units, labels: Labels, middle: Floats) -> float:
    """Return the mean squared distance from a middle, weighted by work, square metres."""
    mass = units.work[:, 0] + 1e-9
    apart = ((units.plane_m - middle[labels]) ** 2).sum(axis=1)
    return max(float(np.average(apart, weights=mass)), 1.0)
