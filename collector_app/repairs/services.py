"""What dispatchers do with repairs: put one in force, and take it back."""

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import insert, literal, not_, select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.errors import StaleData
from collector_app.core.selection import among
from collector_app.planning.models import SkippedClient
from collector_app.planning.queries import published_plan_id
from collector_app.planning.services import PUBLISHERS, NewPlan, publish, store_plan
from collector_app.repairs.models import Repair
from collector_app.repairs.queries import repairs_in_force
from collector_app.repairs.rules import DayChange, NothingToUndo, StopMove


def apply_repair(  # noqa: PLR0913 - each is a fact of the repair
    session: Session,
    actor: Actor,
    new: NewPlan,
    *,
    before_id: int,
    asked: DayChange,
    moves: Collection[StopMove],
    retimed: Collection[int],
    zone: ZoneInfo,
) -> int:
    """Store the repaired plan, publish it in place of the one before, and return its id.

    Clients whom the change could not reach stay left out for the reason they had.

    Raises
    ------
    NotAllowed
        Unless somebody of the office asks.
    StaleData
        If another plan was published meanwhile.
    OutsideTheLaw
        If a stop still to be made is outside the law; nothing is stored then.
    """
    actor.require(*PUBLISHERS)
    if published_plan_id(session, new.day) != before_id:
        message = f"plan {before_id} is not the published one any more"
        raise StaleData(message)
    plan_id = store_plan(session, actor, new)
    _keep_left_out(session, before_id, plan_id, new)
    publish(session, actor, plan_id, today=clock.today(zone), zone=zone)
    keep_repair(
        session,
        actor,
        plan_id=plan_id,
        before_id=before_id,
        asked=asked,
        moves=moves,
        retimed=retimed,
    )
    return plan_id


def keep_repair(
    session: Session,
    actor: Actor,
    *,
    plan_id: int,
    before_id: int,
    asked: DayChange,
    moves: Collection[StopMove],
    retimed: Collection[int],
) -> Repair:
    """Keep which plan took the place of which, and what that changed: phones tell it."""
    repair = Repair(
        plan_id=plan_id,
        before_id=before_id,
        kind=asked.kind,
        change=asked.to_facts(),
        moves=[one.to_facts() for one in moves],
        retimed=sorted(retimed),
        made_at=clock.now(),
        made_by=actor.user_id,
    )
    session.add(repair)
    audit.log(
        session,
        actor,
        "day.repaired",
        repair,
        kind=asked.kind.value,
        plan=plan_id,
        before=before_id,
    )
    return repair


def undo_repair(session: Session, actor: Actor, *, today: date, zone: ZoneInfo) -> int:
    """Publish the plan before the last repair again, and return its id.

    Visits made since stay made: whoever was visited today counts as done in any plan.

    Raises
    ------
    NotAllowed
        Unless somebody of the office asks.
    NothingToUndo
        If the published plan is no repair.
    OutsideTheLaw
        If a stop of the plan before is outside the law by now.
    """
    actor.require(*PUBLISHERS)
    plan_id = published_plan_id(session, today)
    repairs = [] if plan_id is None else repairs_in_force(session, plan_id)
    if not repairs:
        raise NothingToUndo(day=today.isoformat())
    last = repairs[-1]
    publish(session, actor, last.before_id, today=today, zone=zone)
    audit.log(
        session,
        actor,
        "day.repair_undone",
        f"plan:{last.plan_id}",
        kind=last.kind.value,
        before=last.before_id,
    )
    return last.before_id


def _keep_left_out(session: Session, before_id: int, plan_id: int, new: NewPlan) -> None:
    """Copy the clients left out of the plan before, but those whom the new one speaks of."""
    session.flush()
    told = {one.client_id for one in new.skipped}
    told |= {stop.client_id for route in new.routes for stop in route.stops}
    columns = (SkippedClient.client_id, SkippedClient.collector_id, SkippedClient.cause)
    kept = select(literal(plan_id), *columns, SkippedClient.facts).where(
        SkippedClient.plan_id == before_id, not_(among(SkippedClient.client_id, told))
    )
    names = ["plan_id", "client_id", "collector_id", "cause", "facts"]
    session.execute(insert(SkippedClient).from_select(names, kept))
