"""Published routes as rows: what the phone reads without asking the solver."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.planning.models import Plan, Route, Stop
from collector_app.planning.rules import Vehicle
from collector_app.portfolio.models import Client
from collector_app.web.maps import encode_line

TODAY = date(2026, 3, 10)  # of the stopped clock, in Mexico City
FIRST_ARRIVAL_S = 10 * 3600 + 300
STOP_S = 900
PATH = encode_line([(-29.9, -71.25), (-29.9020, -71.2512), (-29.9027, -71.2519), (-29.9, -71.25)])


def make_plan(session: Session, day: date = TODAY, **values: object) -> Plan:
    plan = Plan(
        **{
            "day": day,
            "created_at": clock.now(),
            "published_at": clock.now(),
            "travel_source": "calles",
            "is_estimate": False,
            "parameters": {},
            **values,
        }
    )
    session.add(plan)
    session.flush()
    return plan


def make_route(
    session: Session,
    collector: User,
    clients: Sequence[Client],
    plan: Plan | None = None,
    **values: object,
) -> list[Stop]:
    """A route that visits the clients in order, a stop each quarter of an hour from 10:05."""
    plan = plan or make_plan(session)
    route = Route(
        **{
            "plan_id": plan.id,
            "collector_id": collector.id,
            "vehicle": Vehicle.MOTORCYCLE,
            "start_lat": -29.9,
            "start_lon": -71.25,
            "end_lat": -29.9,
            "end_lon": -71.25,
            "leaves_s": 10 * 3600,
            "returns_s": 18 * 3600,
            "travel_s": 300 * len(clients),
            "travel_m": 1_200 * len(clients),
            "path": PATH,
            **values,
        }
    )
    session.add(route)
    session.flush()
    stops = [_stop(route, client, n) for n, client in enumerate(clients, start=1)]
    session.add_all(stops)
    session.flush()
    return stops


def _stop(route: Route, client: Client, position: int) -> Stop:
    arrives_s = FIRST_ARRIVAL_S + STOP_S * (position - 1)
    return Stop(
        route_id=route.id,
        position=position,
        client_id=client.id,
        arrives_s=arrives_s,
        starts_s=arrives_s,
        leaves_s=arrives_s + 600,
        travel_s=300,
        travel_m=1_200,
        detour_s=120,
        prize_cents=20_000,
        reasons=[{"code": "debt", "overdue_cents": 150_000, "days": 40}],
    )
