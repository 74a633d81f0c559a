"""A problem that contradicts itself is refused by the name of the field, and not a step earlier."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from routing.errors import InvalidProblem
from routing.geo import Point
from routing.problem import (
    MAX_POINTS,
    Break,
    Candidate,
    Measure,
    Prices,
    Problem,
    ServiceClass,
    Shift,
    Window,
    check_added,
)
from tests.routing.situations import HOUR, at, candidate, shift

T8, NOON = 8 * HOUR, 12 * HOUR
LATEST = 48 * HOUR


def with_shift(**changes: Any) -> Callable[[], Problem]:
    return lambda: Problem((replace(shift(), **changes),), ())


def with_client(**changes: Any) -> Callable[[], Problem]:
    """A client beside another one; both may be named."""
    return lambda: Problem(
        (shift(),), (candidate("z", at(2)), replace(candidate("a", at(1)), **changes))
    )


def with_breaks(*breaks: Break) -> Callable[[], Problem]:
    return with_shift(breaks=breaks)


def rest(start_s: int, end_s: int, duration_s: int = 600) -> Break:
    return Break(Window(start_s, end_s), duration_s)


def service(**changes: Any) -> dict[str, Any]:
    return {"services": (replace(ServiceClass("paid", 1, 600), **changes),)}


# Place of the fault, the problem just inside, the problem just outside.
BORDERS: list[tuple[str, Callable[[], Problem], Callable[[], Problem]]] = [
    (
        "travel_cost_per_hour",
        lambda: Problem((), (), MAX_POINTS),
        lambda: Problem((), (), MAX_POINTS + 1),
    ),
    ("travel_cost_per_hour", lambda: Problem((), (), 0), lambda: Problem((), (), -1)),
    (
        "shifts[1].id",
        lambda: Problem((shift("ana"), shift("eva")), ()),
        lambda: Problem((shift("ana"), shift("ana")), ()),
    ),
    (
        "candidates[1].id",
        lambda: Problem((), (candidate("a", at(1)), candidate("b", at(1)))),
        lambda: Problem((), (candidate("a", at(1)), candidate("a", at(1)))),
    ),
    ("shifts[0].window", with_shift(window=Window(5, 5)), with_shift(window=Window(6, 5))),
    (
        "shifts[0].window",
        with_shift(window=Window(0, LATEST)),
        with_shift(window=Window(0, LATEST + 1)),
    ),
    ("shifts[0].window.day", with_shift(window=Window(0, 5)), with_shift(window=Window(0, 5, 0))),
    ("shifts[0].start", with_shift(start=Point(90, 180)), with_shift(start=Point(91, 0))),
    ("shifts[0].end", with_shift(end=Point(-90, -180)), with_shift(end=Point(0, 181))),
    ("shifts[0].max_stops", with_shift(max_stops=0), with_shift(max_stops=-1)),
    ("shifts[0].day", with_shift(day=4), with_shift(day=5)),
    ("shifts[0].day", with_shift(day=0), with_shift(day=-1)),
    ("shifts[0].cash_limit", with_shift(cash_limit=0), with_shift(cash_limit=-1)),
    (
        "shifts[1].day",
        lambda: Problem((shift("a"), replace(shift("b"), collector="a", day=1)), ()),
        lambda: Problem((shift("a"), replace(shift("b"), collector="a")), ()),
    ),
    (
        "shifts[0].breaks[0].duration_s",
        with_breaks(rest(NOON, NOON, 1)),
        with_breaks(rest(NOON, NOON, 0)),
    ),
    ("shifts[0].breaks[0].window", with_breaks(rest(0, T8)), with_breaks(rest(0, T8 - 1))),
    (
        "shifts[0].breaks[0].window.day",
        with_breaks(rest(NOON, NOON)),
        with_breaks(Break(Window(NOON, NOON, 0), 600)),
    ),
    (
        "shifts[0].breaks[1].window",
        with_breaks(rest(T8, NOON), rest(T8 + 600, NOON)),
        with_breaks(rest(T8, NOON), rest(T8 + 599, NOON)),
    ),
    (
        "prices.moved",
        lambda: Problem((), (), 0, Prices(moved=0)),
        lambda: Problem((), (), 0, Prices(moved=-1)),
    ),
    (
        "prices.dropped",
        lambda: Problem((), (), 0, Prices(dropped=MAX_POINTS)),
        lambda: Problem((), (), 0, Prices(dropped=MAX_POINTS + 1)),
    ),
    (
        "prices.unfairness.hours",
        lambda: Problem((), (), 0, Prices(((Measure.HOURS, 1), (Measure.RECOVERY, 1)))),
        lambda: Problem((), (), 0, Prices(((Measure.HOURS, 1), (Measure.HOURS, 1)))),
    ),
    (
        "prices.unfairness.recovery",
        lambda: Problem((), (), 0, Prices(((Measure.RECOVERY, 0),))),
        lambda: Problem((), (), 0, Prices(((Measure.RECOVERY, -1),))),
    ),
    ("candidates[1].point", with_client(point=Point(-90, 0)), with_client(point=Point(-90.1, 0))),
    (
        "candidates[1].service_s",
        with_client(service_s=24 * HOUR),
        with_client(service_s=24 * HOUR + 1),
    ),
    ("candidates[1].prize", with_client(prize=0), with_client(prize=-1)),
    ("candidates[1].outside_price", with_client(outside_price=0), with_client(outside_price=-1)),
    ("candidates[1].cash", with_client(cash=MAX_POINTS), with_client(cash=MAX_POINTS + 1)),
    ("candidates[1].hardness", with_client(hardness=0), with_client(hardness=-1)),
    (
        "candidates[1].windows[0].day",
        with_client(windows=(Window(0, 1, 4),)),
        with_client(windows=(Window(0, 1, 5),)),
    ),
    (
        "candidates[1].preferred[0]",
        with_client(preferred=(Window(3, 3),)),
        with_client(preferred=(Window(4, 3),)),
    ),
    (
        "candidates[1].services[0].share",
        with_client(**service(share=1)),
        with_client(**service(share=0)),
    ),
    (
        "candidates[1].services[0].seconds",
        with_client(**service(seconds=0)),
        with_client(**service(seconds=-1)),
    ),
    (
        "candidates[1].shifts",
        with_client(shifts=frozenset({"ana"})),
        with_client(shifts=frozenset({"eva"})),
    ),
    (
        "candidates[1].collectors",
        with_client(collectors=frozenset({"ana"})),
        with_client(collectors=frozenset({"eva"})),
    ),
    (
        "candidates[1].after",
        with_client(after=frozenset({"z"})),
        with_client(after=frozenset({"a"})),
    ),
    (
        "candidates[1].after",
        with_client(after=frozenset()),
        with_client(after=frozenset({"ghost"})),
    ),
    ("candidates[1].max_visits", with_client(max_visits=5), with_client(max_visits=6)),
    ("candidates[1].max_visits", with_client(max_visits=1), with_client(max_visits=0)),
    (
        "candidates[1].max_visits",
        with_client(group="family", max_visits=1),
        with_client(group="family", max_visits=2),
    ),
    (
        "candidates[1].repeat_prize",
        with_client(prize=9, repeat_prize=9),
        with_client(prize=9, repeat_prize=10),
    ),
    (
        "candidates[1].last_contact_day",
        with_client(last_contact_day=-1),
        with_client(last_contact_day=0),
    ),
    ("candidates[1].min_rest_days", with_client(min_rest_days=0), with_client(min_rest_days=-1)),
    ("candidates[1].max_rest_days", with_client(max_rest_days=1), with_client(max_rest_days=0)),
    (
        "candidates[1].max_rest_days",
        with_client(min_rest_days=3, max_rest_days=3),
        with_client(min_rest_days=3, max_rest_days=2),
    ),
]


@pytest.mark.parametrize(
    ("place", "inside", "outside"), BORDERS, ids=[f"{i}-{one[0]}" for i, one in enumerate(BORDERS)]
)
def test_a_field_is_refused_by_its_name_just_outside_its_range(
    place: str, inside: Callable[[], Problem], outside: Callable[[], Problem]
) -> None:
    inside()

    with pytest.raises(InvalidProblem) as refusal:
        outside()

    assert refusal.value.place == place


class Ids(set[str]):
    """Ids that can be asked for, one by one, and not copied or gone through."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("all clients were gone through for one of them")

    def __sub__(self, other: object) -> set[str]:
        raise AssertionError("all clients were copied for one of them")


