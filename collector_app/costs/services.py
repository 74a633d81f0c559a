"""Telling what something costs from a day on."""

from datetime import date

from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit.services import log
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.costs.models import CostRate
from collector_app.costs.queries import last_told
from collector_app.costs.rules import WHO_KNOWS_COSTS, CostKind, CostOfOne, checked_amount


def set_cost(
    session: Session,
    actor: Actor,
    kind: CostKind,
    collector_id: int | None,
    amount: int | None,
    currency: str,
    from_on: date,
) -> CostRate:
    """Say what a cost is from a day on; days that are over may be told, too.

    What already holds from that very day is told once: a form that is sent twice adds nothing.

    Parameters
    ----------
    collector_id : int, optional
        Whose cost it is; None: of all who have none of their own.
    amount : int, optional
        Cents, of a commission hundredths of a percent; None: there is none from that day on.

    Raises
    ------
    NotAllowed, NotFound
        Unless a supervisor or an administrator tells it, of a collector that there is.
    WrongCost, CostOfOne
        If the cost can't be, or can't be that of one person.
    """
    actor.require(*WHO_KNOWS_COSTS)
    if collector_id is not None:
        if kind is CostKind.FIXED_PER_MONTH:
            raise CostOfOne("collector_id", "all of them")
        collector = session.get(User, collector_id)
        if collector is None or collector.role is not Role.COLLECTOR:
            message = f"no collector {collector_id}"
            raise NotFound(message)
    checked = checked_amount(kind, amount)
    known = last_told(session, kind, collector_id, currency, from_on)
    if known is not None and known.amount == checked:
        return known
    row = CostRate(
        kind=kind,
        collector_id=collector_id,
        amount=checked,
        currency=currency,
        from_on=from_on,
        set_by=actor.user_id,
        set_at=clock.now(),
    )
    session.add(row)
    facts = {"amount": amount, "currency": currency, "from_on": from_on.isoformat()}
    log(session, actor, "costs.set", row, kind=kind.value, collector=collector_id, **facts)
    return row
