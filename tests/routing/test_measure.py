"""Parts are independent, and each asks for its own travel times once per profile."""

from dataclasses import replace

import pytest

from routing.measure import Measured, may_visit, measure, split
from routing.problem import Candidate, Measure, Prices, Shift, Window
from routing.travel.times import Profile
from tests.routing.rich_days import RushHour
from tests.routing.situations import HOUR, PaperTown, at, candidate, problem, shift

ANA, BETO = frozenset({"ana"}), frozenset({"beto"})


def test_zones_split_a_problem_into_one_part_per_shift() -> None:
    whole = problem(
        [candidate("a", at(1), shifts=ANA), candidate("b", at(2), shifts=BETO)],
        [shift("ana"), shift("beto")],
    )

    parts = split(whole)

    assert [[s.id for s in part.shifts] for part in parts] == [["ana"], ["beto"]]
    assert [[c.id for c in part.candidates] for part in parts] == [["a"], ["b"]]


def test_one_candidate_that_two_shifts_may_visit_joins_them() -> None:
    whole = problem(
        [
            candidate("a", at(1), shifts=ANA),
            candidate("b", at(2), shifts=BETO),
            candidate("c", at(3), shifts=ANA | BETO),
        ],
        [shift("ana"), shift("eva"), shift("beto")],
    )

    parts = split(whole)

    assert [[s.id for s in part.shifts] for part in parts] == [["ana", "beto"]]


def test_those_whom_nobody_may_visit_or_never_are_in_no_part() -> None:
    whole = problem(
        [
            candidate("nobody", at(1), shifts=frozenset()),
            candidate("never", at(1), windows=()),
            candidate("resting", at(1), shifts=BETO),
        ],
        [shift("ana"), shift("beto", max_stops=0)],
    )

    assert split(whole) == []


def test_a_shift_that_visits_nobody_does_not_join_parts() -> None:
    whole = problem(
        [candidate("a", at(1), shifts=ANA | BETO), candidate("b", at(1), shifts=BETO)],
        [shift("ana"), shift("beto", max_stops=0)],
    )

    (part,) = split(whole)

    assert [s.id for s in part.shifts] == ["ana"]
    assert [c.id for c in part.candidates] == ["a"]


def test_each_part_and_profile_asks_once_for_its_own_points() -> None:
    town = PaperTown()
    whole = problem(
        [
            candidate("a", at(1), shifts=ANA),
            candidate("neighbour", at(1), shifts=ANA),  # the same door is asked once
            candidate("b", at(2), shifts=BETO | {"eva"}),
        ],
        [
            shift("ana", end=at(5)),
            shift("beto", profile=Profile.CAR, window=Window(9 * HOUR, 10 * HOUR), end=None),
            shift("eva", profile=Profile.CAR, window=Window(8 * HOUR, 10 * HOUR), end=None),
        ],
    )

    measured = measure(whole, town)

    # Ana: one door, start and end. Beto and Eva: b and their common start, from Eva's 8:00.
    assert town.asked == [
        (3, Profile.MOTORCYCLE, 8 * HOUR),
        (2, Profile.CAR, 8 * HOUR),
    ]
    assert measured["ana"].points == (at(1), at(0), at(5))
    assert measured["beto"] is measured["eva"]


def zones() -> list[Shift]:
    return [shift("ana"), shift("beto")]


def of_zones(**changes: object) -> list[Candidate]:
    both = [candidate("a", at(1), shifts=ANA), candidate("b", at(2), shifts=BETO)]
    return [both[0], replace(both[1], **changes)]  # type: ignore[arg-type] - checked by the problem


def test_a_group_and_those_who_wait_for_one_another_join_their_shifts() -> None:
    waits = problem(of_zones(after=frozenset({"a"})), zones())
    a, b = of_zones(group="family")
    group = problem([replace(a, group="family"), b], zones())

    assert len(split(problem(of_zones(), zones()))) == 2
    assert len(split(waits)) == 1
    assert len(split(group)) == 1


def test_a_price_on_unfairness_joins_everybody_the_idle_included() -> None:
    day = problem(of_zones(), [*zones(), shift("eva")])

    (part,) = split(replace(day, prices=Prices(((Measure.HOURS, 1),))))

    assert [one.id for one in part.shifts] == ["ana", "beto", "eva"]


def test_who_waits_for_somebody_whom_nobody_can_visit_is_in_no_part() -> None:
    people = [
        candidate("never", at(1), windows=()),
        replace(candidate("waits", at(1)), after=frozenset({"never"})),
        replace(candidate("waits too", at(1)), after=frozenset({"waits"})),
        candidate("free", at(1)),
    ]

    (part,) = split(problem(people))

    assert [one.id for one in part.candidates] == ["free"]


def test_days_without_a_window_or_without_enough_rest_do_not_join() -> None:
    days = [replace(shift(f"s{day}"), collector="ana", day=day) for day in range(3)]
    today = candidate("today", at(1), windows=(Window(0, HOUR * 24, 0),))
    rested = replace(candidate("rested", at(1)), last_contact_day=-1, min_rest_days=3)

    parts = split(problem([today, rested], days))

    assert [[one.id for one in part.shifts] for part in parts] == [["s0"], ["s2"]]


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"collectors": ANA}, True),
        ({"collectors": BETO}, False),
        ({"forbidden_collectors": BETO}, True),
        ({"forbidden_collectors": ANA}, False),
        ({"skills": frozenset({"firm"})}, True),
        ({"skills": frozenset({"firm", "woman"})}, False),
        ({"shifts": frozenset({"s0"})}, True),
        ({"shifts": ANA}, False),  # the name of the collector, not of the shift
    ],
)
def test_shifts_collectors_and_skills_all_have_to_agree(
    changes: dict[str, frozenset[str]], may: bool
) -> None:
    ana = replace(shift("s0"), collector="ana", skills=frozenset({"firm"}))

    assert may_visit(ana, replace(candidate("a", at(1)), **changes)) is may  # type: ignore[arg-type] - only sets


def test_each_stretch_of_the_day_that_a_shift_meets_is_asked_for_once() -> None:
    town = RushHour()
    early = shift("ana", window=Window(8 * HOUR, 8 * HOUR + 2400))

    measured: Measured = measure(problem([candidate("a", at(1))], [early]), town, by_hour=True)[
        "ana"
    ]

    # From 8:40 on, when the shift is over, nobody rides.
    assert [from_s for from_s, _ in measured.later] == [8 * HOUR + 1200]
    assert measured.matrix.seconds.max() == 60
    assert measured.later[0][1].seconds.max() == 180
    assert [depart_s for _, _, depart_s in town.asked] == [8 * HOUR + 1200, 8 * HOUR]
