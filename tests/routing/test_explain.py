"""Plans by hand: clocks and detours are right, and every reason has its border."""

import pytest

from routing.errors import InvalidProblem
from routing.explain import plan_of, travel_cost
from routing.measure import measure
from routing.plan import Plan, Skipped, SkipReason
from routing.problem import Candidate, Problem, Window
from routing.travel.times import Profile
from routing.verifier import verify
from tests.routing.situations import HOUR, MORNING, PaperTown, at, candidate, problem, shift

T8 = 8 * HOUR


def planned(day: Problem, town: PaperTown | None = None, **orders: list[str]) -> Plan:
    return plan_of(day, measure(day, town or PaperTown()), orders)


def skipped(day: Problem, id: str, town: PaperTown | None = None, **orders: list[str]) -> Skipped:
    (found,) = (one for one in planned(day, town, **orders).skipped if one.candidate_id == id)
    return found


def test_a_day_by_hand_has_its_clock_rides_and_totals() -> None:
    day = problem([candidate("a", at(2), prize=500), candidate("b", at(2, 3), prize=700)])

    plan = planned(day, ana=["a", "b"])

    (route,) = plan.routes
    a, b = route.stops
    # 2 blocks, 10 min, 3 blocks, 10 min, 5 blocks home.
    assert (route.leaves_s, route.returns_s) == (T8, T8 + 120 + 600 + 180 + 600 + 300)
    assert (a.arrives_s, a.starts_s, a.leaves_s) == (T8 + 120, T8 + 120, T8 + 720)
    assert (b.arrives_s, b.starts_s, b.leaves_s) == (T8 + 900, T8 + 900, T8 + 1500)
    assert [(stop.travel_s, stop.travel_m) for stop in route.stops] == [(120, 200), (180, 300)]
    assert (route.travel_s, route.travel_m) == (600, 1000)
    # a lies on the way; without b she would ride 4 blocks instead of 10.
    assert [stop.detour_s for stop in route.stops] == [0, 360]
    assert (plan.prize, plan.travel_source, plan.is_estimate) == (1200, "paper", True)


def test_the_detour_of_the_only_stop_is_the_whole_ride() -> None:
    plan = planned(problem([candidate("a", at(2))]), ana=["a"])

    assert plan.routes[0].stops[0].detour_s == 240


def test_an_open_end_counts_no_way_home() -> None:
    plan = planned(problem([candidate("a", at(2))], [shift(end=None)]), ana=["a"])

    assert plan.routes[0].stops[0].detour_s == 120
    assert (plan.routes[0].returns_s, plan.routes[0].travel_s) == (T8 + 720, 120)


def test_the_collector_leaves_home_only_in_time_for_the_first_window() -> None:
    day = problem([candidate("a", at(2), windows=(Window(9 * HOUR, 10 * HOUR),))])

    plan = planned(day, ana=["a"])

    assert plan.routes[0].leaves_s == 9 * HOUR - 120
    assert plan.routes[0].stops[0].arrives_s == plan.routes[0].stops[0].starts_s == 9 * HOUR


def test_the_earliest_of_several_windows_that_is_not_over_is_used() -> None:
    windows = (Window(11 * HOUR, 12 * HOUR), Window(T8, T8 + 119), Window(9 * HOUR, 10 * HOUR))
    day = problem([candidate("a", at(2), windows=windows)])

    plan = planned(day, ana=["a"])

    assert plan.routes[0].stops[0].starts_s == 9 * HOUR  # arrives a second after the first ends


def test_a_shift_without_visits_stays_at_home() -> None:
    day = problem([candidate("a", at(2))], [shift(end=at(7))])

    (route,) = planned(day).routes

    assert route.stops == ()
    assert (route.leaves_s, route.returns_s) == (T8, T8)
    assert (route.travel_s, route.travel_m) == (0, 0)


def test_without_a_window_there_is_no_legal_moment() -> None:
    day = problem([candidate("a", at(1), windows=())])

    assert skipped(day, "a").reason is SkipReason.NO_LEGAL_WINDOW


@pytest.mark.parametrize(
    ("who", "reason"),
    [(frozenset(), SkipReason.NO_SHIFT), (frozenset({"ana"}), SkipReason.FITS)],
)
def test_with_nobody_who_may_visit_there_is_no_shift(
    who: frozenset[str], reason: SkipReason
) -> None:
    day = problem([candidate("a", at(1), shifts=who)])

    assert skipped(day, "a").reason is reason


@pytest.mark.parametrize(
    ("max_stops", "reason"), [(0, SkipReason.NO_SHIFT), (1, SkipReason.MAX_STOPS)]
)
def test_a_shift_that_may_make_no_stop_does_not_count_as_working(
    max_stops: int, reason: SkipReason
) -> None:
    day = problem([candidate("a", at(1)), candidate("b", at(1))], [shift(max_stops=max_stops)])

    assert skipped(day, "b", ana=["a"][:max_stops]).reason is reason


