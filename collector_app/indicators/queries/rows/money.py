"""The rows of money: promises, payments, what creditors confirmed, cash and costs."""

from collections import defaultdict
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.cash.carried import carried_cash
from collector_app.cash.models import CashSession
from collector_app.cash.rules import COUNTED_CURRENCY
from collector_app.core import clock
from collector_app.core.money import USUAL_CURRENCY
from collector_app.core.selection import among
from collector_app.costs.rules import CostKind
from collector_app.indicators.queries.cash import counted_cents, difference_cents, groups_of_cash
from collector_app.indicators.queries.cost_shares import shared_costs
from collector_app.indicators.queries.costing import DayCost
from collector_app.indicators.queries.grouping import NOBODY, Grouping
from collector_app.indicators.queries.movement import (
    is_confirmed,
)
from collector_app.indicators.queries.promised import over_promises, standing_of
from collector_app.indicators.queries.receiving import soon_after_contact
from collector_app.indicators.queries.rows.behind import (
    BehindRow,
    Happened,
    Part,
    happened,
    names_of,
    page_of,
)
from collector_app.payments.models import Payment
from collector_app.payments.queries import (
    currencies_of,
    one_currency,
    payment_currency,
)
from collector_app.portfolio.models import Client
from collector_app.promises.models import Promise


def promises(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return the promises whose days are over."""
    money = one_currency(session, grouping.currency)
    over = (
        one
        for one in over_promises(session, grouping, money)
        if group in (None, one.group) and (one.is_of_currency or not part.is_of_money)
    )
    order = sorted(over, key=lambda one: (one.due_on, one.id), reverse=True)
    chosen = order[part.offset : None if part.limit is None else part.offset + part.limit]
    standing = standing_of(session, grouping, {one.client_id for one in chosen})
    shown = [standing[one.id] for one in chosen]
    names = {
        promise_id: (client_id, name, collector)
        for promise_id, client_id, name, collector in session.execute(
            select(Promise.id, Promise.client_id, Client.name, User.full_name)
            .join(Client, Client.id == Promise.client_id)
            .outerjoin(User, User.id == Promise.collector_id)
            .where(among(Promise.id, [one.id for one in shown]))
        )
    }
    known = currencies_of(session, {client_id for client_id, *_names in names.values()})
    return len(order), [
        BehindRow(
            *names[one.id],
            on=one.due_on,
            amount_cents=one.amount_cents,
            paid_cents=one.paid_cents,
            state=one.state,
            currency=known.get(names[one.id][0], USUAL_CURRENCY),
        )
        for one in shown
    ]


def payments(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return what was paid, and whether a contact came before."""
    return happened(
        session,
        grouping,
        group,
        part,
        Happened(Payment.client_id, Payment.collector_id, Payment.received_at, Payment.id),
        (
            grouping.holds(Payment.received_at),
            Payment.annulled_at.is_(None),
            one_currency(session, grouping.currency).holds_client(Payment.client_id),
        ),
        amount_cents=Payment.amount_cents,
        method=Payment.method,
        is_attributed=soon_after_contact(),
        currency=payment_currency(),
    )


def confirmed(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return the payments that the creditor confirmed."""
    in_group = grouping.group_of_debtor(Payment.client_id) == group
    return happened(
        session,
        grouping,
        None,  # by who answers for the client, not by who took the money
        part,
        Happened(Payment.client_id, Payment.collector_id, Payment.received_at, Payment.id),
        (
            grouping.holds(Payment.received_at),
            Payment.annulled_at.is_(None),
            is_confirmed(),
            one_currency(session, grouping.currency).holds_client(Payment.client_id),
            *(() if group is None else (in_group,)),
        ),
        amount_cents=Payment.amount_cents,
        method=Payment.method,
        currency=payment_currency(),
    )


def costs(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return what was paid to whom: one row for each thing, person and rate.

    Of a group that shares days with others ``quantity`` is that of the whole days, the amount its
    part of them.
    """
    money = one_currency(session, grouping.currency)
    same: defaultdict[tuple[CostKind, int | None, int], list[DayCost]] = defaultdict(list)
    undivided = replace(grouping, by=None) if group is None else grouping
    for its, one in shared_costs(session, undivided, money):
        if group in (None, its):
            same[one.kind, one.collector_id, one.rate].append(one)
    people = {who for _kind, who, _rate in same if who is not None}
    named = session.execute(select(User.id, User.full_name).where(User.id.in_(people)))
    names: dict[int | None, str] = {who: name for who, name in named}  # noqa: C416 - wider keys
    kinds = list(CostKind)
    order = sorted(
        same.items(),
        key=lambda item: (kinds.index(item[0][0]), names.get(item[0][1], ""), item[1][0].day),
    )
    shown = order[part.offset : None if part.limit is None else part.offset + part.limit]
    return len(order), [
        BehindRow(
            collector_name=names.get(who),
            cost_kind=kind,
            on=days[0].day,
            to_on=days[-1].day,
            quantity=sum(one.quantity for one in days),
            rate=rate,
            amount_cents=sum(one.cents for one in days),
            currency=money.code,
        )
        for (kind, who, rate), days in shown
    ]


def cash_counts(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return what was counted, the largest difference first."""
    day = grouping.day_of(CashSession.closed_at)
    statement = (
        select(
            CashSession.closed_at,
            User.full_name,
            CashSession.expected_cents,
            counted_cents(),
            CashSession.explanation,
        )
        .join(User, User.id == CashSession.collector_id)
        .where(grouping.holds(CashSession.closed_at))
        .order_by(func.abs(difference_cents()).desc(), CashSession.id.desc())
    )
    if group is not None:
        its = grouping.group_of(CashSession.collector_id, NOBODY, day)
        statement = statement.where(its == group)
    count, found = page_of(session, statement, part)
    return count, [
        BehindRow(
            collector_name=name,
            at=at,
            amount_cents=expected,
            counted_cents=counted,
            explanation=why,
            currency=COUNTED_CURRENCY,
        )
        for at, name, expected, counted, why in found
    ]


def deposits(
    session: Session, grouping: Grouping, group: int | None, part: Part
) -> tuple[int, list[BehindRow]]:
    """Return cash that was taken, what stayed longest first."""
    now = clock.now()
    carried = carried_cash(session, grouping.starts_at, grouping.ends_at)
    if group is not None:
        groups = groups_of_cash(session, grouping, carried)
        carried = [one for one in carried if groups[one.payment_id] == group]
    order = sorted(carried, key=lambda one: (-one.seconds(now), one.payment_id))
    shown = order[part.offset : None if part.limit is None else part.offset + part.limit]
    clients = names_of(session, Client.id, Client.name, {one.client_id for one in shown})
    people = names_of(session, User.id, User.full_name, {one.collector_id for one in shown})
    return len(order), [
        BehindRow(
            one.client_id,
            clients.get(one.client_id),
            people.get(one.collector_id),
            at=one.received_at,
            amount_cents=one.amount_cents,
            left_at=one.left_at,
            carried_s=one.seconds(now),
            currency=COUNTED_CURRENCY,
        )
        for one in shown
    ]
