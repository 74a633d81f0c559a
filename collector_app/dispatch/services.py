"""What dispatchers do on the board: add an edit, and publish what it became."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.edits import check_version
from collector_app.core.errors import NotFound
from collector_app.dispatch.models import PlanEdit
from collector_app.dispatch.queries import version_of
from collector_app.dispatch.rules import BoardEditKind, Cost, Effect, What
from collector_app.planning.models import Plan
from collector_app.planning.queries import last_published_plan
from collector_app.planning.services import PLANNERS, PUBLISHERS, NewPlan, publish, store_plan
from collector_app.repairs.rules import DayChange, RepairKind, StopMove
from collector_app.repairs.services import keep_repair


def add_edit(  # noqa: PLR0913 - each is a fact of the edit
    session: Session,
    actor: Actor,
    plan_id: int,
    seen: int,
    *,
    kind: BoardEditKind,
    what: What,
    cost: Cost,
    effect: Effect,
) -> PlanEdit:
    """Add an edit behind the others; nothing before it is changed.

    Parameters
    ----------
    seen : int
        The version that the edit was worked out on.

    Raises
    ------
    NotAllowed
        Unless a dispatcher or an admin asks.
    NotFound, StaleDraft
        When there is no such plan, or others edited it meanwhile.
    """
    actor.require(*PLANNERS)
    _lock(session, plan_id)
    check_version(seen, version_of(session, plan_id))
    edit = PlanEdit(
        plan_id=plan_id,
        number=seen + 1,
        kind=kind,
        made_at=clock.now(),
        made_by=actor.user_id,
        what=what.as_json(),
        cost=cost.as_json(),
        effect=effect.as_json(),
    )
    session.add(edit)
    audit.log(
        session,
        actor,
        "plan.edited",
        edit,
        plan_id=plan_id,
        number=edit.number,
        kind=kind.value,
        client=what.client_id,
        collector=what.to_id,
    )
    return edit


def publish_board(  # noqa: PLR0913 - each is a fact of what is published
    session: Session,
    actor: Actor,
    plan_id: int,
    seen: int,
    *,
    new: NewPlan | None,
    moves: tuple[StopMove, ...],
    retimed: tuple[int, ...],
    zone: ZoneInfo,
    replaces: int | None = None,
) -> int:
    """Publish a plan with its edits, tell the phones what that changes, and return its id.

    Parameters
    ----------
    new : NewPlan or None
        What the edits made of the plan; None publishes it as it was stored.
    moves, retimed
        What changes against the plan that phones saw last.
    replaces : int, optional
        The plan that phones saw when the person decided, 0 for none.

    Raises
    ------
    NotAllowed
        Unless somebody of the office asks.
    NotFound, StaleDraft, PublishedMeanwhile, DayIsPast, OutsideTheLaw
        When there is no such plan, others edited it meanwhile, or another one of its day was
        published or withdrawn, or it can't be published.
    """
    actor.require(*PUBLISHERS)
    _lock(session, plan_id)
    check_version(seen, version_of(session, plan_id))
    plan = session.get_one(Plan, plan_id)
    before = last_published_plan(session, plan.day)
    is_new = new is not None or plan.published_at is None
    published_id = plan_id if new is None else store_plan(session, actor, new)
    publish(session, actor, published_id, today=clock.today(zone), zone=zone, replaces=replaces)
    if before is not None and is_new and (moves or retimed):
        keep_repair(
            session,
            actor,
            plan_id=published_id,
            before_id=before.id,
            asked=DayChange(RepairKind.EDITED),
            moves=moves,
            retimed=retimed,
        )
    return published_id


def _lock(session: Session, plan_id: int) -> None:
    """Let nobody else edit or publish this plan until the end of the transaction."""
    if session.get(Plan, plan_id, with_for_update=True) is None:
        message = f"no plan {plan_id}"
        raise NotFound(message)
