"""Whatever happens on whatever day: what is left keeps every rule, what is made stays made."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.errors import InvalidProblem
from routing.explain import plan_of
from routing.measure import measure
from routing.objective import value_of
from routing.plan import Plan
from routing.problem import Problem, Window
from routing.replan import (
    Added,
    Cancelled,
    Change,
    Late,
    Moved,
    Pinned,
    Replanned,
    Sick,
    Underway,
    VisitDone,
    replan,
)
from routing.verifier import verify
from tests.routing.rich_days import T8, RushHour, grown, rich_days
from tests.routing.situations import PaperTown, at, candidate

SEARCHED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MOMENTS = st.integers(T8, T8 + 3600)


def one_day(problem: Problem) -> Problem:
    """The first day of a problem alone."""
    first = tuple(shift for shift in problem.shifts if shift.day == 0)
    ids, collectors = {one.id for one in first}, {one.works_for for one in first}
    people = tuple(
        replace(
            one,
            shifts=None if one.shifts is None else one.shifts & ids,
            collectors=None if one.collectors is None else one.collectors & collectors,
        )
        for one in problem.candidates
    )
    return replace(problem, shifts=first, candidates=people)


@st.composite
def changed_days(draw: st.DrawFn) -> tuple[Problem, Plan, PaperTown, list[Change], int]:
    problem = one_day(draw(rich_days()))
    town = draw(st.sampled_from([PaperTown(), PaperTown(), RushHour()]))
    matrices = measure(problem, town, by_hour=True)
    _, plan = grown(draw, problem, matrices)
    now_s = draw(MOMENTS)
    changes = draw(st.lists(some_change(problem, plan, now_s), max_size=4))
    new = [one for one in changes if isinstance(one, Added)]
    changes = [one for one in changes if one not in new[1:]]
    return problem, plan, town, changes, now_s


def some_change(problem: Problem, plan: Plan, now_s: int) -> st.SearchStrategy[Change]:
    shifts = st.sampled_from([one.id for one in problem.shifts])
    points = st.builds(at, st.integers(0, 6), st.integers(0, 6))
    everybody = frozenset(one.id for one in problem.shifts)
    kinds: list[st.SearchStrategy[Change]] = [
        st.builds(Late, shifts, MOMENTS, st.none() | points),
        st.builds(Sick, shifts, st.sampled_from([frozenset[str](), everybody])),
        st.builds(Underway, shifts, points, st.integers(T8, now_s)),
        st.builds(
            lambda point, prize, required: Added(candidate("new", point, prize, required=required)),
            points,
            st.integers(0, 500),
            st.booleans(),
        ),
    ]
    if problem.candidates:
        ids = st.sampled_from([one.id for one in problem.candidates])
        windows = st.builds(
            lambda start, width: Window(T8 + 60 * start, T8 + 60 * (start + width)),
            st.integers(0, 60),
            st.integers(0, 30),
        )
        kinds += [
            st.builds(VisitDone, ids, st.integers(T8, now_s), shift_id=shifts),
            st.builds(Cancelled, ids),
            st.builds(Moved, ids, windows),
            st.builds(Pinned, ids, st.none() | st.integers(0, 2)),
        ]
    return st.one_of(kinds)


def replanned(day: tuple[Problem, Plan, PaperTown, list[Change], int]) -> Replanned:
    problem, plan, town, changes, now_s = day
    matrices = measure(problem, town, by_hour=True)
    return replan(problem, plan, changes, now_s, matrices=matrices, travel=town)


@SEARCHED
@given(changed_days())
def test_what_is_left_keeps_every_rule(
    day: tuple[Problem, Plan, PaperTown, list[Change], int],
) -> None:
    assert verify(*replanned(day).as_problem()) == []


@SEARCHED
@given(changed_days())
def test_everybody_is_visited_once_or_left_out_and_told(
    day: tuple[Problem, Plan, PaperTown, list[Change], int],
) -> None:
    problem, _, _, changes, _ = day

    found = replanned(day)

    visited = [stop.candidate_id for route in found.plan.routes for stop in route.stops]
    left_out = [one.candidate_id for one in found.plan.skipped]
    new = ["new" for one in changes if isinstance(one, Added)]
    assert sorted(visited + left_out) == sorted([one.id for one in problem.candidates] + new)
    assert found.plan.prize == sum(
        stop.prize for route in found.plan.routes for stop in route.stops
    )


@SEARCHED
@given(changed_days())
def test_what_was_planned_to_be_made_by_now_stays_where_nobody_said_otherwise(
    day: tuple[Problem, Plan, PaperTown, list[Change], int],
) -> None:
    _, plan, _, changes, now_s = day
    told = {one.shift_id for one in changes if isinstance(one, VisitDone | Underway | Late)}
    made_elsewhere = {one.candidate_id for one in changes if isinstance(one, VisitDone)}

    found = replanned(day)

    for old, new in zip(plan.routes, found.plan.routes, strict=True):
        made = [
            stop
            for stop in old.stops
            if stop.starts_s <= now_s and stop.candidate_id not in made_elsewhere
        ]
        if old.shift_id not in told:
            assert list(new.stops[: len(made)]) == made


@SEARCHED
@given(changed_days())
def test_no_day_gets_worse_than_going_on_as_before(
    day: tuple[Problem, Plan, PaperTown, list[Change], int],
) -> None:
    found = replanned(day)
    rest, rest_plan, matrices = found.as_problem()
    try:
        as_before = plan_of(rest, matrices, found.rest.orders)
    except InvalidProblem:
        return  # it can't be kept
    if found.rest.moved:
        return  # waiting less for a moved appointment may cost a ride

    before, now = value_of(rest, as_before), value_of(rest, rest_plan)

    assert (now.required, now.total) >= (before.required, before.total)


@SEARCHED
@given(changed_days())
def test_a_pinned_stop_that_can_be_kept_is_kept(
    day: tuple[Problem, Plan, PaperTown, list[Change], int],
) -> None:
    problem, plan, town, changes, now_s = day
    pins = [one for one in changes if isinstance(one, Pinned)]
    calm = [one for one in changes if isinstance(one, Cancelled | Pinned)]
    gone = {one.candidate_id for one in calm if isinstance(one, Cancelled)}
    homes = {stop.candidate_id: r.shift_id for r in plan.routes for stop in r.stops}

    found = replanned(
        (
            problem,
            plan,
            town,
            [replace(one, position=None) if one in pins else one for one in calm],
            now_s,
        )
    )

    now = {stop.candidate_id: r.shift_id for r in found.plan.routes for stop in r.stops}
    try:
        plan_of(found.rest.problem, found.rest.matrices, found.rest.orders)
    except InvalidProblem:
        return
    for pin in pins:
        if pin.candidate_id in homes and pin.candidate_id not in gone:
            assert now[pin.candidate_id] == homes[pin.candidate_id]
