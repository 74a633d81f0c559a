"""What a client may promise today, given their stage, their debt and what they promised before."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.payments.queries import NO_DEBT, debts, promise_states
from collector_app.portfolio.rules import Stage
from collector_app.promises.policy_file import policy_for
from collector_app.promises.rules import (
    AllowedTerms,
    PromiseFlag,
    PromisePolicy,
    PromiseState,
    allowed_terms,
    history_flags,
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
