"""The rows behind an indicator: what was counted, one line each."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.cash.carried import carried_cash
from collector_app.cash.models import CashSession
from collector_app.cash.rules import COUNTED_CURRENCY
from collector_app.complaints.models import Complaint
from collector_app.complaints.rules import ComplaintKind
from collector_app.core import clock
from collector_app.core.money import USUAL_CURRENCY
from collector_app.core.selection import among
from collector_app.costs.rules import CostKind
from collector_app.indicators.queries.cash import counted_cents, difference_cents, group_of_cash
from collector_app.indicators.queries.conduct import is_complaint, is_fault
from collector_app.indicators.queries.cost_shares import shared_costs
from collector_app.indicators.queries.costing import DayCost
from collector_app.indicators.queries.counting import made_visit
from collector_app.indicators.queries.field import first_contact, waited_days
from collector_app.indicators.queries.grouping import NOBODY, Grouping
from collector_app.indicators.queries.movement import (
    bucket_at,
    ends_of,
    is_confirmed,
    moved_clients,
)
from collector_app.indicators.queries.placing import place
from collector_app.indicators.queries.plans import day_of_plan, in_force_plans
from collector_app.indicators.queries.promised import settled_promises
from collector_app.indicators.queries.receiving import soon_after_contact
from collector_app.indicators.rules import RowKind
from collector_app.payments.models import Payment
from collector_app.payments.queries import (
    currencies_of,
    one_currency,
    payment_currency,
    unpaid_by_client,
)
from collector_app.payments.rules import PaymentMethod
from collector_app.planning.models import Plan, Route, Stop
from collector_app.portfolio.models import Client
from collector_app.portfolio.rules import AgingBucket, days_past_due
from collector_app.promises.models import Promise
from collector_app.promises.rules import PromiseState
from collector_app.violations.models import ViolationCase
from collector_app.violations.rules import CaseState
from collector_app.visits.models import Visit
from collector_app.visits.queries import contact_condition
from collector_app.visits.rules import Outcome, PersonMet


@dataclass(frozen=True, slots=True)
class BehindRow:
    """One row behind an indicator; fields that its kind does not have are None."""

    client_id: int | None = None
    client_name: str | None = None
    collector_name: str | None = None
    at: datetime | None = None
    on: date | None = None
    person_met: PersonMet | None = None
    outcome: Outcome | None = None
    is_contact: bool | None = None
    amount_cents: int | None = None
    paid_cents: int | None = None
    state: PromiseState | None = None
    position: int | None = None
    is_visited: bool | None = None
    method: PaymentMethod | None = None
    is_attributed: bool | None = None
    overdue_cents: int | None = None
    days_past_due: int | None = None
    currency: str = USUAL_CURRENCY
    waited_days: int | None = None
    complaint: ComplaintKind | None = None
    case_state: CaseState | None = None
    cost_kind: CostKind | None = None
    to_on: date | None = None
    quantity: int | None = None
    rate: int | None = None
    counted_cents: int | None = None
    explanation: str | None = None
    left_at: datetime | None = None
    carried_s: int | None = None
    closing_cents: int | None = None
    invoiced_cents: int | None = None
    bucket_before: AgingBucket | None = None
    bucket_after: AgingBucket | None = None


class _Part(NamedTuple):
    """Which rows of a list, and whether somebody has to know how many there are."""

    offset: int
    limit: int | None
    is_counted: bool
    is_of_money: bool = False


def rows_behind(  # noqa: PLR0913 - each says which rows
    session: Session,
    kind: RowKind,
    grouping: Grouping,
    group: int | None = None,
    *,
    offset: int = 0,
    limit: int | None = None,
    is_counted: bool = True,
    is_of_money: bool = False,
) -> tuple[int, list[BehindRow]]:
    """Return how many rows there are behind a group, or behind all, and some of them.

    Parameters
    ----------
    group : int, optional
        One of the groups of `tallies` under the same grouping.
    offset, limit : int
        Which rows of the list, in its order.
    is_counted : bool
        False: the number is not asked for, which takes as long as the rows, and may be 0.
    is_of_money : bool
        True: of promises only those of the currency of the grouping, as where their money is added
        up. Payments and what clients owe always are.
    """
    reading = {
        RowKind.VISITS: _visits,
        RowKind.PROMISES: _promises,
        RowKind.STOPS: _stops,
        RowKind.PAYMENTS: _payments,
        RowKind.CLIENTS: _clients,
        RowKind.FIRST_CONTACTS: _first_contacts,
        RowKind.COMPLAINTS: _complaints,
        RowKind.FAULTS: _faults,
        RowKind.COSTS: _costs,
        RowKind.CASH_COUNTS: _cash_counts,
        RowKind.DEPOSITS: _deposits,
        RowKind.CONFIRMED: _confirmed,
        RowKind.MOVEMENTS: _movements,
    }[kind]
    return reading(
        session, place(session, grouping), group, _Part(offset, limit, is_counted, is_of_money)
    )


def _page(
    session: Session, statement: Select[*tuple[Any, ...]], part: _Part
) -> tuple[int, Iterable[Any]]:
    count = None
    if part.is_counted:
        whole = statement.order_by(None).subquery()
        count = session.scalar(select(func.count()).select_from(whole))
    if part.limit == 0:
        return count or 0, ()
    return count or 0, session.execute(statement.offset(part.offset).limit(part.limit))


class _Happened(NamedTuple):
    """The columns of what happened to a client at an instant; ``id`` orders what came at once."""

    client_id: Any
    collector_id: Any
    at: Any
    id: Any


def _moments(
    session: Session,
    grouping: Grouping,
    group: int | None,
    part: _Part,
    what: _Happened,
    conditions: Iterable[ColumnElement[bool]],
    **shown: Any,
) -> tuple[int, list[BehindRow]]:
    """Return rows of what happened, the latest first; `shown` are columns by their field."""
    statement = (
        select(what.client_id, Client.name, User.full_name, what.at, *shown.values())
        .join(Client, Client.id == what.client_id)
        .outerjoin(User, User.id == what.collector_id)
        .where(*conditions)
        .order_by(what.at.desc(), what.id.desc())
    )
    if group is not None:
        day = grouping.day_of(what.at)
        statement = statement.where(
            grouping.group_of(what.collector_id, what.client_id, day) == group
        )
    count, found = _page(session, statement, part)
    return count, [
        BehindRow(client_id, name, collector, at=at, **dict(zip(shown, values, strict=True)))
        for client_id, name, collector, at, *values in found
    ]


def _visits(
    session: Session, grouping: Grouping, group: int | None, part: _Part
) -> tuple[int, list[BehindRow]]:
    return _moments(
        session,
        grouping,
        group,
        part,
        _Happened(Visit.client_id, Visit.collector_id, Visit.started_at, Visit.id),
        (grouping.holds(Visit.started_at), made_visit()),
        person_met=Visit.person_met,
        outcome=Visit.outcome,
        is_contact=contact_condition(),
    )


def _promises(
    session: Session, grouping: Grouping, group: int | None, part: _Part
) -> tuple[int, list[BehindRow]]:
    money = one_currency(session, grouping.currency)
    settled = {
        promise.id: promise
        for owner, promise, is_of_currency in settled_promises(session, grouping, money)
        if group in (None, owner) and (is_of_currency or not part.is_of_money)
    }
    order = sorted(settled.values(), key=lambda one: (one.due_on, one.id), reverse=True)
    shown = order[part.offset : None if part.limit is None else part.offset + part.limit]
    names = {
        promise_id: (client_id, name, collector)
        for promise_id, client_id, name, collector in session.execute(
            select(Promise.id, Promise.client_id, Client.name, User.full_name)
            .join(Client, Client.id == Promise.client_id)
            .outerjoin(User, User.id == Promise.collector_id)
            .where(Promise.id.in_([one.id for one in shown]))
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


def _stops(
    session: Session, grouping: Grouping, group: int | None, part: _Part
) -> tuple[int, list[BehindRow]]:
    day = day_of_plan(session, grouping)
    if day is None:
        return 0, []
    is_visited = (
        select(Visit.id)
        .where(
            Visit.client_id == Stop.client_id,
            grouping.holds(Visit.started_at),
            grouping.day_of(Visit.started_at) == day,
            made_visit(),
        )
        .exists()
    )
    statement = (
        select(
            Stop.client_id,
            Client.name,
            User.full_name,
            Plan.day,
            Stop.position,
            is_visited.label("is_visited"),
        )
        .join(Route, Route.id == Stop.route_id)
        .join(Plan, Plan.id == Route.plan_id)
        .join(Client, Client.id == Stop.client_id)
        .join(User, User.id == Route.collector_id)
        .where(*in_force_plans(grouping))
        .order_by(Plan.day.desc(), User.full_name, Stop.position)
    )
    if group is not None:
        statement = statement.where(
            grouping.group_of(Route.collector_id, Stop.client_id, day) == group
        )
    count, found = _page(session, statement, part)
    return count, [
        BehindRow(client_id, name, collector, on=on, position=position, is_visited=bool(is_done))
        for client_id, name, collector, on, position, is_done in found
    ]


def _payments(
    session: Session, grouping: Grouping, group: int | None, part: _Part
) -> tuple[int, list[BehindRow]]:
    return _moments(
        session,
        grouping,
        group,
        part,
        _Happened(Payment.client_id, Payment.collector_id, Payment.received_at, Payment.id),
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


def _clients(
    session: Session, grouping: Grouping, group: int | None, part: _Part
) -> tuple[int, list[BehindRow]]:
    today, money = clock.today(grouping.zone), one_currency(session, grouping.currency)
    owed = unpaid_by_client(session, today, grouping.zone, money=money).subquery()
    statement = (
        select(
            owed.c.client_id,
            Client.name,
            owed.c.balance_cents,
            owed.c.overdue_cents,
            owed.c.oldest_due_on,
            owed.c.currency,
        )
        .join(Client, Client.id == owed.c.client_id)
        .order_by(owed.c.oldest_due_on, owed.c.client_id)
    )
    if group is not None:
        statement = statement.where(grouping.group_of_debtor(owed.c.client_id) == group)
    count, found = _page(session, statement, part)
    return count, [
        BehindRow(
            client_id,
            name,
            amount_cents=int(balance),
            overdue_cents=int(overdue),
            days_past_due=days_past_due(oldest, today),
            currency=currency,
        )
        for client_id, name, balance, overdue, oldest, currency in found
    ]


def _first_contacts(
    session: Session, grouping: Grouping, group: int | None, part: _Part
) -> tuple[int, list[BehindRow]]:
    first = first_contact(grouping).subquery()
    return _moments(
        session,
        grouping,
        group,
        part,
        _Happened(first.c.client_id, first.c.collector_id, first.c.at, first.c.client_id),
        (first.c.at >= Client.created_at,),
        waited_days=waited_days(first),
    )


def _complaints(
    session: Session, grouping: Grouping, group: int | None, part: _Part
) -> tuple[int, list[BehindRow]]:
    return _moments(
        session,
        grouping,
        group,
        part,
        _Happened(Complaint.client_id, Complaint.about, Complaint.received_at, Complaint.id),
        (grouping.holds(Complaint.received_at), is_complaint()),
        complaint=Complaint.kind,
    )


def _faults(
    session: Session, grouping: Grouping, group: int | None, part: _Part
) -> tuple[int, list[BehindRow]]:
    case = ViolationCase
    return _moments(
        session,
        grouping,
        group,
        part,
        _Happened(case.client_id, case.collector_id, case.at, case.id),
        (grouping.holds(case.at), is_fault()),
        case_state=case.state,
    )


def _costs(
    session: Session, grouping: Grouping, group: int | None, part: _Part
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


def _cash_counts(
    session: Session, grouping: Grouping, group: int | None, part: _Part
) -> tuple[int, list[BehindRow]]:
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
    count, found = _page(session, statement, part)
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


def _deposits(
    session: Session, grouping: Grouping, group: int | None, part: _Part
) -> tuple[int, list[BehindRow]]:
    now = clock.now()
    carried = [
        one
        for one in carried_cash(session, grouping.starts_at, grouping.ends_at)
        if group in (None, group_of_cash(grouping, one))
    ]
    order = sorted(carried, key=lambda one: (-one.seconds(now), one.payment_id))
    shown = order[part.offset : None if part.limit is None else part.offset + part.limit]
    clients = _names(session, Client.id, Client.name, {one.client_id for one in shown})
    people = _names(session, User.id, User.full_name, {one.collector_id for one in shown})
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


def _names(session: Session, number: Any, name: Any, ids: Collection[int]) -> dict[int, str]:
    return dict(session.execute(select(number, name).where(among(number, ids))).all())


def _confirmed(
    session: Session, grouping: Grouping, group: int | None, part: _Part
) -> tuple[int, list[BehindRow]]:
    in_group = grouping.group_of_debtor(Payment.client_id) == group
    return _moments(
        session,
        grouping,
        None,  # by who answers for the client, not by who took the money
        part,
        _Happened(Payment.client_id, Payment.collector_id, Payment.received_at, Payment.id),
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


def _movements(
    session: Session, grouping: Grouping, group: int | None, part: _Part
) -> tuple[int, list[BehindRow]]:
    """Return what each client owed at both ends of the period, and was invoiced in it."""
    money, (opening, closing) = one_currency(session, grouping.currency), ends_of(grouping)
    statement = moved_clients(session, opening, closing, grouping.zone, money)
    if group is not None:
        statement = statement.where(grouping.group_of_debtor(Client.id) == group)
    count, found = _page(session, statement, part)
    return count, [
        BehindRow(
            client_id,
            name,
            amount_cents=int(owed or 0),
            bucket_before=bucket_at(was),
            invoiced_cents=int(billed or 0),
            closing_cents=int(left or 0),
            bucket_after=bucket_at(now),
            currency=money.code,
        )
        for client_id, name, owed, was, billed, left, now in found
    ]
