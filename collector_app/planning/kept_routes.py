"""Routes that a new plan takes over from an earlier one of the day, copied inside the database."""

from dataclasses import dataclass

from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session, aliased

from collector_app.core.orm import Model
from collector_app.core.selection import among
from collector_app.planning.models import Route, Stop


@dataclass(frozen=True, slots=True)
class KeptRoutes:
    """The collectors whose routes stay as they are in the plan with this id."""

    plan_id: int
    collectors: frozenset[int]


def keep_routes(session: Session, plan_id: int, kept: KeptRoutes) -> int:
    """Copy the routes with their stops into a plan; return how many stops these are.

    Two statements, however many stops there are.
    """
    route_columns = _columns(Route, "plan_id")
    routes = select(literal(plan_id), *(getattr(Route, one) for one in route_columns)).where(
        Route.plan_id == kept.plan_id, among(Route.collector_id, kept.collectors)
    )
    session.execute(insert(Route).from_select(["plan_id", *route_columns], routes))
    old, new = aliased(Route), aliased(Route)
    of_new = (new.plan_id == plan_id, among(new.collector_id, kept.collectors))
    stop_columns = _columns(Stop, "route_id")
    stops = (
        select(new.id, *(getattr(Stop, one) for one in stop_columns))
        .join(old, old.id == Stop.route_id)
        .join(new, new.collector_id == old.collector_id)
        .where(old.plan_id == kept.plan_id, *of_new)
        .order_by(new.id, Stop.position)
    )
    session.execute(insert(Stop).from_select(["route_id", *stop_columns], stops))
    count = select(func.count(Stop.id)).join(new, new.id == Stop.route_id).where(*of_new)
    return session.scalar(count) or 0


def _columns(table: type[Model], parent: str) -> list[str]:
    """Return the columns that a copy takes over: all but its own id and that of its parent."""
    names = (column.name for column in table.__table__.columns)
    return [name for name in names if name not in {"id", parent}]
