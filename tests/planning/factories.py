"""Rows of planning with sensible defaults: working hours, zones with an owner, plans."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.compliance.profile_files import house_rules, law_profile
from collector_app.compliance.rules import combine
from collector_app.core import clock
from collector_app.payments.queries import Debt
from collector_app.planning.models import Workday
from collector_app.planning.queries import CandidateRow, DayRows, WorkdayRow
from collector_app.planning.rules import Vehicle
from collector_app.planning.services import NewPlan, NewRoute, NewStop
from collector_app.portfolio.models import Client
from collector_app.portfolio.rules import ClientKind, bucket
from collector_app.web.maps import encode_line
from collector_app.zones.models import Zone, ZoneAssignment, ZoneMembership

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = date(2026, 3, 10)
HOUR_S = 3600
CENTRE = (-29.9027, -71.2519)
_number = count(1)


def hour(day: date, hours: int, minutes: int = 0):
    """An instant by the clock of the business."""
    return clock.at_second(day, hours * HOUR_S + minutes * 60, ZONE)


def make_workday(session: Session, collector: User, **values: Any) -> Workday:
    workday = Workday(
        **{
            "collector_id": collector.id,
            "vehicle": Vehicle.MOTORCYCLE,
            "starts_s": 9 * HOUR_S,
            "ends_s": 17 * HOUR_S,
            "start_lat": CENTRE[0],
            "start_lon": CENTRE[1],
            "end_lat": CENTRE[0],
            "end_lon": CENTRE[1],
            "max_stops": None,
            **values,
        }
    )
    session.add(workday)
    session.flush()
    return workday


def make_zone(session: Session, collector: User | None, clients: list[Client]) -> Zone:
    zone = Zone(
        name=f"Zona {next(_number)}",
        colour="#336699",
        outline={"type": "Polygon", "coordinates": []},
        from_on=date(2026, 1, 1),
    )
    session.add(zone)
    session.flush()
    if collector is not None:
        session.add(
            ZoneAssignment(zone_id=zone.id, collector_id=collector.id, from_on=date(2026, 1, 1))
        )
    session.add_all(
        ZoneMembership(zone_id=zone.id, client_id=client.id, from_on=date(2026, 1, 1))
        for client in clients
    )
    session.flush()
    return zone


def workday_row(collector_id: int = 1, **values: Any) -> WorkdayRow:
    return WorkdayRow(
        **{
            "collector_id": collector_id,
            "name": f"Gestor {collector_id}",
            "vehicle": Vehicle.MOTORCYCLE,
            "starts_s": 9 * HOUR_S,
            "ends_s": 17 * HOUR_S,
            "start_lat": CENTRE[0],
            "start_lon": CENTRE[1],
            "end_lat": CENTRE[0],
            "end_lon": CENTRE[1],
            "max_stops": None,
            **values,
        }
    )


def debt(overdue_cents: int = 150_000, days: int = 40) -> Debt:
    return Debt(overdue_cents, overdue_cents, date(2026, 1, 29), days, bucket(days))


def candidate_row(client_id: int = 1, **values: Any) -> CandidateRow:
    return CandidateRow(
        **{
            "client_id": client_id,
            "kind": ClientKind.PERSON,
            "lat": CENTRE[0] + client_id / 10_000,
            "lon": CENTRE[1],
            "zone_id": 1,
            "collector_id": 1,
            "debt": debt(),
            "promises": (),
            "appointments": (),
            "contacts": (),
            "ban": None,
            **values,
        }
    )


def day_of(
    *candidates: CandidateRow, day: date = TUESDAY, law: str = "mx_financial_strict", **values: Any
) -> DayRows:
    return DayRows(
        **{
            "day": day,
            "zone": ZONE,
            "profile": combine(law_profile(law), house_rules()),
            "workdays": (workday_row(),),
            "candidates": candidates,
            **values,
        }
    )


def new_plan(
    collector: User, clients: Sequence[Client], *, first_s: int = 10 * HOUR_S, **values: Any
) -> NewPlan:
    """A plan of one route that visits the clients one after the other, ten minutes each."""
    stops = tuple(
        NewStop(
            client_id=client.id,
            arrives_s=first_s + i * 1200,
            starts_s=first_s + i * 1200,
            leaves_s=first_s + i * 1200 + 600,
            travel_s=600,
            travel_m=2500,
            detour_s=240,
            prize_cents=31_000,
            reasons=[
                {"code": "debt", "overdue_cents": 150_000, "days": 40},
                {"code": "on_the_way", "detour_s": 240},
                {"code": "expected", "prize_cents": 31_000},
            ],
        )
        for i, client in enumerate(clients)
    )
    route = NewRoute(
        workday=workday_row(collector.id),
        leaves_s=first_s - 600,
        returns_s=first_s + len(stops) * 1200,
        travel_s=600 * (len(stops) + 1),
        travel_m=2500 * (len(stops) + 1),
        path=encode_line([CENTRE, (CENTRE[0] + 0.01, CENTRE[1])]),
        stops=stops,
    )
    return NewPlan(
        **{
            "day": TUESDAY,
            "travel_source": "haversine",
            "is_estimate": True,
            "parameters": {
                "law": "mx_financial_strict",
                "seconds": 5,
                "seed": 1,
                "solver": "by hand",
            },
            "routes": (route,) if stops else (),
            "skipped": (),
            **values,
        }
    )
