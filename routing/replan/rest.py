"""What is left of the day, stated as a problem of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from routing.measure import Matrices, may_visit, split
from routing.plan import Orders, PlannedStop, Visit
from routing.problem import LATEST_S, Candidate, Prices, Problem, Shift, Window
from routing.replan.candidates import groups_of, open_candidates, overtaken, settled
from routing.replan.changes import Change, Flag, StreetClosed
from routing.replan.closures import close
from routing.replan.decisions import Decisions
from routing.replan.history import History, Standing
from routing.replan.rides import rides_for
from routing.timetable import timetables
from routing.travel.times import TravelTimes

# What a change costs when the problem sets no prices of its own, in hundredths of the mean prize
# of those still open: worth a look, never worth a good visit.
MOVED_PERCENT, DROPPED_PERCENT = 10, 25


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left.

    Attributes
    ----------
    problem : Problem
        Shifts begin where their collectors are, when they are free; made visits are gone.
    matrices : Matrices
    orders : dict of shift id to visits
        The present routes, without what is made.
    standings : dict of shift id to Standing
        Of the shifts of the problem; stops promised by position count as made.
    taken_by : dict of candidate id to candidate id
        Who of the group of a candidate has been visited.
    moved : frozenset of candidate ids
        Whose appointments were moved.
    unvisitable : tuple of candidate ids
        Those added whom none of all shifts may visit.
    """

    problem: Problem
    matrices: Matrices
    orders: Orders
    standings: Mapping[str, Standing]
    taken_by: Mapping[str, str]
    moved: frozenset[str]
    unvisitable: tuple[str, ...]


def rest_of(
    problem: Problem,
    history: History,
    decisions: Decisions,
    changes: Sequence[Change],
    matrices: Matrices,
    travel: TravelTimes | None,
    closed: Sequence[StreetClosed],
) -> Rest:
    """State what is left for the shifts that a change can reach."""
    open_now = open_candidates(problem, history, decisions)
    standings = _within_reach(problem, history, decisions, changes, open_now)
    known = {shift_id: one.shift for shift_id, one in standings.items()}
    reached = _only_these(problem, open_now, known, len(known) < len(problem.shifts))
    measured = rides_for(reached, standings, matrices, travel)
    if closed:
        measured = close(measured, closed)
    standings = _handed_over(standings, reached, decisions, measured, history)
    standings = {
        shift_id: _promised(one, reached, decisions, measured, history)
        for shift_id, one in standings.items()
    }
    promised = {
        stop.candidate_id: shift_id
        for shift_id, one in standings.items()
        for stop in one.made
        if stop.candidate_id in reached
    }
    if promised:
        groups = groups_of(history, promised)
        reached = {
            id: overtaken(one, promised, groups)
            for id, one in reached.items()
            if id not in promised
        }
    candidates = settled(reached, known)
    asked = {one.id for one in candidates} | promised.keys()
    return Rest(
        Problem(
            tuple(_shift_of(one, history) for one in standings.values()),
            candidates,
            problem.travel_cost_per_hour,
            _prices(problem, candidates),
        ),
        measured,
        {shift_id: _present(one) for shift_id, one in standings.items()},
        standings,
        _taken_by(history, candidates, promised),
        frozenset(decisions.moved),
        tuple(id for id in sorted(decisions.added) if id in open_now and id not in asked),
    )


def _taken_by(
    history: History, candidates: Sequence[Candidate], promised: Mapping[str, str]
) -> dict[str, str]:
    visited = {
        candidate.group: id
        for id in [*history.made_by, *promised]
        if (candidate := history.candidates[id]).group is not None
    }
    return {one.id: visited[one.group] for one in candidates if one.group in visited}


def _present(standing: Standing) -> list[Visit]:
    waits = {stop.candidate_id for stop in standing.route.stops if stop.waits}
    return [Visit(one, one in waits) for one in standing.open]


def _within_reach(
    problem: Problem,
    history: History,
    decisions: Decisions,
    changes: Sequence[Change],
    open_now: Mapping[str, Candidate],
) -> dict[str, Standing]:
    """Return the shifts that a change can reach: those it names, and whoever shares clients."""
    everybody = {one.id: history.standings[one.id] for one in problem.shifts}
    if len(everybody) == 1 or _is_for_all(changes):
        return everybody
    touched = history.touched(changes)
    for id in decisions.added | decisions.moved.keys():
        if id in open_now:
            touched |= {one.id for one in problem.shifts if may_visit(one, open_now[id])}
    touched |= {one.id for one in problem.shifts if _has_to_give_up(one, history, open_now)}
    calm = replace(problem, candidates=_settled_for(problem, open_now), prices=Prices())
    for part in split(calm):
        ids = {shift.id for shift in part.shifts}
        touched |= ids if ids & touched else set()
    return {shift_id: one for shift_id, one in everybody.items() if shift_id in touched}


def _has_to_give_up(shift: Shift, history: History, open_now: Mapping[str, Candidate]) -> bool:
    """Tell whether somebody on a route can't be visited any more, as one of their group was."""
    still = [open_now[id] for id in history.standings[shift.id].open if id in open_now]
    return any(not one.windows or not may_visit(shift, one) for one in still)


def _is_for_all(changes: Sequence[Change]) -> bool:
    return any(isinstance(change, StreetClosed) for change in changes)


def _settled_for(problem: Problem, open_now: Mapping[str, Candidate]) -> tuple[Candidate, ...]:
    return settled(open_now, {shift.id: shift for shift in problem.shifts})


