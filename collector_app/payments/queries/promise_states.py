"""How the promises of clients stand, told by the money received since they were made."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.core.selection import among
from collector_app.payments.models import Payment
from collector_app.promises.models import Promise
from collector_app.promises.rules import (
    PromisePolicy,
    PromiseState,
    PromiseTerms,
    Receipt,
    paid_shares,
    promise_state,
)


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise and how it stands."""

    id: int
    amount_cents: int
    due_on: date
    paid_cents: int
    state: PromiseState
    made_at: datetime


def promise_states(
    session: Session,
    day: date,
    client_ids: Collection[int] | None = None,
    *,
    zone: ZoneInfo,
    policy: PromisePolicy | None = None,
    paid_until: date | None = None,
) -> dict[int, list[PromiseRow]]:
    """Return the promises of each client as they stand on a day, the last made first.

    Parameters
    ----------
    day : date
        The day from which overdue promises are looked back on.
    client_ids : collection of int, optional
        Only these clients.
    zone : ZoneInfo
        Time zone of the business; tells on which local day money came in.
    policy : PromisePolicy, optional
        Days of grace and tolerance.
    paid_until : date, optional
        Only money received until that local day counts; all that is known when it is left out.
    """
    policy = policy or PromisePolicy()
    terms = _terms(session, client_ids)
    receipts = _receipts(session, client_ids, zone)
    if paid_until is not None:
        receipts = {
            client_id: [one for one in some if one.on <= paid_until]
            for client_id, some in receipts.items()
        }
    return {
        client_id: _promise_rows(promises, receipts.get(client_id, []), day, policy)
        for client_id, promises in terms.items()
    }


def _terms(session: Session, client_ids: Collection[int] | None) -> dict[int, list[PromiseTerms]]:
    found = session.execute(
        select(
            Promise.client_id,
            Promise.id,
            Promise.amount_cents,
            Promise.due_on,
            Promise.made_at,
            Promise.cancelled_at.is_not(None),
        ).where(among(Promise.client_id, client_ids))
    )
    by_client: defaultdict[int, list[PromiseTerms]] = defaultdict(list)
    for client_id, one, cents, due_on, made_at, is_cancelled in found:
        by_client[client_id].append(PromiseTerms(one, cents, due_on, made_at, is_cancelled))
    return by_client


def _receipts(
    session: Session, client_ids: Collection[int] | None, zone: ZoneInfo
) -> dict[int, list[Receipt]]:
    """Return the money of the clients who promised something."""
    found = session.execute(
        select(Payment.client_id, Payment.received_at, Payment.amount_cents).where(
            Payment.annulled_at.is_(None),
            among(Payment.client_id, client_ids),
            Payment.client_id.in_(select(Promise.client_id)),
        )
    )
    by_client: defaultdict[int, list[Receipt]] = defaultdict(list)
    for client_id, at, cents in found:
        by_client[client_id].append(Receipt(at, at.astimezone(zone).date(), cents))
    return by_client


def _promise_rows(
    promises: list[PromiseTerms], receipts: list[Receipt], day: date, policy: PromisePolicy
) -> list[PromiseRow]:
    paid = paid_shares(promises, receipts, policy)
    return [
        PromiseRow(
            one.id,
            one.amount_cents,
            one.due_on,
            paid[one.id],
            promise_state(one, paid[one.id], day, policy),
            one.made_at,
        )
        for one in sorted(promises, key=lambda one: (one.made_at, one.id), reverse=True)
    ]
