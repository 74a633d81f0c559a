"""The cheapest single change that would bring a candidate in, worked out on the finished plan.

For each shift every position is tried for all candidates at once; only swaps repeat that for each
visit that might give way, and for those candidates that may have the time. A day of ten collectors
who share 1,000 clients, 660 of them left out, takes 0.7 s of processor time, half of it for swaps.

Each change makes room for a visit that fits and pays (or is required), and a second or a point
less would not do. Where rides go by the hour, a visit makes others ride at another one: there the
changes that seem the cheapest are worked out to the end of the route before one is told.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from routing.explain.exactly import FIGURE, Place, change_of, exact_change
from routing.explain.openings import Found, Openings
from routing.explain.state import State
from routing.explain.swaps import Swap, swaps, worked_out
from routing.explain.worth import SECONDS_PER_HOUR
from routing.measure import is_rested
from routing.plan import Change, ChangeKind, SkipReason
from routing.problem import Shift
from routing.timetable import Ints

DECISION_S = 15 * 60  # what it takes to let a person decide otherwise, as time on the road
_TRIES = 8  # changes worked out to the end of a route before others are given up
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


class Stopped(Exception):
    """Nobody waits for changes any more."""


class _Offer(NamedTuple):
    """A change for one candidate; the effort is what it costs the people, as seconds."""

    number: int
    effort_s: int
    change: Change
    is_exact: bool
    swap: Swap | None = None


class _Sheet(NamedTuple):
    """What one shift would have to change for many candidates, a change of one kind for each."""

    v: int
    kind: ChangeKind
    waits: bool
    numbers: Ints
    efforts_s: Ints
    figures: Ints
    detours_s: Ints
    places: Ints

    def offer(self, state: State, row: int) -> _Offer:
        """Return the change of one of the candidates."""
        figure, detour_s = int(self.figures[row]), int(self.detours_s[row])
        change = change_of(state.tables[self.v].shift.id, self.kind, figure, detour_s)
        is_exact = not state.is_by_hour(self.v)
        return _Offer(int(self.numbers[row]), int(self.efforts_s[row]), change, is_exact)


def cheapest_changes(
    state: State,
    reasons: Mapping[int, SkipReason],
    *,
    swaps_too: bool = True,
    should_stop: Callable[[], bool] | None = None,
) -> dict[int, Change]:
    """Return the change with the least effort for each candidate left out, where there is one.

    Parameters
    ----------
    reasons : mapping of candidate number to reason
        Why each is left out; whom no change of this kind would help is not looked at.
    swaps_too : bool
        Without swaps it takes a tenth of the time.
    should_stop : callable, optional
        Asked for each shift and each candidate.

    Raises
    ------
    Stopped
        Once `should_stop` says so: what was found by then may not be the cheapest.
    """

    def go_on() -> None:
        if should_stop is not None and should_stop():
            raise Stopped

    numbers = [number for number, reason in reasons.items() if reason in _CHANGEABLE]
    in_group = [one for one in numbers if reasons[one] is SkipReason.GROUP_TAKEN]
    others = np.array([one for one in numbers if one not in set(in_group)], dtype=np.int64)
    swapping: dict[int, list[_Offer]] = defaultdict(list)
    for swap in swaps(state, others, in_group, go_on) if swaps_too else ():
        swapping[swap.number].append(_of_swap(state, swap, is_exact=False))
    sheets = [sheet for sheet in _sheets(state, others, go_on) if len(sheet.numbers)]
    rows = _by_candidate(sheets)
    found: dict[int, Change | None] = {}
    for number in sorted(rows.keys() | swapping.keys()):
        go_on()
        found[number] = _cheapest(state, sheets, rows.get(number, []), swapping[number])
    return {number: change for number, change in found.items() if change is not None}


def _by_candidate(sheets: Sequence[_Sheet]) -> dict[int, list[tuple[int, int]]]:
    """Return for each candidate where its changes stand, sheet and row, the cheapest first."""
    if not sheets:
        return {}
    sizes = [len(one.numbers) for one in sheets]
    numbers = np.concatenate([one.numbers for one in sheets])
    efforts_s = np.concatenate([one.efforts_s for one in sheets])
    ranks = np.repeat([_RANK[one.kind] for one in sheets], sizes)
    of_sheet = np.repeat(np.arange(len(sheets)), sizes)
    of_row = np.concatenate([np.arange(size) for size in sizes])
    order = np.lexsort((ranks, efforts_s, numbers))
    places = list(zip(of_sheet[order].tolist(), of_row[order].tolist(), strict=True))
    known, firsts = np.unique(numbers[order], return_index=True)
    ends = [*firsts[1:].tolist(), len(places)]
    return {
        number: places[first:end]
        for number, first, end in zip(known.tolist(), firsts.tolist(), ends, strict=True)
    }


def _cheapest(
    state: State,
    sheets: Sequence[_Sheet],
    rows: Sequence[tuple[int, int]],
    swapping: Sequence[_Offer],
) -> Change | None:
    """Return the change with the least effort.

    Where rides go by the hour, changes are worked out to the end of the route one after the other,
    as they seem the cheapest: those that bring nobody in are left aside. So are swaps. None when
    too many did not do.
    """
    tries = 0
    waiting, others = iter(rows), list(swapping)
    place = next(waiting, None)
    while place is not None or others:
        following = [] if place is None else [sheets[place[0]].offer(state, place[1])]
        best = min([*following, *others], key=_key)
        if best.is_exact:
            return best.change
        if best.swap is not None:
            others.remove(best)
            others.append(_of_swap(state, worked_out(state, best.swap), is_exact=True))
        elif place is not None:
            sheet, position = sheets[place[0]], int(sheets[place[0]].places[place[1]])
            here = Place(best.number, sheet.v, position, sheet.waits)
            change = exact_change(state, here, best.change)
            others += [] if change is None else [_of_change(state, best.number, change)]
            tries += 1
            place = next(waiting, None) if tries < _TRIES else None
    return None


def _of_change(state: State, number: int, change: Change) -> _Offer:
    name = FIGURE.get(change.kind)
    figure = np.array([change.facts[name] if name is not None else 0], dtype=np.int64)
    return _Offer(number, int(_efforts_s(state, change.kind, figure)[0]), change, is_exact=True)


def _key(offer: _Offer) -> tuple[int, int]:
    return offer.effort_s, _RANK[offer.change.kind]


def _sheets(state: State, numbers: Ints, go_on: Callable[[], None]) -> Iterator[_Sheet]:
    """Yield what each shift would have to change for candidates."""
    for v, table in enumerate(state.tables):
        go_on()
        for waits, pool in state.ways(numbers[table.allowed[numbers]]):
            if len(pool):
                openings = Openings(state, v, pool, waits=waits)
                for kind, found in _of_shift(table.shift, openings):
                    yield _sheet(state, v, pool, kind, found, waits=waits)
        strangers = np.array(_strangers(state, v, numbers), dtype=np.int64)
        if len(strangers):
            openings = Openings(state, v, strangers, waits=False, welcome=True)
            found = openings.as_it_is()
            yield _sheet(state, v, strangers, ChangeKind.ALLOW_SHIFT, found, waits=False)


def _of_shift(shift: Shift, openings: Openings) -> Iterator[tuple[ChangeKind, Found]]:
    yield ChangeKind.ADD, openings.as_it_is()
    if shift.max_stops is not None:
        yield ChangeKind.ADD_STOP_SLOT, openings.with_one_more_stop()
    yield ChangeKind.LENGTHEN_SHIFT, openings.with_a_longer_shift()
    yield ChangeKind.WIDEN_WINDOW, openings.with_wider_windows()
    if shift.cash_limit is not None:
        yield ChangeKind.RAISE_CASH_LIMIT, openings.with_more_cash()
    yield ChangeKind.RAISE_PRIZE, openings.with_a_higher_prize()


def _sheet(
    state: State, v: int, pool: Ints, kind: ChangeKind, found: Found, *, waits: bool
) -> _Sheet:
    efforts_s = _efforts_s(state, kind, found.figures)
    return _Sheet(
        v,
        kind,
        waits,
        pool[found.columns],
        efforts_s,
        found.figures,
        found.detours_s,
        found.places,
    )


def _efforts_s(state: State, kind: ChangeKind, figures: Ints) -> Ints:
    if kind is ChangeKind.ADD:
        return np.zeros_like(figures)
    if kind in {ChangeKind.ADD_STOP_SLOT, ChangeKind.ALLOW_SHIFT}:
        return np.full_like(figures, DECISION_S)
    if FIGURE[kind] == "points":
        price = state.part.travel_cost_per_hour
        return -(-figures * SECONDS_PER_HOUR // price) if price else _PRICELESS_S + figures
    return figures


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


def _of_swap(state: State, swap: Swap, *, is_exact: bool) -> _Offer:
    effort_s = _as_time_s(state, swap.loses) if swap.loses > 0 else 0
    facts: dict[str, int | str] = {
        "shift": swap.shift_id,
        "detour_s": swap.detour_s,
        "candidate": swap.gives_way,
        "points": swap.loses,
    }
    return _Offer(swap.number, effort_s, Change(ChangeKind.SWAP_FOR, facts), is_exact, swap)
