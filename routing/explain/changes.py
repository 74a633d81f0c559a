"""The cheapest single change that would bring a candidate in, worked out on the finished plan.

For each shift every position is tried for all candidates at once; only swaps repeat that for each
visit that might give way, and for those candidates that may have the time. A day of ten collectors
who share 1,000 clients, 660 of them left out, takes 0.7 s of processor time, half of it for swaps.

Each change makes room for a visit that fits and pays (or is required), and a second or a point
less would not do.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from routing.explain.openings import Openings
from routing.explain.state import State
from routing.explain.swaps import Swap, swaps, worked_out
from routing.explain.worth import SECONDS_PER_HOUR
from routing.measure import is_rested
from routing.plan import Change, ChangeKind, SkipReason
from routing.timetable import Ints

DECISION_S = 15 * 60  # what it takes to let a person decide otherwise, as time on the road
_PRICELESS_S = 10**9  # where travel costs nothing, points count as more than any time

# Reasons that a change of shifts, windows, prizes or of other visits can undo.
_CHANGEABLE = frozenset(
    {
        SkipReason.OUTSIDE_SHIFT,
        SkipReason.NOT_WORTH_THE_TRIP,
        SkipReason.NO_TIME_LEFT,
        SkipReason.MAX_STOPS,
        SkipReason.CASH_LIMIT,
        SkipReason.BREAKS,
        SkipReason.GROUP_TAKEN,
        SkipReason.FITS,
    }
)
_RANK = {kind: rank for rank, kind in enumerate(ChangeKind)}


class _Offer(NamedTuple):
    """A change for one candidate; the effort is what it costs the people, as seconds."""

    number: int
    effort_s: int
    change: Change
    swap: Swap | None = None  # whose loss is not worked out to the end yet


def cheapest_changes(
    state: State, reasons: Mapping[int, SkipReason], *, swaps_too: bool = True
) -> dict[int, Change]:
    """Return the change with the least effort for each candidate left out, where there is one.

    Parameters
    ----------
    reasons : mapping of candidate number to reason
        Why each is left out; whom no change of this kind would help is not looked at.
    swaps_too : bool
        Without swaps it takes a tenth of the time.
    """
    numbers = [number for number, reason in reasons.items() if reason in _CHANGEABLE]
    in_group = [one for one in numbers if reasons[one] is SkipReason.GROUP_TAKEN]
    others = np.array([one for one in numbers if one not in set(in_group)], dtype=np.int64)
    offers: dict[int, list[_Offer]] = {}
    swapping = _swaps(state, others, in_group) if swaps_too else ()
    for offer in [*_offers(state, others), *swapping]:
        offers.setdefault(offer.number, []).append(offer)
    return {number: _cheapest(state, own) for number, own in offers.items()}


def _cheapest(state: State, offers: list[_Offer]) -> Change:
    """Return the change with the least effort; only swaps that seem to be it are worked out."""
    while True:
        best = min(offers, key=_key)
        if best.swap is None:
            return best.change
        offers.remove(best)
        offers.append(_of_swap(state, worked_out(state, best.swap))._replace(swap=None))


def _key(offer: _Offer) -> tuple[int, int]:
    return offer.effort_s, _RANK[offer.change.kind]


def _offers(state: State, numbers: Ints) -> Iterator[_Offer]:
    """Yield what each shift would have to change for candidates."""
    for v, table in enumerate(state.tables):
        for waits, pool in state.ways(numbers[table.allowed[numbers]]):
            if len(pool):
                openings = Openings(state, v, pool, waits=waits)
                yield from _of_shift(state, v, pool, openings)
        strangers = np.array(_strangers(state, v, numbers), dtype=np.int64)
        if len(strangers):
            openings = Openings(state, v, strangers, waits=False, welcome=True)
            yield from _of_kind(state, v, strangers, ChangeKind.ALLOW_SHIFT, openings.as_it_is())


def _of_shift(state: State, v: int, pool: Ints, openings: Openings) -> Iterator[_Offer]:
    shift = state.tables[v].shift
    yield from _of_kind(state, v, pool, ChangeKind.ADD, openings.as_it_is())
    if shift.max_stops is not None:
        yield from _of_kind(state, v, pool, ChangeKind.ADD_STOP_SLOT, openings.with_one_more_stop())
    yield from _of_kind(state, v, pool, ChangeKind.LENGTHEN_SHIFT, openings.with_a_longer_shift())
    yield from _of_kind(state, v, pool, ChangeKind.WIDEN_WINDOW, openings.with_wider_windows())
    if shift.cash_limit is not None:
        found = openings.with_more_cash()
        yield from _of_kind(state, v, pool, ChangeKind.RAISE_CASH_LIMIT, found)
    yield from _of_kind(state, v, pool, ChangeKind.RAISE_PRIZE, openings.with_a_higher_prize())


# What the figure of an opening is called; the others have none.
_FIGURE = {
    ChangeKind.LENGTHEN_SHIFT: "seconds",
    ChangeKind.WIDEN_WINDOW: "seconds",
    ChangeKind.RAISE_CASH_LIMIT: "points",
    ChangeKind.RAISE_PRIZE: "points",
}


def _of_kind(
    state: State, v: int, pool: Ints, kind: ChangeKind, found: Mapping[int, tuple[int, int]]
) -> Iterator[_Offer]:
    shift = state.tables[v].shift
    for j, (figure, detour_s) in found.items():
        facts: dict[str, int | str] = {"shift": shift.id, "detour_s": detour_s}
        name = _FIGURE.get(kind)
        if name is not None:
            facts[name] = figure
        effort_s = {
            ChangeKind.ADD: 0,
            ChangeKind.ADD_STOP_SLOT: DECISION_S,
            ChangeKind.ALLOW_SHIFT: DECISION_S,
        }.get(kind, figure)
        if name == "points":
            effort_s = _as_time_s(state, figure)
        yield _Offer(int(pool[j]), effort_s, Change(kind, facts))


def _as_time_s(state: State, points: int) -> int:
    """Return the time on the road that points pay for, rounded up."""
    price = state.part.travel_cost_per_hour
    return -(-points * SECONDS_PER_HOUR // price) if price else _PRICELESS_S + points


def _strangers(state: State, v: int, numbers: Ints) -> list[int]:
    """Return whom a shift may not visit only because somebody else answers for them."""
    table = state.tables[v]
    shift = table.shift
    return [
        number
        for number in numbers[~table.allowed[numbers]].tolist()
        if shift.max_stops != 0
        and (candidate := state.part.candidates[number]).skills <= shift.skills
        and shift.works_for not in candidate.forbidden_collectors
        and is_rested(candidate, shift.day)
    ]


def _swaps(state: State, numbers: Ints, in_group: list[int]) -> Iterator[_Offer]:
    """Yield who would have to give way."""
    for swap in swaps(state, numbers, in_group):
        yield _of_swap(state, swap)


def _of_swap(state: State, swap: Swap) -> _Offer:
    effort_s = _as_time_s(state, swap.loses) if swap.loses > 0 else 0
    facts: dict[str, int | str] = {
        "shift": swap.shift_id,
        "detour_s": swap.detour_s,
        "candidate": swap.gives_way,
        "points": swap.loses,
    }
    return _Offer(swap.number, effort_s, Change(ChangeKind.SWAP_FOR, facts), swap)
