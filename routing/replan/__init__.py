"""Changes during the day: what is made stays as it was, the rest is planned anew with few changes.

Every call states all facts of a shift's day: the visits made so far, and where the collector is.
A shift of which nothing is said is taken to have followed its plan until now. Facts are never
refused: what is odd about them is flagged.
"""

from collections.abc import Sequence
from importlib.metadata import version

from routing.explain import never
from routing.measure import Matrices, measure
from routing.plan import Plan
from routing.problem import Problem
from routing.replan.answer import Replanned, rest_plan_of, whole_plan
from routing.replan.changes import (
    Added,
    Cancelled,
    Change,
    Flag,
    Late,
    Moved,
    Pinned,
    Remark,
    Sick,
    StreetClosed,
    Underway,
    VisitDone,
)
from routing.replan.closures import check, with_streets_closed
from routing.replan.decisions import Decisions
from routing.replan.differences import Differences, StopChange, Why, differences
from routing.replan.history import History
from routing.replan.rest import rest_of
from routing.replan.search import search
from routing.solver.parameters import ShouldStop, SolverParams
from routing.travel.times import TravelTimes

__all__ = [
    "Added",
    "Cancelled",
    "Change",
    "Differences",
    "Flag",
    "Late",
    "Moved",
    "Pinned",
    "Remark",
    "Replanned",
    "Sick",
    "StopChange",
    "StreetClosed",
    "Underway",
    "VisitDone",
    "Why",
    "replan",
]

# A few steps from the present routes find what is to be found nearby, in the time of a tap.
WARM = SolverParams(iterations=16)


def replan(  # noqa: PLR0913 - what it may be told is optional, and told by name
    problem: Problem,
    plan: Plan,
    changes: Sequence[Change],
    now_s: int,
    *,
    matrices: Matrices | None = None,
    travel: TravelTimes | None = None,
    params: SolverParams = WARM,
    seed: int = 0,
    explain: bool = True,
    follows_plan: bool = True,
    should_stop: ShouldStop | None = None,
) -> Replanned:
    """Return the plan of the day after changes, and how it differs from the one people have seen.

    Visits made, and the one under way, stay as they happened; pinned stops stay on their route. The
    rest is searched from the present routes on, each from where its collector is when free. To
    take a stop from its collector, or to drop it, costs ``prices.moved`` and ``prices.dropped``,
    or 10 and 25 % of the mean prize when the problem has neither; an order is changed only for 1 %
    of the mean prize per stop. Fairness is left to the plan of the morning.

    Parameters
    ----------
    problem : Problem
        As it was planned, shifts of one day.
    plan : Plan
        Its plan, or an earlier ``Replanned.plan`` (then state its added candidates in the problem).
    now_s : int
        Seconds since local midnight; what was planned before it is history.
    matrices : result of `routing.measure`, optional
        Rides already known. Without, or where a place is missing in them, `travel` is asked.
    travel : TravelTimes, optional
        One that can close streets (`routing.travel.times.ClosableTravel`) measures all rides anew
        when a circle is closed; otherwise the way round is estimated.
    params : SolverParams
        How long to search on; a few steps by default.
    explain : bool
        False leaves ``plan.skipped`` empty, which takes a small part of the time.
    follows_plan : bool
        A shift of which no visit is told is taken to have followed its plan until now. False: it
        has visited nobody, because each visit is told.

    Raises
    ------
    InvalidProblem
        With the number and the field of a change that names somebody unknown, or if rides are
        missing and there is nobody to ask.
    TravelTimesUnavailable
        If `travel` can't answer.
    """
    if matrices is None:
        matrices = {} if travel is None else measure(problem, travel)
    closed = []
    for i, change in enumerate(changes):
        if isinstance(change, StreetClosed):
            check(f"changes[{i}]", change)
            closed.append(change)
    if closed and travel is not None:
        travel, matrices, closed = with_streets_closed(problem, travel, matrices, closed)
    history = History(problem, plan, changes, now_s, follows_plan=follows_plan)
    decisions = Decisions(history, changes)
    rest = rest_of(problem, history, decisions, changes, matrices, travel, closed)
    routes = search(rest, params, seed, should_stop or _never)
    rest_plan = rest_plan_of(rest, routes, seed, _name())
    made = {
        id: history.retimed(id, matrices.get(id)) + one.made[len(history.standings[id].made) :]
        for id, one in rest.standings.items()
    }
    whole = whole_plan(plan, rest, rest_plan, made)
    changed = differences(plan, whole, history, decisions, rest)
    nobody = tuple(never(problem, history.candidates[id]) for id in rest.unvisitable)
    found = Replanned(whole, changed, False, rest, rest_plan, (*plan.skipped, *nobody))
    return found.explained() if explain else found


def _name() -> str:
    return f"ruin and recreate 5, warm, numba {version('numba')}"


def _never() -> bool:
    return False
