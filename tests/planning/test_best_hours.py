"""A plan visits people when they are met, and keeps the prize of the hour at which it does."""

import pytest

from collector_app.planning.day_plan import new_plan
from collector_app.planning.problem_builder import BuiltDay, build_day
from collector_app.planning.rules import PlanPolicy
from collector_app.planning.solving import solve_day
from collector_app.visits.queries import AppointmentRow
from routing.scoring import ContactCount, DayPart, Experience
from routing.travel.haversine import Haversine
from tests.planning.factories import CENTRE, TUESDAY, candidate_row, day_of, hour, workday_row

HOUR_S = 3600
EVENING_S = 17 * HOUR_S
POLICY = PlanPolicy()


def in_the_evening(*clients: int) -> Experience:
    """These clients were met in the evening alone; strangers at any hour, half of the time."""
    strangers = tuple(
        ContactCount(10_000 + n, "person", n % 6, list(DayPart)[n % 4], n // 4 % 2, 1)
        for n in range(400)
    )
    known = (
        count
        for client in clients
        for count in (
            *(ContactCount(client, "person", 1, part, 0, 12) for part in list(DayPart)[:-1]),
            ContactCount(client, "person", 1, DayPart.EVENING, 12, 12),
        )
    )
    return Experience(contacts=(*strangers, *known))


def day(**values) -> BuiltDay:
    """Six clients in a row, of whom 1 and 2 are met in the evening; the day ends at eight."""
    rows = [
        candidate_row(n, lat=CENTRE[0] + n * 0.002, lon=CENTRE[1], collector_id=1, **values)
        for n in range(1, 7)
    ]
    late = workday_row(1, starts_s=9 * HOUR_S, ends_s=20 * HOUR_S)
    known = in_the_evening(1, 2)
    return build_day(day_of(*rows, workdays=(late,), experience=known), POLICY)


def candidates(built: BuiltDay):
    return {int(one.id): one for one in built.problem.candidates}


def test_who_is_met_in_the_evening_is_preferred_then_and_worth_more():
    built = day()

    one = candidates(built)[1]
    assert all(window.start_s >= EVENING_S for window in one.preferred)
    assert one.prize > built.prizes[1].total > one.prize - one.outside_price


def test_the_law_alone_says_when_a_visit_may_start():
    without = {number: one.windows for number, one in candidates(day()).items()}

    assert without[1] == without[6]


def test_the_plan_waits_for_the_evening_where_that_brings_more():
    built = day()

    solved = solve_day(built.problem, Haversine(), seconds=0.5, seed=1, tell=lambda *_: None)
    plan = new_plan(built, solved, POLICY, {})

    stops = {stop.client_id: stop for route in plan.routes for stop in route.stops}
    assert {client for client, stop in stops.items() if stop.starts_s >= EVENING_S} >= {1, 2}
    for client, stop in stops.items():
        chances = next(one for one in stop.reasons if one["code"] == "chances")
        worth = built.prize_at(client, stop.starts_s)
        assert stop.prize_cents == worth.expected_cents
        assert chances["worth_cents"] == worth.total == sum(chances["parts"].values())
        assert chances["contact"] == pytest.approx(worth.chances.contact.share, abs=1e-4)
    assert stops[1].prize_cents > built.prizes[1].expected_cents


def test_an_appointment_is_kept_whatever_hour_would_be_better():
    slot = AppointmentRow(1, 1, None, hour(TUESDAY, 10), hour(TUESDAY, 11))

    one = candidates(day(appointments=(slot,)))[1]

    assert (one.preferred, one.outside_price) == ((), 0)
