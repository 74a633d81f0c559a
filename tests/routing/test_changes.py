"""What would bring a client in: made to happen, it does; a second or a point less does not."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.errors import InvalidProblem
from routing.explain import plan_of
from routing.measure import Matrices, measure
from routing.objective import value_of
from routing.plan import Change, ChangeKind, Plan, Skipped, SkipReason, Visit
from routing.problem import LATEST_S, Candidate, Prices, Problem, Shift, Window
from routing.verifier import Rule, verify
from tests.routing.rich_days import Orders, RushHour, grown, rich_days
from tests.routing.situations import HOUR, PaperTown, at, candidate, problem, shift

T8 = 8 * HOUR
TOWN = RushHour()


def could_be_added(day: Problem, orders: Orders, who: str) -> bool:
    """Ask the verifier, which shares no code, whether a client fits and pays."""
    matrices = measure(day, TOWN)
    plan = plan_of(day, matrices, orders)
    (place,) = (f"skipped[{i}]" for i, one in enumerate(plan.skipped) if one.candidate_id == who)
    return any(
        one.rule is Rule.LEFT_OUT and one.place == place and "could be added" in one.detail
        for one in verify(day, plan, matrices)
    )


def with_shift(day: Problem, id: str, **changes: object) -> Problem:
    shifts = (replace(one, **changes) if one.id == id else one for one in day.shifts)  # type: ignore[arg-type] - checked by the problem
    return replace(day, shifts=tuple(shifts))


def with_candidate(day: Problem, id: str, **changes: object) -> Problem:
    people = (replace(one, **changes) if one.id == id else one for one in day.candidates)  # type: ignore[arg-type] - checked by the problem
    return replace(day, candidates=tuple(people))


def changed(day: Problem, who: Candidate, change: Change, less: int = 0) -> Iterator[Problem]:
    """Yield the problems in which the change is made, or made a little smaller."""
    amount = int(change.facts.get("seconds", change.facts.get("points", 0))) - less
    shift = next(one for one in day.shifts if one.id == change.facts["shift"])
    match change.kind:
        case ChangeKind.RAISE_PRIZE:
            yield with_candidate(day, who.id, prize=who.prize + amount)
        case ChangeKind.ALLOW_SHIFT:
            allowed = allowed_ids(day, who) | ({shift.id} if not less else set())
            yield with_candidate(day, who.id, shifts=frozenset(allowed), collectors=None)
        case ChangeKind.WIDEN_WINDOW:
            for windows in wider(who.windows, amount):
                yield with_candidate(day, who.id, windows=windows)
        case _:
            yield replaced_shift(day, shift, change.kind, amount, less)


def replaced_shift(day: Problem, shift: Shift, kind: ChangeKind, amount: int, less: int) -> Problem:
    if kind is ChangeKind.LENGTHEN_SHIFT:
        window = Window(shift.window.start_s, shift.window.end_s + amount)
        return with_shift(day, shift.id, window=window)
    if kind is ChangeKind.RAISE_CASH_LIMIT:
        return with_shift(day, shift.id, cash_limit=(shift.cash_limit or 0) + amount)
    if kind is ChangeKind.ADD_STOP_SLOT:
        return with_shift(day, shift.id, max_stops=(shift.max_stops or 0) + 1 - less)
    return day


def wider(windows: tuple[Window, ...], amount: int) -> Iterator[tuple[Window, ...]]:
    for i, window in enumerate(windows):
        earlier = replace(window, start_s=max(0, window.start_s - amount))
        later = replace(window, end_s=min(LATEST_S, window.end_s + amount))
        yield (*windows[:i], earlier, *windows[i + 1 :])
        yield (*windows[:i], later, *windows[i + 1 :])


def allowed_ids(day: Problem, who: Candidate) -> set[str]:
    return {
        one.id
        for one in day.shifts
        if (who.shifts is None or one.id in who.shifts)
        and (who.collectors is None or one.works_for in who.collectors)
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rich_days(), st.data())
def test_a_change_does_what_it_promises_and_a_little_less_does_not(
    day: Problem, data: st.DataObject
) -> None:
    day = replace(day, prices=replace(day.prices, unfairness=()))
    orders, plan = grown(data.draw, day, measure(day, TOWN))
    people = {one.id: one for one in day.candidates}
    for skipped in plan.skipped:
        change = skipped.change
        if change is None or change.kind is ChangeKind.SWAP_FOR:
            continue
        who = people[skipped.candidate_id]

        assert any(could_be_added(one, orders, who.id) for one in changed(day, who, change))
        if change.kind is not ChangeKind.ADD:
            smaller = changed(day, who, change, less=1)
            assert not any(could_be_added(one, orders, who.id) for one in smaller)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rich_days(), st.data())
def test_a_swap_can_be_made_and_loses_what_it_says(day: Problem, data: st.DataObject) -> None:
    day = replace(day, prices=Prices(moved=day.prices.moved, dropped=day.prices.dropped))
    orders, plan = grown(data.draw, day, measure(day, TOWN))
    swaps = [
        (one.candidate_id, one.change)
        for one in plan.skipped
        if one.change and one.change.kind is ChangeKind.SWAP_FOR
    ]
    for who, change in swaps:
        rest = {
            id: [one for one in order if one.candidate_id != change.facts["candidate"]]
            for id, order in orders.items()
        }

        best = max(value_of(day, one).total for one in plans_with(day, rest, who, change))

        assert ceil(value_of(day, plan).total - best) == change.facts["points"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rich_days(), st.data())
def test_nobody_else_on_the_route_would_give_way_for_less(
    day: Problem, data: st.DataObject
) -> None:
    day = replace(day, prices=Prices(moved=day.prices.moved, dropped=day.prices.dropped))
    matrices = measure(day, TOWN)
    orders, plan = grown(data.draw, day, matrices)
    people = {one.id: one for one in day.candidates}
    for skipped in plan.skipped:
        change, who = skipped.change, people[skipped.candidate_id]
        if change is None or change.kind is not ChangeKind.SWAP_FOR or who.group or who.required:
            continue
        shift_id = str(change.facts["shift"])
        for stop in orders[shift_id]:
            other = people[stop.candidate_id]
            if other.required or other.max_rest_days is not None or other.max_visits > 1:
                continue
            rest = orders | {shift_id: [one for one in orders[shift_id] if one is not stop]}
            try:
                without = value_of(day, plan_of(day, matrices, rest)).total
            except InvalidProblem:
                continue
            for swapped in plans_with(day, rest, who.id, change):
                if value_of(day, swapped).total > without:
                    loses = ceil(value_of(day, plan).total - value_of(day, swapped).total)
                    assert loses >= change.facts["points"]


def plans_with(
    day: Problem, orders: Orders, who: str, change: Change, rides: Matrices | None = None
) -> Iterator[Plan]:
    """Yield every plan in which the shift of the change visits one client more."""
    matrices = measure(day, TOWN) if rides is None else rides
    shift_id = str(change.facts["shift"])
    for position in range(len(orders[shift_id]) + 1):
        for waits in (False, True):
            order = list(orders[shift_id])
            order.insert(position, Visit(who, waits))
            try:
                yield plan_of(day, matrices, orders | {shift_id: order})
            except InvalidProblem:
                continue


def skipped(day: Problem, id: str, **orders: list[str]) -> Skipped:
    plan = plan_of(day, measure(day, PaperTown()), orders)
    (found,) = (one for one in plan.skipped if one.candidate_id == id)
    return found


def hour(**changes: object) -> Shift:
    return replace(shift(window=Window(T8, T8 + 3600)), **changes)  # type: ignore[arg-type] - as above


def test_a_few_minutes_more_let_one_more_in() -> None:
    # 10 min each at home; the third would be over at 8:40 of 8:30.
    people = [candidate(id, at(0), service_s=600) for id in "abc"]
    people.append(candidate("d", at(1), service_s=600))
    day = problem(people, [hour(window=Window(T8, T8 + 1800))])

    found = skipped(day, "d", ana=["a", "b", "c"])

    # A block there and back besides the visit: 12 min.
    assert found.reason is SkipReason.NO_TIME_LEFT
    assert found.change == Change(
        ChangeKind.LENGTHEN_SHIFT, {"shift": "ana", "detour_s": 120, "seconds": 720}
    )


def test_a_window_that_closes_too_early_is_to_be_widened() -> None:
    late = candidate("late", at(5), windows=(Window(T8, T8 + 290),))

    found = skipped(problem([late]), "late")

    assert found.reason is SkipReason.OUTSIDE_SHIFT
    assert found.change == Change(
        ChangeKind.WIDEN_WINDOW, {"shift": "ana", "detour_s": 600, "seconds": 10}
    )


def test_a_prize_is_to_be_raised_just_above_the_cost() -> None:
    found = skipped(problem([candidate("far", at(4), prize=80)]), "far")

    assert found.change == Change(
        ChangeKind.RAISE_PRIZE, {"shift": "ana", "detour_s": 480, "points": 1}
    )


def test_one_more_stop_is_a_decision() -> None:
    people = [candidate("a", at(1), prize=5000), candidate("b", at(1))]
    day = problem(people, [hour(max_stops=1)])

    found = skipped(day, "b", ana=["a"])

    assert found.reason is SkipReason.MAX_STOPS
    assert found.change == Change(ChangeKind.ADD_STOP_SLOT, {"shift": "ana", "detour_s": 0})


def test_whoever_is_worth_little_gives_way_when_nothing_cheaper_helps() -> None:
    people = [
        candidate("little", at(1), prize=30, service_s=3000),
        candidate("more", at(1), prize=50, service_s=3000),
    ]
    day = problem(people, [hour()])

    found = skipped(day, "more", ana=["little"])

    assert found.change == Change(
        ChangeKind.SWAP_FOR,
        {"shift": "ana", "detour_s": 120, "candidate": "little", "points": -20},
    )


def test_a_swap_costs_as_well_what_others_lose_who_come_at_another_hour() -> None:
    people = [
        candidate("long", at(0), prize=100, service_s=1800),
        replace(
            candidate("half past", at(0), prize=500, service_s=600),
            preferred=(Window(T8 + 1800, T8 + 3600),),
            outside_price=40,
        ),
        candidate("short", at(0), prize=90, service_s=600),
    ]
    day = problem(people, [hour(window=Window(T8, T8 + 2400))])

    found = skipped(day, "short", ana=["long", "half past"])

    # 10 points less of prize, and 40 as the second client is visited at 8:10 then.
    assert found.change == Change(
        ChangeKind.SWAP_FOR,
        {"shift": "ana", "detour_s": 0, "candidate": "long", "points": 50},
    )


def early_visit_that_sends_others_into_the_rush(**changes: object) -> Skipped:
    """Leave out somebody at home who has time until 8:05 and is worth 10 points.

    The first client is left at 8:19, and the two blocks to the second take 2 min. A minute later
    they take 6, which costs 40 points more.
    """
    people = [
        candidate("first", at(0), prize=500, service_s=1140),
        candidate("second", at(2), prize=500, service_s=1200),
        candidate("early", at(0), prize=10, service_s=60, windows=(Window(T8, T8 + 300),)),
    ]
    day = problem(people, [hour(**changes)])
    matrices = measure(day, TOWN, by_hour=True)
    plan = plan_of(day, matrices, {"ana": ["first", "second"]}, swaps_too=False)
    return next(one for one in plan.skipped if one.candidate_id == "early")


def test_by_the_hour_a_prize_pays_for_the_longer_rides_of_those_who_come_after() -> None:
    found = early_visit_that_sends_others_into_the_rush()

    assert found.change == Change(
        ChangeKind.RAISE_PRIZE, {"shift": "ana", "detour_s": 0, "points": 31}
    )


def test_by_the_hour_a_change_that_would_not_bring_the_visit_in_is_not_told() -> None:
    found = early_visit_that_sends_others_into_the_rush(max_stops=2)

    assert found.reason is SkipReason.MAX_STOPS
    assert found.change is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rich_days(), st.data())
def test_by_the_hour_a_change_does_what_it_promises(day: Problem, data: st.DataObject) -> None:
    day = replace(day, prices=replace(day.prices, unfairness=()))
    matrices = measure(day, TOWN, by_hour=True)
    orders, plan = grown(data.draw, day, matrices)
    people = {one.id: one for one in day.candidates}
    for skipped in plan.skipped:
        change = skipped.change
        if change is None or change.kind is ChangeKind.SWAP_FOR:
            continue
        who = people[skipped.candidate_id]

        assert any(
            value_of(one, more).rank[:2] > value_of(one, plan_of(one, matrices, orders)).rank[:2]
            for one in changed(day, who, change)
            for more in plans_with(one, orders, who.id, change, matrices)
        )


def test_without_swaps_the_reason_is_the_same_and_another_change_is_told() -> None:
    people = [
        candidate("little", at(1), prize=30, service_s=3000),
        candidate("more", at(1), prize=50, service_s=3000),
    ]
    day = problem(people, [hour()])
    matrices = measure(day, PaperTown())

    whole, quick = (
        plan_of(day, matrices, {"ana": ["little"]}, swaps_too=swaps_too).skipped[0]
        for swaps_too in (True, False)
    )

    assert (quick.reason, quick.facts) == (whole.reason, whole.facts)
    assert whole.change is not None
    assert quick.change is not None
    assert whole.change.kind is ChangeKind.SWAP_FOR
    assert quick.change.kind is ChangeKind.LENGTHEN_SHIFT


def test_another_of_the_group_gives_way() -> None:
    people = [replace(candidate(id, at(1)), group="family") for id in "ab"]

    found = skipped(problem(people), "b", ana=["a"])

    assert (found.reason, found.facts["other"]) == (SkipReason.GROUP_TAKEN, "a")
    assert found.change is not None
    assert (found.change.kind, found.change.facts["candidate"]) == (ChangeKind.SWAP_FOR, "a")


def test_a_neighbour_who_may_not_visit_is_proposed_but_never_a_forbidden_one() -> None:
    people = [
        candidate("a", at(1), prize=5000, service_s=3000),
        candidate("joins", at(9), prize=0),  # both may visit: one part, one matrix
        candidate("x", at(1), service_s=3000, shifts=frozenset({"ana"})),
    ]
    day = problem(people, [hour(id="ana"), hour(id="beto")])
    refused = with_candidate(day, "x", forbidden_collectors=frozenset({"beto"}))

    welcome = skipped(day, "x", ana=["a"]).change
    unwelcome = skipped(refused, "x", ana=["a"]).change

    assert welcome == Change(ChangeKind.ALLOW_SHIFT, {"shift": "beto", "detour_s": 120})
    # 8:01, twice 50 min, home at 9:42.
    assert unwelcome == Change(
        ChangeKind.LENGTHEN_SHIFT, {"shift": "ana", "detour_s": 0, "seconds": 2520}
    )
