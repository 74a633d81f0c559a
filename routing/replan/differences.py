"""What a new plan changes for the people who have seen the old one, and why."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from routing.measure import Measured, may_visit, windows_on
from routing.plan import Plan
from routing.problem import Candidate, Shift
from routing.replan.changes import Remark
from routing.replan.decisions import Decisions
from routing.replan.history import History
from routing.replan.rest import Rest
from routing.travel.times import UNREACHABLE


class Why(StrEnum):
    """Why a stop is where it is now, or nowhere."""

    CANCELLED = "cancelled"
    SICK = "sick"  # who was to come went home
    WINDOW_OVER = "window_over"  # nobody can be there before the last window closes
    SHIFT_OVER = "shift_over"  # nobody who may come can be back in time
    CLOSED = "closed"  # no way leads there any more
    NO_LONGER_ALLOWED = "no_longer_allowed"  # nobody who works now may visit
    GAVE_WAY = "gave_way"  # others bring more for the time that is left
    URGENT = "urgent"  # it is new today
    NOW_FITS = "now_fits"  # there is room or reason for it now
    WORTH_MORE = "worth_more"  # the day as a whole is worth more this way
    AS_MADE = "as_made"  # the visit was made by another collector than planned


@dataclass(frozen=True, slots=True)
class StopChange:
    """A stop that changes hands: ``from_shift`` None comes in, ``to_shift`` None goes out."""

    candidate_id: str
    from_shift: str | None
    to_shift: str | None
    why: Why


@dataclass(frozen=True, slots=True)
class Differences:
    """Old plan against new.

    Attributes
    ----------
    kept : tuple of candidate ids
        Stops still to be made by the same shift.
    moved, dropped, added : tuple[StopChange, ...]
    reordered : int
        Fewest kept stops that would have to be put elsewhere to get the old orders back.
    later_s : mapping of candidate id to seconds
        How much later each kept stop starts, below 0 when earlier; those unchanged are missing.
    remarks : tuple[Remark, ...]
        What was odd about the changes.
    """

    kept: tuple[str, ...]
    moved: tuple[StopChange, ...]
    dropped: tuple[StopChange, ...]
    added: tuple[StopChange, ...]
    reordered: int
    later_s: Mapping[str, int]
    remarks: tuple[Remark, ...]

    @property
    def is_same(self) -> bool:
        """Tell whether every open stop stays with its collector, in order."""
        return not (self.moved or self.dropped or self.added or self.reordered)


def differences(
    old: Plan, new: Plan, history: History, decisions: Decisions, rest: Rest
) -> Differences:
    """Compare two plans of a day of which a part has happened."""
    before = {stop.candidate_id: (r, stop) for r in old.routes for stop in r.stops}
    after = {stop.candidate_id: (r, stop) for r in new.routes for stop in r.stops}
    made = history.made_by
    kept, moved, later_s = [], [], {}
    for id, (route, stop) in before.items():
        if id not in after or (id in made and made[id] == route.shift_id):
            continue
        now, new_stop = after[id]
        if now.shift_id != route.shift_id:
            why = _why_moved(id, route.shift_id, history, decisions)
            moved.append(StopChange(id, route.shift_id, now.shift_id, why))
            continue
        kept.append(id)
        if new_stop.starts_s != stop.starts_s:
            later_s[id] = new_stop.starts_s - stop.starts_s
    known = {one.id: one for one in rest.problem.candidates}
    dropped = [
        StopChange(id, route.shift_id, None, _why_dropped(known[id], decisions, rest))
        for id, (route, _) in before.items()
        if id not in after
    ]
    added = [
        StopChange(id, None, route.shift_id, _why_added(id, history, decisions))
        for id, (route, _) in after.items()
        if id not in before
    ]
    out_of_order = sum(
        reordered(_still(a, kept), _still(b, kept))
        for a, b in zip(_orders(old), _orders(new), strict=True)
    )
    remarks = tuple(sorted(history.remarks, key=lambda one: one.change))
    return Differences(
        tuple(kept), tuple(moved), tuple(dropped), tuple(added), out_of_order, later_s, remarks
    )


def reordered(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how few of the stops in both orders have to be put elsewhere to make them agree."""
    place = {one: i for i, one in enumerate(before)}
    common = [place[one] for one in after if one in place]
    ends: list[int] = []  # of the longest ascending runs, by length
    for one in common:
        at = bisect_left(ends, one)
        ends[at : at + 1] = [one]
    return len(common) - len(ends)


def _orders(plan: Plan) -> list[list[str]]:
    return [[stop.candidate_id for stop in route.stops] for route in plan.routes]


def _still(order: Sequence[str], kept: Sequence[str]) -> list[str]:
    wanted = set(kept)
    return [one for one in order if one in wanted]


def _why_moved(id: str, shift_id: str, history: History, decisions: Decisions) -> Why:
    if id in history.made_by:
        return Why.AS_MADE
    is_sick = any(one.shift_id == shift_id for one in decisions.sick)
    return Why.SICK if is_sick else Why.WORTH_MORE


def _why_added(id: str, history: History, decisions: Decisions) -> Why:
    if id in history.made_by:
        return Why.AS_MADE
    return Why.URGENT if id in decisions.added else Why.NOW_FITS


def _why_dropped(candidate: Candidate, decisions: Decisions, rest: Rest) -> Why:
    if candidate.id in decisions.cancelled:
        return Why.CANCELLED
    who = [shift for shift in rest.problem.shifts if may_visit(shift, candidate)]
    if not who:
        is_sick = any(one.shift_id == candidate.published_shift for one in decisions.sick)
        return Why.SICK if is_sick else _why_nobody(candidate, rest)
    found = {_why_not(shift, candidate, rest.matrices[shift.id]) for shift in who}
    order = (Why.GAVE_WAY, Why.SHIFT_OVER, Why.WINDOW_OVER, Why.CLOSED)
    return next(why for why in order if why in found)


def _why_nobody(candidate: Candidate, rest: Rest) -> Why:
    home = next((one for one in rest.problem.shifts if one.id == candidate.published_shift), None)
    is_over = home is not None and rest.standings[home.id].free_s > home.window.end_s - 1
    return Why.SHIFT_OVER if is_over else Why.NO_LONGER_ALLOWED


def _why_not(shift: Shift, candidate: Candidate, rides: Measured) -> Why:
    """Tell what would keep a shift from visiting this candidate and nobody else."""
    windows = windows_on(candidate, shift.day)
    if not windows:
        return Why.WINDOW_OVER  # nobody asked for rides to there
    number = {point: i for i, point in enumerate(rides.points)}
    there_s = int(rides.matrix.seconds[number[shift.start], number[candidate.point]])
    home_s = 0
    if shift.end is not None:
        home_s = int(rides.matrix.seconds[number[candidate.point], number[shift.end]])
    if UNREACHABLE in {there_s, home_s}:
        return Why.CLOSED
    arrives_s = shift.window.start_s + there_s
    starts = [max(arrives_s, one.start_s) for one in windows if arrives_s <= one.end_s]
    if not starts:
        return Why.WINDOW_OVER
    is_back = min(starts) + candidate.stay_s + home_s <= shift.window.end_s
    return Why.GAVE_WAY if is_back else Why.SHIFT_OVER
