"""Trips between visits, as the phones logged them; only times and places, never who owed what.

A trip is what lies between two visits of one collector on one day: from the tap that saved the one
to the opening of the form of the other, both by the clock of the phone, so that a clock that is
wrong by the same amount all day does no harm. Time at the door before the form was opened is in it,
as is parking: the fit has a constant for both.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from collector_app.core import clock
from collector_app.planning.rules import Vehicle
from collector_app.visits.queries import VisitRow
from collector_app.visits.rules import Nearness, VisitPolicy, distance_check
from routing.geo import Point
from routing.travel.streets.calibration import Trip
from routing.travel.times import Profile

# A form that was open for less was filled in when the visit was over: when the collector arrived
# is not known. Nobody reads, asks and types in less.
SHORTEST_FORM = timedelta(seconds=15)

Unusable = Literal["no_vehicle", "on_foot", "no_fix", "far", "wrong_clock", "opened_late"]
"""Why what lies between two visits says nothing about the streets."""


def logged_trips(
    visits: list[VisitRow],
    vehicles: Mapping[int, Vehicle],
    zone: ZoneInfo,
    policy: VisitPolicy | None = None,
) -> tuple[list[Trip], Counter[Unusable]]:
    """Return the trips between visits, and how many were unusable for each reason.

    Parameters
    ----------
    visits : list of VisitRow
        Of any collectors and days.
    vehicles : mapping of collector id to Vehicle
        How each rides.
    zone : ZoneInfo
        Time zone of the business.
    """
    trips, unusable = [], Counter[Unusable]()
    for before, after in _pairs(visits, zone):
        vehicle = vehicles.get(before.collector_id)
        reason = _unusable(before, after, vehicle, policy or VisitPolicy())
        if reason is not None:
            unusable[reason] += 1
        elif vehicle is not None:
            trips.append(_trip(before, after, vehicle, zone))
    return trips, unusable


def _pairs(visits: list[VisitRow], zone: ZoneInfo) -> Iterator[tuple[VisitRow, VisitRow]]:
    """Yield the visits of each collector and day, two and two, by the phone's clock."""
    rounds: defaultdict[tuple[int, int], list[VisitRow]] = defaultdict(list)
    for one in visits:
        day = one.started_at.astimezone(zone).date().toordinal()
        rounds[one.collector_id, day].append(one)
    for made in rounds.values():
        yield from pairwise(sorted(made, key=lambda one: (one.started_at, one.id)))


def _unusable(
    before: VisitRow, after: VisitRow, vehicle: Vehicle | None, policy: VisitPolicy
) -> Unusable | None:
    both = (before, after)
    checks: tuple[tuple[Unusable, bool], ...] = (
        ("no_vehicle", vehicle is None),
        ("on_foot", vehicle is Vehicle.FOOT),
        ("wrong_clock", any(_is_clock_ahead(one, policy) for one in both)),
        ("wrong_clock", after.started_at < before.ended_at),
        ("no_fix", any(not _has_fix(one, policy) for one in both)),
        ("far", any(_is_far(one, policy) for one in both)),
        ("opened_late", after.ended_at - after.started_at < SHORTEST_FORM),
    )
    return next((reason for reason, applies in checks if applies), None)


def _is_clock_ahead(visit: VisitRow, policy: VisitPolicy) -> bool:
    # What arrives before it ended was timed by a wrong clock; what arrives late was only sent late.
    tolerance = timedelta(seconds=policy.clock_tolerance_s)
    return visit.received_at < visit.ended_at - tolerance


def _has_fix(visit: VisitRow, policy: VisitPolicy) -> bool:
    return (
        visit.lat is not None
        and visit.lon is not None
        and visit.accuracy_m is not None
        and visit.accuracy_m <= policy.useful_accuracy_m
    )


def _is_far(visit: VisitRow, policy: VisitPolicy) -> bool:
    return distance_check(visit.distance_m, visit.accuracy_m, policy) is Nearness.FAR


def _trip(before: VisitRow, after: VisitRow, vehicle: Vehicle, zone: ZoneInfo) -> Trip:
    return Trip(
        day=before.started_at.astimezone(zone).date().toordinal(),
        depart_s=clock.second_of_day(before.ended_at, zone),
        seconds=(after.started_at - before.ended_at).total_seconds(),
        start=_place(before),
        end=_place(after),
        profile=Profile(vehicle.value),
    )


def _place(visit: VisitRow) -> Point:
    assert visit.lat is not None and visit.lon is not None  # noqa: S101, PT018 - it has a fix
    return Point(visit.lat, visit.lon)
