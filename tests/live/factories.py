"""A published plan without a solver: one route, its stops half an hour apart from nine o'clock."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.planning.models import Plan, Route, Stop
from collector_app.planning.rules import Vehicle
from collector_app.portfolio.models import Client

NINE_S = 9 * 3600
HALF_HOUR_S = 1800
PLACE = {"start_lat": -29.9, "start_lon": -71.25, "end_lat": -29.9, "end_lon": -71.25}


def publish_route(
    session: Session, collector: User, clients: Sequence[Client], day: date, **plan_values: object
) -> list[Stop]:
    plan = Plan(
        **{
            "day": day,
            "created_at": clock.now(),
            "published_at": clock.now(),
            "travel_source": "haversine",
            "is_estimate": True,
            "parameters": {},
            **plan_values,
        }
    )
    route = Route(
        plan=plan,
        collector_id=collector.id,
        vehicle=Vehicle.MOTORCYCLE,
        leaves_s=NINE_S,
        returns_s=17 * 3600,
        travel_s=3600,
        travel_m=20_000,
        path="",
        **PLACE,
    )
    stops = [
        Stop(
            route=route,
            position=n + 1,
            client_id=client.id,
            arrives_s=NINE_S + n * HALF_HOUR_S,
            starts_s=NINE_S + n * HALF_HOUR_S,
            leaves_s=NINE_S + n * HALF_HOUR_S + 600,
            travel_s=300,
            travel_m=1500,
            detour_s=300,
            prize_cents=10_000,
            reasons=[],
        )
        for n, client in enumerate(clients)
    ]
    session.add_all([plan, route, *stops])
    session.flush()
    return stops
