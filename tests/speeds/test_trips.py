"""Trips between visits: which count, and where they begin and end."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.planning.rules import Vehicle
from collector_app.speeds.trips import logged_trips
from collector_app.visits.queries import VisitRow
from collector_app.visits.rules import Outcome, PersonMet
from routing.geo import Point
from routing.travel.times import Profile

ZONE = ZoneInfo("America/Mexico_City")
TEN = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)  # 10:00 there
MINUTE = timedelta(minutes=1)
RIDES = {7: Vehicle.MOTORCYCLE, 8: Vehicle.FOOT}


def visit(start_min: float, **values) -> VisitRow:
    """A visit of five minutes that begins so many minutes after ten."""
    started_at = values.pop("started_at", TEN + start_min * MINUTE)
    ended_at = values.pop("ended_at", started_at + 5 * MINUTE)
    return VisitRow(
        **{
            "id": round(start_min * 60),
            "client_id": 1,
            "client_name": "Ana",
            "collector_id": 7,
            "collector_name": "Luis",
            "stop_id": None,
            "started_at": started_at,
            "ended_at": ended_at,
            "received_at": ended_at,
            "person_met": PersonMet.HOLDER,
            "outcome": Outcome.REFUSED,
            "objection": None,
            "note": None,
            "lat": -29.9,
            "lon": -71.25,
            "accuracy_m": 12,
            "no_gps_reason": None,
            "distance_m": 5,
            **values,
        }
    )


def test_a_trip_is_from_saving_one_visit_to_opening_the_next():
    trips, unusable = logged_trips([visit(0), visit(17, lat=-29.91)], RIDES, ZONE)

    (trip,) = trips
    assert trip.seconds == 12 * 60
    assert trip.depart_s == 10 * 3600 + 5 * 60
    assert (trip.start, trip.end) == (Point(-29.9, -71.25), Point(-29.91, -71.25))
    assert trip.profile is Profile.MOTORCYCLE
    assert not unusable


def test_visits_are_taken_in_the_order_they_were_made():
    trips, _ = logged_trips([visit(40), visit(0), visit(20)], RIDES, ZONE)

    assert [trip.depart_s for trip in trips] == [10 * 3600 + 300, 10 * 3600 + 1500]


def test_nobody_rides_from_one_day_into_the_next_or_into_anothers():
    day_later = visit(0, started_at=TEN + timedelta(days=1))
    another = visit(10, collector_id=9)

    assert logged_trips([visit(0), day_later, another], RIDES, ZONE) == ([], {})


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"lat": None, "lon": None, "accuracy_m": None}, "no_fix"),
        ({"accuracy_m": 101, "distance_m": None}, "no_fix"),
        ({"accuracy_m": 100, "distance_m": None}, None),
        ({"distance_m": 113}, "far"),
        ({"distance_m": 112}, None),
        ({"distance_m": None}, None),
        ({"received_at": TEN + 22 * MINUTE}, "wrong_clock"),
        ({"received_at": TEN + 23 * MINUTE}, None),
        ({"received_at": TEN + 600 * MINUTE}, None),
        ({"ended_at": TEN + 20 * MINUTE + timedelta(seconds=14)}, "opened_late"),
        ({"ended_at": TEN + 20 * MINUTE + timedelta(seconds=15)}, None),
        ({"started_at": TEN + 4 * MINUTE}, "wrong_clock"),
    ],
)
def test_what_says_nothing_about_the_streets_is_counted_by_its_reason(values, reason):
    trips, unusable = logged_trips([visit(0), visit(20, **values)], RIDES, ZONE)

    assert unusable == ({reason: 1} if reason else {})
    assert len(trips) == (0 if reason else 1)


@pytest.mark.parametrize(("collector_id", "reason"), [(8, "on_foot"), (9, "no_vehicle")])
def test_only_those_who_are_known_to_ride_teach(collector_id, reason):
    visits = [visit(minute, collector_id=collector_id) for minute in (0, 20)]

    assert logged_trips(visits, RIDES, ZONE) == ([], {reason: 1})
