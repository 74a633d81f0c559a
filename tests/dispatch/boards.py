"""A board over two collectors' routes of tomorrow, and shorthand for editing it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core.actor import Actor
from collector_app.dispatch import services
from collector_app.dispatch.editing import drafted
from collector_app.dispatch.models import PlanEdit
from collector_app.dispatch.queries import BoardPage, board_page
from collector_app.dispatch.rules import Order
from collector_app.planning.services import NewSkipped, store_plan
from collector_app.portfolio.models import Client
from routing.travel.sources import open_travel
from tests.planning.factories import HOUR_S, ZONE, new_plan
from tests.repairs.factories import route_of

SYSTEM = Actor.system("test")
TOMORROW = date(2026, 3, 11)  # a Wednesday; the clock of the tests stands on Tuesday
TRAVEL = open_travel({"provider": "haversine"})


def make_board(
    session: Session,
    routes: Sequence[tuple[User, Sequence[Client]]],
    skipped: Sequence[NewSkipped] = (),
) -> int:
    """A stored plan of tomorrow whose collectors begin at nine."""
    made = tuple(route_of(who, clients, 9 * HOUR_S) for who, clients in routes)
    new = new_plan(routes[0][0], [], day=TOMORROW, routes=made, skipped=tuple(skipped))
    plan_id = store_plan(session, SYSTEM, new)
    session.commit()
    return plan_id


def follow(session: Session, plan_id: int, *orders: Order, seen: int | None = None) -> PlanEdit:
    """Give orders one after the other, each on the newest version; returns the last edit."""
    for order in orders:
        version = board_page(session, plan_id).version if seen is None else seen
        made = drafted(session, plan_id, version, order, zone=ZONE, travel=TRAVEL)
        edit = services.add_edit(
            session,
            SYSTEM,
            plan_id,
            version,
            kind=made.kind,
            what=made.what,
            cost=made.cost,
            effect=made.effect,
        )
        session.flush()
    return edit


def order_of(session: Session, plan_id: int, collector: User) -> list[int]:
    """The clients on a collector's route, in order."""
    page: BoardPage = board_page(session, plan_id)
    return list(page.state.routes[collector.id].clients)
