"""Setting targets."""

from datetime import date

from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.indicators.models import IndicatorTarget
from collector_app.indicators.rules import Indicator, stored_target


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
    row = IndicatorTarget(
        indicator=indicator,
        target=None if target is None else stored_target(indicator, target),
        from_on=from_on,
        set_by=actor.user_id,
        set_at=clock.now(),
    )
    session.add(row)
    audit.log(session, actor, "indicators.target_set", row, indicator=indicator.value)
