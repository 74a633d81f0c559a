"""Two readings of a problem agree: the timetable that makes plans and the verifier that checks."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from routing.measure import measure, split
from routing.problem import Problem
from routing.timetable import timetables
from routing.verifier import Rule, verify
from routing.verifier.days import Day
from routing.verifier.rides import Rides
from tests.routing.rich_days import RushHour, grown, rich_days

# Orders grown at random leave out whom they like, and forget required ones.
BY_HAND = {Rule.LEFT_OUT}
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(rich_days(), st.booleans(), st.data())
def test_whatever_plan_is_made_the_verifier_finds_nothing_wrong(
    day: Problem, by_hour: bool, data: st.DataObject
) -> None:
    matrices = measure(day, RushHour(), by_hour=by_hour)

    _, plan = grown(data.draw, day, matrices)

    assert [str(one) for one in verify(day, plan, matrices) if one.rule not in BY_HAND] == []


@MANY
@given(rich_days(), st.booleans(), st.data())
def test_an_order_fits_for_the_one_exactly_when_it_does_for_the_other(
    day: Problem, by_hour: bool, data: st.DataObject
) -> None:
    matrices = measure(day, RushHour(), by_hour=by_hour)
    for part in split(day):
        for table in timetables(part, matrices):
            numbers = data.draw(
                st.lists(st.integers(0, len(part.candidates) - 1), max_size=4, unique=True)
            )
            checked = Day(part, table.shift, Rides(matrices[table.shift.id]))
            has_room = table.shift.max_stops is None or len(numbers) <= table.shift.max_stops

            fits = has_room and table.fits(numbers)

            assert fits == checked.fits([part.candidates[one] for one in numbers])


@MANY
@given(rich_days(), st.booleans(), st.data())
def test_an_insertion_fits_exactly_when_the_longer_order_does(
    day: Problem, by_hour: bool, data: st.DataObject
) -> None:
    matrices = measure(day, RushHour(), by_hour=by_hour)
    for part in split(day):
        for table in timetables(part, matrices):
            everybody = list(range(len(part.candidates)))
            order: list[int] = []
            for one in data.draw(st.permutations(everybody))[:3]:
                longer = [*order, one]
                order = longer if table.fits(longer) else order
            waiting = data.draw(st.booleans())

            found = table.insertions(order, table.visits.service_s * 0 + everybody, waiting=waiting)

            for position in range(len(order) + 1):
                for one in set(everybody) - set(order):
                    longer = [*order[:position], one, *order[position:]]
                    may = table.allowed[one] and table.has_room(order)
                    fits = may and table.fits(longer, {one} if waiting else ())
                    assert found.fits[position, one] == fits
