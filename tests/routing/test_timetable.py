"""Windows join, and the quick answers of a timetable agree with trying every order out."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from routing.measure import measure
from routing.problem import Problem, Window
from routing.timetable import NO_WAY_S, Timetable, join_windows, timetables
from tests.routing.situations import HOUR, PaperTown, at, candidate, problem, shift

TIMES = st.integers(0, 40)
WINDOWS = st.tuples(TIMES, TIMES).map(lambda ends: Window(min(ends), max(ends)))
SEVERAL_WINDOWS = st.lists(WINDOWS, min_size=1, max_size=4).map(tuple)


def seconds_of(windows: tuple[Window, ...] | list[Window]) -> set[int]:
    return {s for window in windows for s in range(window.start_s, window.end_s + 1)}


@given(SEVERAL_WINDOWS)
def test_joined_windows_hold_the_same_seconds_in_order_and_apart(
    windows: tuple[Window, ...],
) -> None:
    joined = join_windows(windows)

    assert seconds_of(joined) == seconds_of(windows)
    assert all(a.end_s + 1 < b.start_s for a, b in pairwise(joined))


MINUTE_WINDOWS = st.lists(
    WINDOWS.map(lambda w: Window(8 * HOUR + w.start_s * 60, 8 * HOUR + w.end_s * 60)),
    min_size=1,
    max_size=3,
).map(tuple)


@st.composite
def small_days(draw: st.DrawFn) -> Problem:
    places = draw(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=5))
    people = [
        candidate(
            str(i),
            at(*place),
            prize=draw(st.integers(0, 300)),
            windows=draw(MINUTE_WINDOWS),
            service_s=draw(st.sampled_from([0, 120, 600])),
        )
        for i, place in enumerate(places)
    ]
    open_end = draw(st.booleans())
    ana = shift(window=Window(8 * HOUR, 8 * HOUR + 2400), end=None if open_end else at(0))
    return problem(people, [ana])


def table_of(day: Problem) -> Timetable:
    (table,) = timetables(day, measure(day, PaperTown()))
    return table


@given(small_days(), st.data())
def test_an_insertion_fits_exactly_when_the_order_with_it_does(
    day: Problem, data: st.DataObject
) -> None:
    table = table_of(day)
    order: list[int] = []
    for one in data.draw(st.permutations(range(len(day.candidates)))):
        order = [*order, one] if table.clock([*order, one]) else order
    pool = np.arange(len(day.candidates))

    insertions = table.insertions(order, pool)

    for position in range(len(order) + 1):
        for one in pool.tolist():
            longer = [*order[:position], one, *order[position:]]
            assert insertions.fits[position, one] == (table.clock(longer) is not None)
            added_s = table.travel_s(longer) - table.travel_s(order)
            assert insertions.detour_s[position, one] == added_s


@given(small_days(), st.data())
def test_no_detour_and_no_day_is_shorter_than_the_least_of_them(
    day: Problem, data: st.DataObject
) -> None:
    table = table_of(day)
    order: list[int] = []
    for one in data.draw(st.permutations(range(len(day.candidates)))):
        order = [*order, one] if table.clock([*order, one]) else order
    pool = np.arange(len(day.candidates))

    least_s = table.least_detours_s(order, pool)

    assert order == [] or table.least_work_s(order) <= day.shifts[0].window.end_s - 8 * HOUR
    for rest in [order, *(order[:i] + order[i + 1 :] for i in range(len(order)))]:
        found = table.insertions(rest, pool)
        assert (found.detour_s >= least_s).all()
        works_s = table.least_work_s(rest) + least_s + table.visits.service_s
        has_time = works_s <= day.shifts[0].window.end_s - day.shifts[0].window.start_s
        assert (has_time | ~found.fits.any(axis=0)).all()


@given(small_days())
def test_visitable_are_those_who_fit_alone(day: Problem) -> None:
    table = table_of(day)

    alone = [table.clock([one]) is not None for one in range(len(day.candidates))]

    assert table.visitable.tolist() == alone


def test_to_somebody_whose_place_was_not_measured_there_is_no_way() -> None:
    near, far = candidate("near", at(1, 0)), candidate("far", at(2, 0))
    known = problem([near])
    matrices = measure(known, PaperTown())
    both = problem([near, far])

    table = timetables(both, matrices)[0]

    assert table.visitable.tolist() == [True, False]
    assert table.rides.seconds_at(9 * HOUR, table.start, 1) == NO_WAY_S
    assert table.rides.arrival(9 * HOUR, 0, 1) == (NO_WAY_S, NO_WAY_S)
    assert not table.fits([0, 1])
    assert table.fits([0])
