"""A day under way: collectors with zones, a published plan, clients in a row."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.planning import services
from collector_app.planning.services import NewRoute, NewSkipped, NewStop
from collector_app.portfolio.models import Client
from collector_app.web.maps import encode_line
from tests.factories import make_client, make_user
from tests.planning.factories import (
    CENTRE,
    HOUR_S,
    TUESDAY,
    ZONE,
    make_workday,
    make_zone,
    new_plan,
    workday_row,
)

SYSTEM = Actor.system("test")
STEP = 0.004  # degrees of latitude, some 440 m
SPACE_S = 1800  # from the start of one visit to the next


def make_row(session: Session, count: int, column: int = 0, **values: object) -> list[Client]:
    """Clients who owe, one after the other to the north of the centre."""
    found = []
    for i in range(count):
        place = {"lat": CENTRE[0] + STEP * (i + 1), "lon": CENTRE[1] + STEP * column}
        client = make_client(session, name=f"Cliente {column}-{i}", **{**place, **values})
        found.append(client)
    return found


def make_collector(session: Session, name: str, clients: list[Client], **hours: object) -> User:
    """A collector who works today and answers for these clients."""
    collector = make_user(session, full_name=name)
    make_workday(session, collector, **hours)
    make_zone(session, collector, clients)
    return collector


def route_of(collector: User, clients: Sequence[Client], first_s: int) -> NewRoute:
    """A route that visits the clients in order, one each half hour."""
    starts = [first_s + SPACE_S * i for i in range(len(clients))]
    stops = tuple(
        NewStop(
            client_id=client.id,
            arrives_s=at,
            starts_s=at,
            leaves_s=at + 480,
            travel_s=300,
            travel_m=900,
            detour_s=600,
            prize_cents=31_000,
            reasons=[{"code": "debt", "overdue_cents": 150_000, "days": 40}],
        )
        for client, at in zip(clients, starts, strict=True)
    )
    return NewRoute(
        workday=workday_row(collector.id),
        leaves_s=first_s - 300,
        returns_s=first_s + SPACE_S * len(clients),
        travel_s=300 * (len(clients) + 1),
        travel_m=900 * (len(clients) + 1),
        path=encode_line([CENTRE, (CENTRE[0] + 0.01, CENTRE[1])]),
        stops=stops,
    )


def publish_day(
    session: Session,
    routes: Sequence[tuple[User, Sequence[Client]]],
    *,
    first_s: int = 9 * HOUR_S,
    skipped: Sequence[NewSkipped] = (),
) -> int:
    """Publish a plan of today with these routes, made at the hour of the test."""
    made = tuple(route_of(who, clients, first_s) for who, clients in routes)
    new = new_plan(routes[0][0], [], routes=made, skipped=tuple(skipped))
    plan_id = services.store_plan(session, SYSTEM, new)
    services.publish(session, SYSTEM, plan_id, today=TUESDAY, zone=ZONE)
    assert clock.today(ZONE) == TUESDAY
    return plan_id