def test_an_island_is_unreachable_and_a_street_is_not() -> None:
    day = problem([candidate("island", at(1)), candidate("street", at(1, 1))])
    town = PaperTown(islands=[at(1)])

    assert skipped(day, "island", town).reason is SkipReason.UNREACHABLE
    assert skipped(day, "street", town).reason is SkipReason.FITS


@pytest.mark.parametrize(
    ("window", "reason"),
    [
        # 5 blocks away: the collector is there at 8:05 and must leave at 11:55 to be home at 12.
        (Window(0, T8 + 300), SkipReason.FITS),
        (Window(0, T8 + 299), SkipReason.OUTSIDE_SHIFT),
        (Window(MORNING.end_s - 300 - 600, MORNING.end_s), SkipReason.FITS),
        (Window(MORNING.end_s - 300 - 599, MORNING.end_s), SkipReason.OUTSIDE_SHIFT),
    ],
)
def test_a_window_that_never_meets_the_shift_counts_the_ride_and_the_visit(
    window: Window, reason: SkipReason
) -> None:
    day = problem([candidate("a", at(5), windows=(window,), service_s=600)])

    assert skipped(day, "a").reason is reason


@pytest.mark.parametrize(
    ("prize", "required", "reason"),
    [
        # 4 blocks there and back: 480 s at 600 points an hour cost 80 points.
        (80, False, SkipReason.NOT_WORTH_THE_TRIP),
        (81, False, SkipReason.MAX_STOPS),
        (80, True, SkipReason.MAX_STOPS),
    ],
)
def test_a_trip_is_not_worth_it_up_to_exactly_its_cost(
    prize: int, required: bool, reason: SkipReason
) -> None:
    far = candidate("far", at(4), prize=prize, required=required)
    day = problem([candidate("a", at(0, 1)), far], [shift(max_stops=1)])

    found = skipped(day, "far", ana=["a"])

    assert found.reason is reason
    assert found.facts == {"prize": prize, "detour_s": 480, "detour_cost": 80, "shift": "ana"}


def test_the_detour_of_the_skipped_is_that_of_the_cheapest_route_that_may_visit() -> None:
    day = problem(
        [
            candidate("a", at(3)),
            candidate("b", at(4)),
            candidate("x", at(4, 1), prize=0, shifts=frozenset({"ana", "beto"})),
        ],
        [shift("ana"), shift("beto", profile=Profile.CAR), shift("eva", start=at(4, 1))],
    )

    found = skipped(day, "x", ana=["a"], beto=["b"])

    # Ana (60 s a block): 2 x 2 blocks more. Beto (30 s): 2 blocks more. Eva may not.
    assert found.facts["shift"] == "beto"
    assert found.facts["detour_s"] == 60


def test_a_place_in_time_is_preferred_to_a_cheaper_one_that_is_too_late() -> None:
    appointment = Window(T8, T8 + 60)
    day = problem(
        [
            candidate("a", at(1), windows=(appointment,)),
            candidate("b", at(5)),
            candidate("x", at(1, 1), prize=0, windows=(Window(T8 + 1500, 10 * HOUR),)),
        ]
    )

    found = skipped(day, "x", ana=["a", "b"])

    # Between a and b it lies 2 blocks off; after b, on the way home, as well.
    assert found.facts["detour_s"] == 120


@pytest.mark.parametrize(
    ("orders", "place"),
    [
        ({"ana": ["a", "ghost"]}, "orders['ana'][1]"),
        ({"ana": ["a", "a"]}, "orders['ana']"),
        ({"ana": ["a"], "beto": ["a"]}, "orders"),
        ({"ana": ["b"]}, "orders['ana'][0]"),
        ({"ana": ["late", "a"]}, "orders['ana']"),
        ({"ana": ["a", "c", "late"]}, "orders['ana']"),
        ({"eva": ["a"]}, "orders['eva']"),
    ],
)
def test_an_order_that_cannot_be_kept_is_refused_by_its_place(
    orders: dict[str, list[str]], place: str
) -> None:
    day = problem(
        [
            candidate("a", at(1), windows=(Window(0, 10 * HOUR),)),
            candidate("b", at(1), shifts=frozenset({"beto"})),
            candidate("c", at(1)),
            candidate("late", at(1), windows=(Window(11 * HOUR, 12 * HOUR),)),
        ],
        [shift("ana", max_stops=2), shift("beto")],
    )

    with pytest.raises(InvalidProblem) as refusal:
        plan_of(day, measure(day, PaperTown()), orders)

    assert refusal.value.place == place


def test_plans_by_hand_satisfy_the_verifier() -> None:
    people: list[Candidate] = [candidate(str(i), at(i, i % 3)) for i in range(8)]
    day = problem(people, [shift(max_stops=3)])
    matrices = measure(day, PaperTown())

    plan = plan_of(day, matrices, {"ana": ["3", "2", "0"]})

    assert verify(day, plan, matrices) == []


@pytest.mark.parametrize(("seconds", "cost"), [(0, 0), (5, 0), (6, 1), (3600, 600)])
def test_travel_cost_is_rounded_down(seconds: int, cost: int) -> None:
    assert travel_cost(seconds, 600) == cost
