"""Parts are independent, and each asks for its own travel times once per profile."""

from routing.measure import measure, split
from routing.problem import Window
from routing.travel.times import Profile
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
