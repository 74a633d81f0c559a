"""What visits, promises and payments have taught, as counts that the database makes.

Only what was known before a moment counts: received by us, and begun by the phone's clock, before
it. Clients who owe nothing any more count as well, or those who pay would be forgotten.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from collector_app.payments.models import Payment
from collector_app.payments.queries import Debt, debts
from collector_app.portfolio.models import Client
from collector_app.promises.rules import PromiseTerms, Receipt
from collector_app.scoring.queries.asked import Asked, ages_of, is_money
from collector_app.scoring.queries.promise_ends import ends_of, promises_told, receipts_of
from collector_app.visits.models import Visit
from collector_app.visits.rules import RESPONSIBLE, Outcome
from routing.scoring import (
    DAY_PARTS,
    AmountTold,
    ContactCount,
    Experience,
    TalkCount,
)
from routing.scoring.chances import PART_STARTS_S

PERIOD_DAYS = 30  # the age of a debt at a visit is told to within half of this
DAY_S = 24 * 3600
EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday; Monday is 0

PAID = (Outcome.PAID_IN_FULL, Outcome.PAID_IN_PART)


def experience(
    session: Session, before: datetime, zone: ZoneInfo, client_id: int | None = None
) -> Experience:
    """Return what was learned before a moment; a fixed number of statements whatever the size.

    Parameters
    ----------
    client_id : int, optional
        Only what this client taught.
    """
    asked = Asked(before, zone, None if client_id is None else [client_id])
    owed = debts(session, asked.today, asked.zone, asked.client_ids)
    ages = ages_of(session, asked, owed)
    receipts = receipts_of(session, asked)
    promises = promises_told(session, asked)
    return Experience(
        contacts=_contacts(session, asked),
        talks=_talks(session, asked, ages),
        promises=ends_of(asked, promises, receipts, ages),
        paid=_paid(session, asked, owed),
        promised=_promised(promises, receipts, owed),
    )


def is_reached() -> ColumnElement[bool]:
    """Return the condition that a visit reached the client, or money that was left for us."""
    return or_(Visit.person_met.in_(RESPONSIBLE), Visit.outcome.in_(PAID))


def _is_known(asked: Asked) -> ColumnElement[bool]:
    return and_(
        Visit.outcome != Outcome.NOT_VISITED,
        Visit.started_at >= asked.since,
        Visit.started_at < asked.before,
        Visit.received_at < asked.before,
        asked.of(Visit.client_id),
    )


def _contacts(session: Session, asked: Asked) -> tuple[ContactCount, ...]:
    """Return each attempt in order, with its weekday, part of the day and the misses before it.

    Misses are those since the last contact. Hours are those on the clock of the business.
    """
    local_s = cast(extract("epoch", Visit.started_at), BigInteger) + _offset_s(asked)
    reached = case((is_reached(), 1), else_=0)
    in_order = (Visit.started_at, Visit.id)
    # Attempts that share the number of contacts before them are one run of misses, in order.
    contacts = func.sum(reached).over(
        partition_by=Visit.client_id, order_by=in_order, rows=(None, -1)
    )
    told = (
        select(
            Visit.client_id,
            Visit.started_at,
            Visit.id,
            local_s.label("local_s"),
            reached.label("reached"),
            func.coalesce(contacts, 0).label("run"),
        )
        .where(_is_known(asked))
        .subquery()
    )
    before = func.row_number().over(
        partition_by=(told.c.client_id, told.c.run), order_by=(told.c.started_at, told.c.id)
    )
    visits = select(
        told.c.client_id,
        told.c.started_at,
        told.c.id,
        told.c.local_s,
        told.c.reached,
        (before - 1).label("misses"),
    ).subquery()
    second = visits.c.local_s % DAY_S
    part = case(
        *((second >= start_s, n) for n, start_s in reversed(list(enumerate(PART_STARTS_S)))),
        else_=0,
    )
    placed = select(
        visits.c.client_id,
        ((visits.c.local_s // DAY_S + EPOCH_WEEKDAY) % 7).label("weekday"),
        part.label("part"),
        visits.c.reached,
        visits.c.misses,
        visits.c.started_at,
        visits.c.id,
    ).subquery()
    found = session.execute(
        select(
            placed.c.client_id,
            Client.kind,
            placed.c.weekday,
            placed.c.part,
            placed.c.reached,
            placed.c.misses,
        )
        .join(Client, Client.id == placed.c.client_id)
        .order_by(placed.c.started_at, placed.c.id)
    )
    return tuple(
        ContactCount(client, kind.value, int(weekday), DAY_PARTS[int(n)], int(hit), 1, int(misses))
        for client, kind, weekday, n, hit, misses in found
    )


def _offset_s(asked: Asked) -> ColumnElement[int]:
    """Return what to add to UTC, seconds, at each visit: clocks may change within half a year."""
    changes: list[tuple[datetime, int]] = []
    at = asked.since
    while at <= asked.before + timedelta(days=1):
        offset_s = int((at.astimezone(asked.zone).utcoffset() or timedelta()).total_seconds())
        if not changes or changes[-1][1] != offset_s:
            changes.append((at, offset_s))
        at += timedelta(hours=1)
    later = [(Visit.started_at >= start, literal(s)) for start, s in reversed(changes[1:])]
    return case(*later, else_=literal(changes[0][1])) if later else literal(changes[0][1])


def _talks(session: Session, asked: Asked, ages: Mapping[int, int]) -> tuple[TalkCount, ...]:
    """Count what came of contacts by client and by how long ago, in steps of a month."""
    now_s = int(asked.before.timestamp())
    ago_s = literal(now_s) - cast(extract("epoch", Visit.started_at), BigInteger)
    visits: Subquery = (
        select(
            Visit.client_id,
            (ago_s // (PERIOD_DAYS * DAY_S)).label("period"),
            case((Visit.outcome.in_(PAID), 1), else_=0).label("paid"),
            case((Visit.outcome == Outcome.PROMISED, 1), else_=0).label("promised"),
        )
        .where(_is_known(asked), is_reached())
        .subquery()
    )
    found = session.execute(
        select(
            visits.c.client_id,
            Client.kind,
            visits.c.period,
            func.count(),
            func.sum(visits.c.paid),
            func.sum(visits.c.promised),
        )
        .join(Client, Client.id == visits.c.client_id)
        .group_by(visits.c.client_id, Client.kind, visits.c.period)
    )
    return tuple(
        TalkCount(
            client,
            kind.value,
            max(0, ages.get(client, 0) - round((period + 0.5) * PERIOD_DAYS)),
            count,
            int(paid),
            int(promised),
        )
        for client, kind, period, count, paid, promised in found
    )


def _paid(session: Session, asked: Asked, owed: Mapping[int, Debt]) -> tuple[AmountTold, ...]:
    """Return what was paid in visits beside what was owed: what is owed now and came in since."""
    since = func.sum(Payment.amount_cents).over(
        partition_by=Payment.client_id,
        order_by=(Payment.received_at.desc(), Payment.id.desc()),
    )
    money = (
        select(
            Payment.client_id,
            Payment.visit_id,
            Payment.amount_cents,
            cast(since, BigInteger).label("since"),
        )
        .where(is_money(asked))
        .subquery()
    )
    found = session.execute(
        select(money.c.client_id, money.c.amount_cents, money.c.since).where(
            money.c.visit_id.is_not(None)
        )
    )
    return tuple(
        AmountTold(client, _overdue(owed, client) + since_cents, cents)
        for client, cents, since_cents in found
    )


def _promised(
    promises: Mapping[int, list[PromiseTerms]],
    receipts: Mapping[int, list[Receipt]],
    owed: Mapping[int, Debt],
) -> tuple[AmountTold, ...]:
    told = []
    for client, terms in promises.items():
        for one in terms:
            since = sum(r.amount_cents for r in receipts.get(client, ()) if r.at > one.made_at)
            told.append(AmountTold(client, _overdue(owed, client) + since, one.amount_cents))
    return tuple(told)


def _overdue(owed: Mapping[int, Debt], client_id: int) -> int:
    debt = owed.get(client_id)
    return debt.overdue_cents if debt else 0
