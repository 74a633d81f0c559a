"""Setting targets."""

from datetime import date

from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.indicators.models import GroupTarget, IndicatorTarget
from collector_app.indicators.queries import STAGES, WITH_TARGETS, groups_with_targets
from collector_app.indicators.rules import Dimension, Indicator, stored_target


def set_target(
    session: Session, actor: Actor, indicator: Indicator, target: float | None, from_on: date
) -> None:
    """Set what an indicator should reach from a day on, in its unit; None ends the target.

    Earlier targets stay, so that past periods are judged by what held then.

    Raises
    ------
    NotAllowed
        Unless a supervisor or an administrator asks.
    BadTarget
        If it lies outside of what the indicator can be.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    stored = None if target is None else stored_target(indicator, target)
    row = IndicatorTarget(
        indicator=indicator,
        target=stored and stored.target,
        divisor=stored and stored.divisor,
        from_on=from_on,
        set_by=actor.user_id,
        set_at=clock.now(),
    )
    session.add(row)
    audit.log(session, actor, "indicators.target_set", row, indicator=indicator.value)


def set_group_target(
    session: Session,
    actor: Actor,
    indicator: Indicator,
    by: Dimension,
    group: int,
    target: float | None,
    from_on: date,
) -> None:
    """Set what an indicator should reach for one collector, zone or stage; None: as the company.

    Raises
    ------
    NotAllowed
        Unless a supervisor or an administrator asks.
    NotFound
        If there is no such group on that day.
    BadTarget
        If it lies outside of what the indicator can be.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    known = {one for one, _name in groups_with_targets(session, by, from_on)}
    if by not in WITH_TARGETS or group not in known:
        message = f"no {by.value} {group} on {from_on}"
        raise NotFound(message)
    stored = None if target is None else stored_target(indicator, target)
    row = GroupTarget(
        indicator=indicator,
        collector_id=group if by is Dimension.COLLECTOR else None,
        zone_id=group if by is Dimension.ZONE else None,
        stage=STAGES[group] if by is Dimension.STAGE else None,
        target=stored and stored.target,
        divisor=stored and stored.divisor,
        from_on=from_on,
        set_by=actor.user_id,
        set_at=clock.now(),
    )
    session.add(row)
    told = {"by": by.value, "group": group}
    audit.log(session, actor, "indicators.target_set", row, indicator=indicator.value, **told)