def _only_these(
    problem: Problem,
    open_now: Mapping[str, Candidate],
    known: Mapping[str, Shift],
    is_part: bool,
) -> dict[str, Candidate]:
    """Return the candidates whom these shifts may visit, or wait for."""
    if not is_part:
        return dict(open_now)
    found = {
        id: one
        for id, one in open_now.items()
        if any(may_visit(shift, one) for shift in known.values()) or one.published_shift in known
    }
    for one in list(found.values()):
        found |= {id: open_now[id] for id in one.after if id in open_now}
    return found


def _prices(problem: Problem, candidates: Sequence[Candidate]) -> Prices:
    """Return what it costs to change what was seen; fairness was settled before the day began."""
    given = problem.prices
    if given.moved or given.dropped:
        return Prices(moved=given.moved, dropped=given.dropped)
    prizes = [one.prize for one in candidates if one.windows]
    mean = sum(prizes) // len(prizes) if prizes else 0
    return Prices(moved=mean * MOVED_PERCENT // 100, dropped=mean * DROPPED_PERCENT // 100)


def _shift_of(standing: Standing, history: History) -> Shift:
    """Return the shift from where the collector is, when free; what is used up taken off."""
    shift, free_s = standing.shift, min(standing.free_s, LATEST_S)
    is_over = standing.is_over or free_s > shift.window.end_s
    stops = shift.max_stops
    left = None if stops is None else max(0, stops - len(standing.made))
    breaks = shift.breaks[standing.breaks_taken :]
    return replace(
        shift,
        start=standing.here,
        window=Window(free_s, max(free_s, shift.window.end_s)),
        max_stops=0 if is_over else left,
        breaks=tuple(one for one in breaks if one.window.end_s >= free_s),
        cash_limit=_cash_left(standing, history),
    )


def _cash_left(standing: Standing, history: History) -> int | None:
    """Return how much more cash may be carried.

    What is carried now counts until the end, although a deposit would hand it in: safe, and
    stricter than it has to be once a deposit is made.
    """
    limit = standing.shift.cash_limit
    if limit is None:
        return None
    carried = 0
    for stop in standing.made:
        candidate = history.candidates[stop.candidate_id]
        carried = 0 if candidate.is_deposit else carried + candidate.cash
    return max(0, limit - carried)


def _handed_over(
    standings: Mapping[str, Standing],
    reached: Mapping[str, Candidate],
    decisions: Decisions,
    matrices: Matrices,
    history: History,
) -> dict[str, Standing]:
    """Give stops promised by position by those who went home to who can be there first."""
    handed = dict(standings)
    for id, (_, pin) in decisions.pinned.items():
        home = standings.get(history.planned[id])
        if pin.position is None or home is None or not home.is_over or id not in reached:
            continue
        arrivals = {
            shift_id: stops[0].starts_s
            for shift_id in sorted(decisions.who_keeps(home.shift.id) & handed.keys())
            if may_visit(handed[shift_id].shift, reached[id])
            and (stops := _stops(handed[shift_id], [reached[id]], matrices, history))
        }
        if not arrivals:
            continue
        first = min(arrivals, key=lambda shift_id: arrivals[shift_id])
        for_others = tuple(one for one in handed[home.shift.id].open if one != id)
        handed[home.shift.id] = replace(handed[home.shift.id], open=for_others)
        handed[first] = replace(handed[first], open=(id, *handed[first].open))
    return handed


def _promised(
    standing: Standing,
    reached: Mapping[str, Candidate],
    decisions: Decisions,
    matrices: Matrices,
    history: History,
) -> Standing:
    """Return the shift after the stops up to those whose position is promised."""
    pins = {
        id: (number, pin)
        for id, (number, pin) in decisions.pinned.items()
        if pin.position is not None and id in standing.open
    }
    if not pins:
        return standing
    order = [one for one in standing.open if reached[one].windows]
    upto = 0
    for id, (_, pin) in pins.items():
        at = min(pin.position or 0, len(order) - 1)
        if id in order:
            order.remove(id)
            order.insert(at, id)
            upto = max(upto, at + 1)
    promised = _stops(standing, [reached[id] for id in order[:upto]], matrices, history)
    for number, pin in pins.values():
        if pin.candidate_id not in {stop.candidate_id for stop in promised}:
            history.flag(number, Flag.NOT_IN_TIME)
    if not promised:
        return standing
    first, *others = promised
    first = replace(first, breaks=(*standing.rested, *first.breaks))
    ids = {stop.candidate_id for stop in promised}
    return replace(
        standing,
        made=(*standing.made, first, *others),
        open=tuple(one for one in standing.open if one not in ids),
        here=reached[promised[-1].candidate_id].point,
        free_s=promised[-1].leaves_s,
        breaks_taken=standing.breaks_taken + sum(len(stop.breaks) for stop in promised),
        rested=(),
    )


def _stops(
    standing: Standing, wanted: Sequence[Candidate], matrices: Matrices, history: History
) -> tuple[PlannedStop, ...]:
    """Return visits one after the other, without those that don't fit."""
    known = {standing.shift.id: standing.shift}
    who = {one.id: replace(one, group=None, after=frozenset()) for one in wanted}
    small = Problem((_shift_of(standing, history),), settled(who, known))
    (table,) = timetables(small, matrices)
    order: list[int] = []
    for one in wanted:
        longer = [*order, table.visits.number[one.id]]
        if table.allowed[longer[-1]] and table.has_room(order) and table.fits(longer):
            order = longer
    return table.route(order).stops
