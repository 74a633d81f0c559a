"""What a client may promise today, given their stage, their debt and what they promised before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.payments.queries import NO_DEBT, Debt, PromiseRow, debts, promise_states
from collector_app.portfolio.rules import Stage
from collector_app.promises.policy_file import policy_for
from collector_app.promises.rules import (
    AllowedTerms,
    PromiseFlag,
    PromisePolicy,
    PromiseState,
    allowed_terms,
    history_flags,
    is_waited_for,
    promise_flags,
)
from collector_app.stages.queries import client_stages


@dataclass(frozen=True, slots=True)
class PromiseLimits:
    """What the house takes from one client on a day."""

    day: date
    stage: Stage
    debt_cents: int
    policy: PromisePolicy
    before: tuple[PromiseState, ...]

    @property
    def allowed(self) -> AllowedTerms:
        """Return the last day and the least amount."""
        return allowed_terms(self.debt_cents, self.day, self.policy)

    @property
    def history_flags(self) -> tuple[PromiseFlag, ...]:
        """Return what earlier promises say about taking one more."""
        return history_flags(self.before, self.policy)

    def flags(self, amount_cents: int, due_on: date) -> tuple[PromiseFlag, ...]:
        """Return everything that the house would not take in a promise."""
        ahead = (due_on - self.day).days
        of_terms = promise_flags(amount_cents, ahead, self.debt_cents, self.policy)
        return (*of_terms, *self.history_flags)


def promise_limits(
    session: Session, client_id: int, day: date, zone: ZoneInfo, *, except_id: int | None = None
) -> PromiseLimits:
    """Return what a client may promise on a day.

    Parameters
    ----------
    except_id : int, optional
        A promise that was just stored, which does not count against itself.
    """
    debt = debts(session, day, zone, [client_id]).get(client_id, NO_DEBT)
    now = client_stages(session, day, zone, [client_id]).get(client_id, Stage.PREVENTIVE)
    others = promise_states(session, day, [client_id], zone=zone).get(client_id, [])
    return PromiseLimits(
        day=day,
        stage=now,
        debt_cents=debt.balance_cents,
        policy=policy_for(now),
        before=tuple(one.state for one in others if one.id != except_id),
    )


def waited_for(
    promises: Iterable[PromiseRow], stage: Stage, day: date, zone: ZoneInfo
) -> PromiseRow | None:
    """Return the next promise of one client for which they are left alone on a day, if any."""
    later = [
        one
        for one in later_promises(promises, day)
        if is_waited_for(one.due_on, one.made_at.astimezone(zone).date(), day, policy_for(stage))
    ]
    return min(later, key=lambda one: one.due_on, default=None)


def later_promises(promises: Iterable[PromiseRow], day: date) -> list[PromiseRow]:
    """Return the open promises of days after a day, however far away."""
    return [one for one in promises if one.state is PromiseState.OPEN and one.due_on > day]


def open_flags(
    promise: PromiseRow, debt: Debt, stage: Stage, zone: ZoneInfo
) -> tuple[PromiseFlag, ...]:
    """Return what the house would not take in the terms of a promise that is open.

    Its amount is compared with what is owed and what was already paid of it.
    """
    if promise.state is not PromiseState.OPEN:
        return ()
    ahead = (promise.due_on - promise.made_at.astimezone(zone).date()).days
    owed_cents = debt.balance_cents + promise.paid_cents
    return promise_flags(promise.amount_cents, ahead, owed_cents, policy_for(stage))