def test_checking_a_client_does_not_go_through_all_the_others() -> None:
    known = Ids(str(number) for number in range(20))

    check_added("new", replace(candidate("0", at(1)), after=frozenset({"1"})), [shift()], known)

    with pytest.raises(InvalidProblem, match=r"new\.after"):
        check_added("new", replace(candidate("0", at(1)), after=frozenset({"0"})), [shift()], known)


def in_turn(*after: tuple[str, str]) -> Problem:
    waits: dict[str, set[str]] = {}
    for one, other in after:
        waits.setdefault(one, set()).add(other)
    people: list[Candidate] = [
        replace(candidate(id, at(1)), after=frozenset(waits.get(id, ()))) for id in "abcd"
    ]
    return Problem((shift(),), tuple(people))


def test_many_may_wait_for_one_and_one_for_many() -> None:
    in_turn(("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"))


@pytest.mark.parametrize(
    ("after", "place", "circle"),
    [
        ([("a", "b"), ("b", "a")], "candidates[0].after", "['a', 'b', 'a']"),
        ([("b", "c"), ("c", "d"), ("d", "b")], "candidates[1].after", "['b', 'c', 'd', 'b']"),
        ([("a", "b"), ("c", "d"), ("d", "c")], "candidates[2].after", "['c', 'd', 'c']"),
    ],
)
def test_those_who_wait_for_one_another_in_a_circle_are_refused(
    after: list[tuple[str, str]], place: str, circle: str
) -> None:
    with pytest.raises(InvalidProblem) as refusal:
        in_turn(*after)

    assert refusal.value.place == place
    assert circle in refusal.value.expected


def test_a_line_of_thousands_who_wait_for_one_another_is_no_circle() -> None:
    line = [
        replace(candidate(str(i), at(1)), after=frozenset({str(i + 1)} if i < 4999 else ()))
        for i in range(5000)
    ]

    assert len(Problem((shift(),), tuple(line)).candidates) == 5000


@pytest.mark.parametrize(
    ("services", "stay_s"),
    [((), 600), ((("paid", 1, 300),), 300), ((("paid", 1, 100), ("absent", 2, 101)), 101)],
)
def test_the_length_of_a_visit_is_the_mean_of_its_outcomes_rounded_up(
    services: tuple[tuple[str, int, int], ...], stay_s: int
) -> None:
    classes = tuple(ServiceClass(*one) for one in services)

    assert replace(candidate("a", at(1), service_s=600), services=classes).stay_s == stay_s


def test_a_shift_works_for_its_collector_or_for_itself() -> None:
    ana: Shift = shift("ana")

    assert ana.works_for == "ana"
    assert replace(ana, id="ana-2", collector="ana").works_for == "ana"
