"""A day that changes: what is made stays, the rest is planned anew, and little else changes."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from routing.errors import InvalidProblem
from routing.explain import plan_of
from routing.geo import Point
from routing.measure import measure
from routing.plan import Plan, SkipReason, Visit
from routing.problem import Break, Prices, Problem, Window
from routing.replan import (
    Added,
    Cancelled,
    Change,
    Flag,
    Late,
    Moved,
    Pinned,
    Replanned,
    Sick,
    StreetClosed,
    Underway,
    VisitDone,
    Why,
    replan,
)
from routing.travel.times import Circle, Matrix, Profile
from routing.verifier import verify
from tests.routing.rich_days import RushHour
from tests.routing.situations import HOUR, MORNING, PaperTown, at, candidate, problem, shift

T8 = 8 * HOUR
ROW = ("a", "b", "c", "d")


def row(**changes: object) -> Problem:
    """Four clients along one street, two blocks apart: one every 12 minutes, home by 8:56."""
    found = [candidate(id, at(2 * i + 2)) for i, id in enumerate(ROW)]
    day = problem(found)
    return replace(day, **changes)  # type: ignore[arg-type] # fields of a problem


def planned(day: Problem, **orders: list[str]) -> Plan:
    return plan_of(day, measure(day, PaperTown()), orders or {"ana": list(ROW)})


def changed(day: Problem, plan: Plan, *changes: Change, now_s: int = T8) -> Replanned:
    """Replan, and check what has to hold after any change."""
    found = replan(day, plan, changes, now_s, travel=PaperTown())
    assert verify(*found.as_problem()) == []
    return found


def orders(found: Replanned) -> dict[str, list[str]]:
    return {
        route.shift_id: [stop.candidate_id for stop in route.stops] for route in found.plan.routes
    }


def flags(found: Replanned) -> list[tuple[int, Flag]]:
    return [(one.change, one.flag) for one in found.differences.remarks]


def why(found: Replanned, id: str) -> Why:
    groups = (found.differences.moved, found.differences.dropped, found.differences.added)
    return next(one.why for group in groups for one in group if one.candidate_id == id)


def test_without_changes_the_plan_stays_as_it_is() -> None:
    plan = planned(row())

    found = changed(row(), plan)

    assert found.plan.routes == plan.routes
    assert found.differences.is_same
    assert found.differences.kept == ROW
    assert found.differences.later_s == {}


def test_stops_whose_ride_has_begun_are_history_when_nobody_said_otherwise() -> None:
    plan = planned(row())
    b = plan.routes[0].stops[1]

    found = changed(row(), plan, now_s=b.arrives_s - b.travel_s + 1)

    assert found.rest_plan.routes[0].stops[0].candidate_id == "c"
    assert found.plan.routes == plan.routes


def test_until_its_ride_begins_a_stop_can_still_change() -> None:
    plan = planned(row())
    b = plan.routes[0].stops[1]

    found = changed(row(), plan, now_s=b.arrives_s - b.travel_s)

    assert found.rest_plan.routes[0].stops[0].candidate_id == "b"


def test_a_visit_that_took_longer_puts_the_others_off() -> None:
    plan = planned(row())
    left_s = plan.routes[0].stops[0].leaves_s + 300

    found = changed(row(), plan, VisitDone("a", left_s), now_s=left_s)

    a, b, *_ = found.plan.routes[0].stops
    assert (a.leaves_s, a.starts_s) == (left_s, left_s - 600)
    assert b.arrives_s == left_s + 120
    assert found.differences.later_s == {"b": 300, "c": 300, "d": 300}
    assert orders(found) == {"ana": list(ROW)}


def test_a_visit_made_out_of_turn_leaves_the_others_open() -> None:
    plan = planned(row())

    found = changed(row(), plan, VisitDone("b", T8 + 900), now_s=T8 + 900)

    first, *others = orders(found)["ana"]
    assert first == "b"
    assert sorted(others) == ["a", "c", "d"]


def test_what_was_made_stays_exactly_as_it_happened_from_change_to_change() -> None:
    plan = planned(row())
    done = VisitDone("a", T8 + 1000, started_s=T8 + 200)

    once = changed(row(), plan, done, now_s=T8 + 1000)
    twice = changed(row(), once.plan, done, Cancelled("c"), now_s=T8 + 1100)

    a = once.plan.routes[0].stops[0]
    assert (a.arrives_s, a.starts_s, a.leaves_s, a.travel_s) == (T8 + 120, T8 + 200, T8 + 1000, 120)
    assert twice.plan.routes[0].stops[0] == a


def test_the_stop_under_way_stays_and_the_rest_follows_it() -> None:
    plan = planned(row())

    found = changed(row(), plan, Underway("ana", at(4), T8 + 300, "b"), now_s=T8 + 400)

    first, *others = found.plan.routes[0].stops
    assert (first.candidate_id, first.starts_s, first.leaves_s) == ("b", T8 + 300, T8 + 900)
    assert others[0].arrives_s - others[0].travel_s == T8 + 900
    assert orders(found) == {"ana": ["b", "c", "d", "a"]}


def test_a_collector_on_the_road_goes_on_from_there() -> None:
    plan = planned(row())

    found = changed(row(), plan, Underway("ana", at(9), T8 + 60), now_s=T8 + 60)

    assert orders(found)["ana"][0] == "d"
    assert found.plan.routes[0].stops[0].arrives_s == T8 + 60 + 60


def test_a_cancelled_stop_goes_and_the_others_come_earlier() -> None:
    plan = planned(row())

    found = changed(row(), plan, Cancelled("b"))

    assert orders(found) == {"ana": ["a", "c", "d"]}
    assert why(found, "b") is Why.CANCELLED
    assert found.differences.later_s == {"c": -600, "d": -600}
    assert [one.reason for one in found.plan.skipped] == [SkipReason.NO_LEGAL_WINDOW]


def test_a_stop_cancelled_on_the_way_is_not_visited() -> None:
    plan = planned(row())
    b = plan.routes[0].stops[1]

    found = changed(row(), plan, Cancelled("b"), now_s=b.arrives_s - 1)

    assert orders(found) == {"ana": ["a", "c", "d"]}
    assert found.plan.routes[0].stops[1].arrives_s == b.arrives_s - 1 + 240


def test_cancelling_a_visit_that_is_made_is_flagged_and_changes_nothing() -> None:
    plan = planned(row())
    a = plan.routes[0].stops[0]

    found = changed(row(), plan, Cancelled("a"), now_s=a.starts_s)

    assert orders(found) == {"ana": list(ROW)}
    assert flags(found) == [(0, Flag.ALREADY_DONE)]


def test_an_urgent_client_is_taken_in() -> None:
    plan = planned(row())

    found = changed(row(), plan, Added(candidate("e", at(5), prize=5000)))

    assert orders(found) == {"ana": ["a", "b", "e", "c", "d"]}
    assert why(found, "e") is Why.URGENT
    assert found.plan.prize == plan.prize + 5000


def test_a_required_urgent_client_takes_the_place_of_another_when_the_day_is_full() -> None:
    day = row(shifts=(shift(window=Window(T8, T8 + 3360)),))
    plan = planned(day)

    found = changed(day, plan, Added(candidate("e", at(8), prize=10, required=True)))

    assert "e" in orders(found)["ana"]
    assert len(found.differences.dropped) == 1
    assert found.differences.dropped[0].why is Why.GAVE_WAY


def test_two_changes_at_once_are_both_kept() -> None:
    plan = planned(row())

    found = changed(row(), plan, Cancelled("b"), Added(candidate("e", at(5), prize=5000)))

    assert orders(found) == {"ana": ["a", "e", "c", "d"]}


@pytest.mark.parametrize(("free_at_s", "is_visited"), [(T8 + 3480, True), (T8 + 3481, False)])
def test_being_late_drops_a_stop_only_when_its_window_has_passed(
    free_at_s: int, is_visited: bool
) -> None:
    """Two blocks take two minutes: at 9:00 sharp the window of a is still open."""
    a = candidate("a", at(2), windows=(Window(T8, T8 + HOUR),))
    day = problem([a, candidate("b", at(4))])
    plan = planned(day, ana=["a", "b"])

    found = changed(day, plan, Late("ana", free_at_s))

    assert ("a" in orders(found)["ana"]) is is_visited
    assert [one.why for one in found.differences.dropped] == [Why.WINDOW_OVER] * (not is_visited)


@pytest.mark.parametrize(("free_at_s", "is_visited"), [(MORNING.end_s - 840, True), (0, True)])
def test_being_late_leaves_what_can_be_back_in_time(free_at_s: int, is_visited: bool) -> None:
    day = problem([candidate("a", at(2))])

    found = changed(day, planned(day, ana=["a"]), Late("ana", free_at_s))

    assert bool(orders(found)["ana"]) is is_visited


def test_a_second_too_late_to_be_back_the_shift_is_over() -> None:
    day = problem([candidate("a", at(2))])

    found = changed(day, planned(day, ana=["a"]), Late("ana", MORNING.end_s - 839))

    assert orders(found) == {"ana": []}
    assert why(found, "a") is Why.SHIFT_OVER


def test_who_is_free_only_after_the_shift_visits_nobody() -> None:
    plan = planned(row())

    found = changed(row(), plan, Late("ana", MORNING.end_s + 1))

    assert orders(found) == {"ana": []}
    assert {one.why for one in found.differences.dropped} == {Why.SHIFT_OVER}


def two_zones() -> Problem:
    """Ana has a and b, Beto has c and d; zones keep them apart."""
    found = [
        candidate(id, at(2 * i + 2), shifts=frozenset({"ana" if i < 2 else "beto"}))
        for i, id in enumerate(ROW)
    ]
    return problem(found, [shift("ana"), shift("beto")])


def test_the_stops_of_a_sick_collector_are_shared_with_those_named() -> None:
    day = two_zones()
    plan = planned(day, ana=["a", "b"], beto=["c", "d"])

    found = changed(day, plan, Sick("ana", frozenset({"beto"})))

    assert orders(found)["ana"] == []
    assert sorted(orders(found)["beto"]) == list(ROW)
    assert {one.why for one in found.differences.moved} == {Why.SICK}


def test_without_a_neighbour_the_stops_of_a_sick_collector_are_dropped() -> None:
    day = two_zones()
    plan = planned(day, ana=["a", "b"], beto=["c", "d"])

    found = changed(day, plan, Sick("ana"))

    assert orders(found) == {"ana": [], "beto": ["c", "d"]}
    assert [one.why for one in found.differences.dropped] == [Why.SICK, Why.SICK]
    assert found.plan.routes[1] == plan.routes[1]


def test_who_is_forbidden_does_not_take_the_stops_of_a_sick_neighbour() -> None:
    day = two_zones()
    a, *others = day.candidates
    day = replace(day, candidates=(replace(a, forbidden_collectors=frozenset({"beto"})), *others))
    plan = planned(day, ana=["a", "b"], beto=["c", "d"])

    found = changed(day, plan, Sick("ana", frozenset({"beto"})))

    assert sorted(orders(found)["beto"]) == ["b", "c", "d"]


def test_what_the_sick_collector_has_made_stays_made() -> None:
    day = two_zones()
    plan = planned(day, ana=["a", "b"], beto=["c", "d"])
    a = plan.routes[0].stops[0]

    found = changed(
        day, plan, VisitDone("a", a.leaves_s), Sick("ana", frozenset({"beto"})), now_s=a.leaves_s
    )

    assert found.plan.routes[0].stops == (a,)
    assert found.plan.routes[0].returns_s == a.leaves_s + 120
    assert "b" in orders(found)["beto"]


def test_who_is_far_from_a_change_keeps_the_route_untouched() -> None:
    day = two_zones()
    plan = planned(day, ana=["a", "b"], beto=["c", "d"])

    found = changed(day, plan, Cancelled("a"))

    assert found.plan.routes[1] == plan.routes[1]
    assert [one.id for one in found.rest.problem.shifts] == ["ana"]


def test_no_ride_is_made_on_a_closed_street() -> None:
    plan = planned(row())
    closed = StreetClosed(frozenset({(at(2), at(4)), (at(4), at(2))}))

    found = changed(row(), plan, closed)

    order = orders(found)["ana"]
    assert sorted(order) == list(ROW)
    assert abs(order.index("a") - order.index("b")) > 1


def test_nobody_gets_into_a_closed_circle() -> None:
    plan = planned(row())

    found = changed(row(), plan, StreetClosed(centre=at(4), radius_m=60))

    assert "b" not in orders(found)["ana"]
    assert why(found, "b") is Why.CLOSED


def test_rides_past_a_closed_circle_take_longer_and_those_aside_do_not() -> None:
    a, b, c = candidate("a", at(2)), candidate("b", at(6)), candidate("c", at(2, 9))
    day = problem([a, b, c])
    plan = planned(day, ana=["c", "a", "b"])

    found = changed(day, plan, StreetClosed(centre=at(4), radius_m=60))

    seconds = found.rest.matrices["ana"].matrix.seconds
    points = found.rest.matrices["ana"].points
    number = {point: i for i, point in enumerate(points)}
    assert seconds[number[at(2)], number[at(6)]] > 240
    assert seconds[number[at(0)], number[at(2)]] == 120
    assert seconds[number[at(2)], number[at(2, 9)]] == 540


class TownOfStreets(PaperTown):
    """The same town, of which some streets can be closed: every ride then takes twice as long."""

    def __init__(self, slower: int = 1) -> None:
        super().__init__()
        self.slower = slower

    def closing(self, circles: Sequence[Circle]) -> "TownOfStreets":
        return TownOfStreets(self.slower * 2 ** len(circles))

    def matrix(self, points: Sequence[Point], profile: Profile, depart_s: int = 0) -> Matrix:
        found = super().matrix(points, profile, depart_s)
        return replace(found, seconds=found.seconds * self.slower)


def test_a_source_that_can_close_streets_measures_the_rides_itself() -> None:
    plan = planned(row())
    closed = StreetClosed(centre=at(4), radius_m=60)

    found = replan(row(), plan, [closed], T8, travel=TownOfStreets())

    assert verify(*found.as_problem()) == []
    assert orders(found)["ana"] == list(ROW)  # the way in is the engine's to know, not a circle's
    assert [stop.travel_s for stop in found.plan.routes[0].stops] == [240] * 4


def test_a_wait_that_spares_the_rush_hour_is_kept() -> None:
    # Left at 8:20 the block home takes 3 min; from 8:40 on, half of one.
    client = replace(
        candidate("a", at(1), prize=0, service_s=1140, required=True),
        preferred=(Window(T8 + 1140, T8 + 1800),),
    )
    day = problem([client])
    rides = measure(day, RushHour(), by_hour=True)
    plan = plan_of(day, rides, {"ana": [Visit("a", waits=True)]})

    found = replan(day, plan, [], T8, matrices=rides)

    (stop,) = found.plan.routes[0].stops
    assert (stop.starts_s, found.plan.routes[0].travel_s) == (T8 + 1140, 90)
    assert verify(*found.as_problem()) == []


def test_who_tells_every_visit_has_made_none_that_is_not_told() -> None:
    plan = planned(row())
    now_s = T8 + 30 * 60

    silent = replan(row(), plan, [], now_s, travel=PaperTown())
    told = replan(row(), plan, [], now_s, travel=PaperTown(), follows_plan=False)

    assert [one.starts_s < now_s for one in silent.plan.routes[0].stops].count(True) == 3
    assert all(one.starts_s > now_s for one in told.plan.routes[0].stops)


def test_a_planned_stop_that_lost_its_windows_is_dropped() -> None:
    plan = planned(row())
    closed = tuple(replace(one, windows=()) if one.id == "b" else one for one in row().candidates)

    found = changed(row(candidates=closed), plan)

    assert orders(found)["ana"] == ["a", "c", "d"]
    assert why(found, "b") is Why.WINDOW_OVER


def test_a_day_of_which_little_is_left_begins_with_what_there_is_room_for() -> None:
    crowd = problem([candidate(f"c{i}", at(1 + i % 2)) for i in range(12)])
    plan = planned(
        crowd, ana=[f"c{i}" for i in range(0, 12, 2)] + [f"c{i}" for i in range(1, 12, 2)]
    )
    hours = crowd.shifts[0].window

    found = changed(crowd, plan, Late("ana", hours.end_s - 1800))

    assert 0 < len(orders(found)["ana"]) <= 3


def test_zones_keep_their_own_rides() -> None:
    one, other = (
        candidate("a", at(2), shifts=frozenset({"ana"})),
        candidate("b", at(9), shifts=frozenset({"eva"})),
    )
    day = problem([one, other], [shift("ana"), shift("eva")])
    plan = plan_of(day, measure(day, PaperTown()), {"ana": ["a"], "eva": ["b"]})

    found = replan(
        day,
        plan,
        [StreetClosed(frozenset({(at(2), at(9))}))],
        T8,
        matrices=measure(day, PaperTown()),
    )

    assert at(9) not in found.rest.matrices["ana"].points
    assert orders(found) == {"ana": ["a"], "eva": ["b"]}


@pytest.mark.parametrize(
    ("closed", "field"),
    [
        (StreetClosed(), "pairs"),
        (StreetClosed(centre=at(1)), "radius_m"),
        (StreetClosed(radius_m=10), "radius_m"),
        (StreetClosed(centre=Point(91, 0), radius_m=10), "centre"),
    ],
)
def test_a_closure_without_a_place_is_refused(closed: StreetClosed, field: str) -> None:
    with pytest.raises(InvalidProblem, match=rf"changes\[0\]\.{field}"):
        replan(row(), planned(row()), [closed], T8, travel=PaperTown())


@pytest.mark.parametrize(("end_s", "is_visited"), [(T8 + 120, True), (T8 + 119, False)])
def test_a_moved_appointment_is_kept_when_it_can_be(end_s: int, is_visited: bool) -> None:
    plan = planned(row())

    found = changed(row(), plan, Moved("a", Window(T8, end_s)))

    assert ("a" in orders(found)["ana"]) is is_visited


def test_a_later_appointment_is_visited_later() -> None:
    plan = planned(row())
    window = Window(10 * HOUR, 11 * HOUR)

    found = changed(row(), plan, Moved("a", window))

    a = next(stop for stop in found.plan.routes[0].stops if stop.candidate_id == "a")
    assert 10 * HOUR <= a.starts_s <= 11 * HOUR
    assert found.differences.reordered == 1


def test_a_pinned_stop_stays_although_another_is_worth_more() -> None:
    day = row(shifts=(shift(window=Window(T8, T8 + 3360)),))
    plan = planned(day)
    rich = Added(candidate("e", at(7), prize=10**6))

    free = changed(day, plan, rich)
    held = changed(day, plan, rich, Pinned(free.differences.dropped[0].candidate_id))

    assert free.differences.dropped[0].candidate_id in orders(held)["ana"]
    assert "e" in orders(held)["ana"]


def test_a_stop_pinned_to_be_the_next_is_the_next() -> None:
    found = changed(row(), planned(row()), Pinned("c", position=0))

    assert orders(found)["ana"][0] == "c"
    assert sorted(orders(found)["ana"]) == list(ROW)


def test_what_comes_before_a_pinned_position_stays_before_it() -> None:
    found = changed(row(), planned(row()), Pinned("d", position=1))

    assert orders(found)["ana"][:2] == ["a", "d"]


def test_a_position_that_the_window_forbids_is_flagged() -> None:
    late = replace(row().candidates[0], windows=(Window(T8, T8 + 60),))
    day = row()
    plan = planned(day)
    day = replace(day, candidates=(late, *day.candidates[1:]))

    found = changed(day, plan, Pinned("a", position=0))

    assert "a" not in orders(found)["ana"]
    assert flags(found) == [(0, Flag.NOT_IN_TIME)]


def test_the_next_stop_of_who_goes_home_is_the_next_of_who_can_be_there_first() -> None:
    far, near = [shift(id, start=at(x), end=at(x)) for id, x in (("beto", 40), ("carla", 10))]
    found = [candidate(id, at(2 * i + 2), shifts=frozenset({"ana"})) for i, id in enumerate(ROW)]
    found.append(candidate("e", at(9), shifts=frozenset({"carla"})))
    day = problem(found, [shift("ana"), far, near])
    plan = planned(day, ana=list(ROW), beto=[], carla=["e"])
    sick, urgent = Sick("ana", frozenset({"beto", "carla"})), Pinned("b", position=0)

    in_either_order = [changed(day, plan, sick, urgent), changed(day, plan, urgent, sick)]

    for answer in in_either_order:
        assert orders(answer)["carla"][0] == "b"
        assert orders(answer)["ana"] == []
        assert flags(answer) == []
        why = {one.candidate_id: one.why for one in answer.differences.moved}
        assert why["b"] is Why.SICK


def test_a_stop_pinned_to_who_goes_home_alone_is_visited_by_nobody() -> None:
    day = two_zones()
    plan = planned(day, ana=["a", "b"], beto=["c", "d"])

    found = changed(day, plan, Sick("ana"), Pinned("b", position=0))

    assert orders(found) == {"ana": [], "beto": ["c", "d"]}
    assert flags(found) == [(1, Flag.NOT_IN_TIME)]


def test_a_stop_pinned_to_who_goes_home_comes_before_what_is_not_required() -> None:
    found = [candidate(id, at(2 * i + 2), shifts=frozenset({"ana"})) for i, id in enumerate(ROW)]
    found[3] = replace(found[3], prize=1)
    beto = replace(shift("beto"), max_stops=2)
    day = problem(found, [shift("ana"), beto])
    plan = planned(day, ana=list(ROW), beto=[])

    answer = changed(day, plan, Sick("ana", frozenset({"beto"})), Pinned("d"))

    assert "d" in orders(answer)["beto"]


def test_who_is_on_no_route_can_not_be_pinned() -> None:
    day = problem([candidate("a", at(2)), candidate("far", at(2), prize=1)])

    found = changed(day, planned(day, ana=["a"]), Pinned("far"))

    assert flags(found) == [(0, Flag.NOT_ON_A_ROUTE)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Cancelled("nobody"), "candidate_id"),
        (VisitDone("nobody", T8), "candidate_id"),
        (VisitDone("a", T8, shift_id="nobody"), "shift_id"),
        (VisitDone("a", -1), "left_s"),
        (Moved("nobody", MORNING), "candidate_id"),
        (Pinned("nobody"), "candidate_id"),
        (Pinned("a", -1), "position"),
        (Moved("a", Window(T8 + 60, T8)), "window"),
        (Underway("ana", Point(float("nan"), 20.0), T8), "point"),
        (Late("ana", T8, Point(95.0, 20.0)), "point"),
        (VisitDone("a", T8, point=Point(95.0, 20.0)), "point"),
        (Added(candidate("new", Point(95.0, 20.0))), "candidate.point"),
        (Added(candidate("new", at(1), shifts=frozenset({"nobody"}))), "candidate.shifts"),
        (Added(replace(candidate("new", at(1)), after=frozenset({"x"}))), "candidate.after"),
        (Late("nobody", T8), "shift_id"),
        (Sick("nobody"), "shift_id"),
        (Sick("ana", frozenset({"nobody"})), "shared_with"),
        (Underway("nobody", at(1), T8), "shift_id"),
        (Underway("ana", at(1), T8, "nobody"), "candidate_id"),
        (Added(candidate("a", at(1))), "candidate.id"),
    ],
)
def test_a_change_about_nobody_known_is_refused_by_its_number(change: Change, field: str) -> None:
    with pytest.raises(InvalidProblem) as caught:
        replan(row(), planned(row()), [Cancelled("a"), change], T8, travel=PaperTown())

    assert caught.value.place == f"changes[1].{field}"


def test_a_visit_nobody_planned_needs_a_name_and_is_flagged_with_one() -> None:
    day = row()
    plan = planned(day, ana=["a", "b", "c"])

    with pytest.raises(InvalidProblem, match="say who made the visit"):
        replan(day, plan, [VisitDone("d", T8 + 900)], T8 + 900, travel=PaperTown())
    found = changed(day, plan, VisitDone("d", T8 + 900, shift_id="ana"), now_s=T8 + 900)

    assert orders(found)["ana"][0] == "d"
    assert flags(found) == [(0, Flag.NOT_PLANNED)]


def test_odd_facts_are_taken_and_flagged() -> None:
    day = two_zones()
    a, *others = day.candidates
    day = replace(day, candidates=(replace(a, windows=(Window(9 * HOUR, 10 * HOUR),)), *others))
    plan = planned(day, ana=["b", "a"], beto=["c", "d"])
    early = VisitDone("a", T8 + 700, started_s=T8 + 100, shift_id="beto")

    found = changed(day, plan, early, early, now_s=T8 + 600)

    assert flags(found) == [
        (0, Flag.IN_THE_FUTURE),
        (0, Flag.OTHER_ROUTE),
        (0, Flag.OUTSIDE_WINDOW),
        (1, Flag.IN_THE_FUTURE),
        (1, Flag.REPEATED),
    ]
    assert orders(found)["beto"][0] == "a"
    assert why(found, "a") is Why.AS_MADE


def test_who_of_a_group_was_visited_takes_its_place() -> None:
    a, b = (replace(candidate(id, at(2)), group="home") for id in "ab")
    day = problem([a, b])
    plan = planned(day, ana=["a"])

    found = changed(day, plan, VisitDone("b", T8 + 720, shift_id="ana"), now_s=T8 + 720)

    assert orders(found) == {"ana": ["b"]}
    (left,) = found.plan.skipped
    assert (left.reason, left.facts) == (SkipReason.GROUP_TAKEN, {"other": "b"})


def test_who_shares_a_group_leaves_the_route_of_a_neighbour_too() -> None:
    """Ana still had somebody of the household to visit; Beto, who had not, has visited another."""
    of_ana, of_beto = (
        replace(candidate(id, at(2), shifts=frozenset({shift_id})), group="home")
        for id, shift_id in (("a", "ana"), ("b", "beto"))
    )
    other = candidate("c", at(4), shifts=frozenset({"ana"}))
    day = problem([of_ana, of_beto, other], [shift("ana"), shift("beto")])
    plan = planned(day, ana=["a", "c"], beto=[])

    found = changed(day, plan, VisitDone("b", T8 + 720, shift_id="beto"), now_s=T8)

    assert orders(found) == {"ana": ["c"], "beto": ["b"]}
    assert [(one.candidate_id, one.reason) for one in found.plan.skipped] == [
        ("a", SkipReason.GROUP_TAKEN)
    ]


def test_stops_made_count_towards_the_most_stops() -> None:
    day = row(shifts=(shift(max_stops=3),))
    plan = planned(day, ana=["a", "b", "c"])

    found = changed(
        day,
        plan,
        VisitDone("a", T8 + 720),
        VisitDone("d", T8 + 1700, shift_id="ana"),
        now_s=T8 + 1700,
    )

    assert len(orders(found)["ana"]) == 3


def test_cash_carried_counts_towards_the_limit() -> None:
    rich = [replace(one, cash=100) for one in row().candidates]
    day = problem(rich, [replace(shift(), cash_limit=200)])
    plan = planned(day, ana=["a", "b"])

    found = changed(day, plan, VisitDone("a", T8 + 720), now_s=T8 + 720)

    assert orders(found) == {"ana": ["a", "b"]}


def test_a_break_that_is_over_is_not_taken_again_and_one_ahead_is() -> None:
    rests = (
        Break(Window(T8 + 720, T8 + 720), 600),
        Break(Window(T8 + 2500, T8 + 3000), 300),
    )
    day = row(shifts=(replace(shift(), breaks=rests),))
    plan = planned(day)

    found = changed(day, plan, VisitDone("a", T8 + 720), now_s=T8 + 1400)

    route = found.plan.routes[0]
    taken = [one for stop in route.stops for one in stop.breaks] + list(route.breaks_at_end)
    assert [one.duration_s for one in taken] == [600, 300]
    assert len(found.rest.problem.shifts[0].breaks) == 1


def test_a_client_who_waited_for_a_made_visit_can_be_visited_on_the_same_route() -> None:
    a, b, *_ = row().candidates
    day = problem([a, replace(b, after=frozenset({"a"}))], [shift("ana"), shift("beto")])
    plan = planned(day, ana=["a", "b"])

    found = changed(day, plan, VisitDone("a", T8 + 720), now_s=T8 + 720)

    assert orders(found) == {"ana": ["a", "b"], "beto": []}


def test_who_waits_for_somebody_cancelled_is_left_out() -> None:
    a, b, *_ = row().candidates
    day = problem([a, replace(b, after=frozenset({"a"}))])
    plan = planned(day, ana=["a", "b"])

    found = changed(day, plan, Cancelled("a"))

    assert orders(found) == {"ana": []}


def test_a_small_gain_does_not_take_a_stop_from_its_collector() -> None:
    """Beto would ride two blocks less, 20 points of 1000; by default a move costs 100."""
    near_both = candidate("x", at(6))
    day = problem(
        [candidate("a", at(2)), near_both, candidate("c", at(9))],
        [shift("ana"), shift("beto", start=at(11))],
    )
    plan = planned(day, ana=["a", "x"], beto=["c"])

    steady = changed(day, plan, Moved("a", MORNING))
    free = changed(replace(day, prices=Prices(moved=1)), plan, Moved("a", MORNING))

    assert steady.differences.is_same
    assert [one.candidate_id for one in free.differences.moved] in (["x"], [])


def test_without_explaining_the_orders_and_differences_are_the_same() -> None:
    plan = planned(row())
    change = [Cancelled("b")]

    quick = replan(row(), plan, change, T8, travel=PaperTown(), explain=False)
    slow = replan(row(), plan, change, T8, travel=PaperTown())

    assert quick.plan.skipped == ()
    assert quick.plan.routes == slow.plan.routes
    assert quick.explained().plan == slow.plan
    assert quick.differences == slow.differences


def test_rides_to_a_place_not_measured_are_asked_for_or_refused() -> None:
    day, plan = row(), planned(row())
    rides = measure(day, PaperTown())
    urgent = Added(candidate("e", at(5, 5), prize=5000))

    with pytest.raises(InvalidProblem, match="matrices: expected rides to and from"):
        replan(day, plan, [urgent], T8, matrices=rides)
    found = replan(day, plan, [urgent], T8, matrices=rides, travel=PaperTown())

    assert "e" in orders(found)["ana"]


def test_several_days_are_refused_by_the_shift_that_is_of_another() -> None:
    day = problem([candidate("a", at(1))], [shift("ana"), replace(shift("beto"), day=1)])

    with pytest.raises(InvalidProblem, match=r"shifts\[1\]\.day"):
        replan(day, planned(day, ana=["a"]), [], T8, travel=PaperTown())


def test_a_plan_that_visits_somebody_twice_is_refused_by_the_second_stop() -> None:
    day = row(shifts=(shift("ana"), shift("beto")))
    plan = planned(day, ana=["a", "b"], beto=[])
    twice = replace(plan, routes=(plan.routes[0], replace(plan.routes[0], shift_id="beto")))

    with pytest.raises(InvalidProblem, match=r"plan\.routes\[1\]\.stops\[0\]\.candidate_id"):
        replan(day, twice, [], T8, travel=PaperTown())


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ({"skills": frozenset({"firm"})}, SkipReason.MISSING_SKILL),
        ({"forbidden_collectors": frozenset({"ana", "beto"})}, SkipReason.NOT_ALLOWED),
        ({"shifts": frozenset()}, SkipReason.NO_SHIFT),
    ],
)
def test_somebody_new_whom_nobody_may_visit_is_told_as_left_out(
    who: dict[str, object], reason: SkipReason
) -> None:
    day = row(shifts=(shift("ana"), shift("beto")))
    new = replace(candidate("new", at(1)), **who)  # type: ignore[arg-type] # fields of a candidate

    found = changed(day, planned(day, ana=["a", "b"], beto=["c", "d"]), Added(new))

    assert [(one.candidate_id, one.reason) for one in found.plan.skipped] == [("new", reason)]
    assert found.differences.is_same


def test_a_plan_of_another_problem_is_refused() -> None:
    plan = planned(row())

    with pytest.raises(InvalidProblem, match=r"plan\.routes\[0\]\.stops\[3\]"):
        replan(row(candidates=row().candidates[:3]), plan, [], T8, travel=PaperTown())
