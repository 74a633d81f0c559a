"""How today is read: one plan, its stops, and what the day's visits, promises and payments say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.compliance.queries import profile_in_force
from collector_app.compliance.rules import visit_windows
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.money import USUAL_CURRENCY, added
from collector_app.live.models import AlertAcknowledgement
from collector_app.live.queries.money import DayMoney, day_money, money_rows
from collector_app.live.queries.rows import ActivityRow, CollectorDay, DayTotals, StopDot, Today
from collector_app.live.rules import StopState, contact_rate, delay_s, silent_s, stop_state
from collector_app.payments.models import Payment
from collector_app.payments.queries import Debt, PromiseRow, debts, promise_states
from collector_app.planning.models import Plan, Route, Stop, Workday
from collector_app.portfolio.models import Client
from collector_app.portfolio.rules import Stage
from collector_app.promises.models import Promise
from collector_app.promises.policy_file import policy_for
from collector_app.promises.rules import PromiseFlag, history_flags, promise_flags
from collector_app.stages.queries import client_stages
from collector_app.sync.models import Device
from collector_app.visits.models import Visit, VisitAnnulment
from collector_app.visits.queries import VisitRow, flags_of, visits_between
from collector_app.visits.rules import is_contact

OPEN = (StopState.PENDING, StopState.LATE)
ACTIVITY_ROWS = 40  # what somebody looks through; the rest is on the pages of clients


def today_board(session: Session, day: date, zone: ZoneInfo, version: str | None = None) -> Today:
    """Return the day of every collector; a fixed number of queries whatever the size.

    A stop counts as done when its client was visited that day by anybody, so that a plan
    published anew at noon keeps the morning's work. ``version``: the `live_version` that was read
    before, so that the board is never older than it says.
    """
    version = version or live_version(session)
    start, end = clock.local_day(day, zone)
    plan = _published(session, day)
    visits = visits_between(session, start, end)
    moved = money_rows(session, start, end)
    money = day_money(moved)
    dots = _dots(session, plan, visits, money, day, zone)
    collectors = _collector_days(session, plan, visits, money, dots, day, zone)
    return Today(
        day=day,
        now_s=_now_s(day, zone),
        has_plan=plan is not None,
        is_estimate=bool(plan and plan.is_estimate),
        collectors=collectors,
        totals=_totals(collectors),
        activity=_activity(session, visits, money, day, zone),
        money=tuple(moved[:ACTIVITY_ROWS]),
        stops=tuple(dots),
        newest_visit_id=max((visit.id for visit in visits), default=0),
        version=version,
    )


def live_version(session: Session) -> str:
    """Return a text that changes with every fact and plan, and each minute as stops grow late."""
    counts = session.execute(
        select(
            select(func.max(Visit.id)).scalar_subquery(),
            select(func.max(VisitAnnulment.id)).scalar_subquery(),
            select(func.max(Promise.id)).scalar_subquery(),
            select(func.count(Promise.cancelled_at)).scalar_subquery(),
            select(func.max(Payment.id)).scalar_subquery(),
            select(func.count(Payment.annulled_at)).scalar_subquery(),
            select(func.count(Plan.published_at) + func.count(Plan.withdrawn_at)).scalar_subquery(),
            select(func.max(AlertAcknowledgement.id)).scalar_subquery(),
            select(func.sum(Device.pending_events + Device.pending_photos)).scalar_subquery(),
        )
    ).one()
    minute = int(clock.now().timestamp()) // 60
    return "-".join(str(count or 0) for count in (*counts, minute))


def _published(session: Session, day: date) -> Plan | None:
    return session.scalars(
        select(Plan)
        .where(Plan.day == day, Plan.published_at.is_not(None), Plan.withdrawn_at.is_(None))
        .order_by(Plan.published_at.desc())
        .limit(1)
    ).one_or_none()


def _dots(
    session: Session,
    plan: Plan | None,
    visits: Iterable[VisitRow],
    money: DayMoney,
    day: date,
    zone: ZoneInfo,
) -> list[StopDot]:
    if plan is None:
        return []
    by_client: defaultdict[int, list[VisitRow]] = defaultdict(list)
    for visit in visits:
        by_client[visit.client_id].append(visit)
    now_s = _now_s(day, zone)
    found = session.execute(
        select(
            Stop.id,
            Stop.client_id,
            Client.name,
            Route.collector_id,
            User.full_name,
            Stop.position,
            Client.lat,
            Client.lon,
            Stop.arrives_s,
            Stop.starts_s,
            Stop.leaves_s,
        )
        .join(Route, Route.id == Stop.route_id)
        .join(User, User.id == Route.collector_id)
        .join(Client, Client.id == Stop.client_id)
        .where(Route.plan_id == plan.id)
        .order_by(Route.collector_id, Stop.position)
    )
    return [
        StopDot(
            stop_id=stop_id,
            client_id=client_id,
            client_name=client_name,
            collector_id=collector_id,
            collector_name=collector_name,
            position=position,
            lat=lat or 0.0,
            lon=lon or 0.0,
            arrives_s=arrives_s,
            starts_s=starts_s,
            leaves_s=leaves_s,
            state=_state(by_client.get(client_id, []), money, leaves_s, now_s),
        )
        for (
            stop_id,
            client_id,
            client_name,
            collector_id,
            collector_name,
            position,
            lat,
            lon,
            arrives_s,
            starts_s,
            leaves_s,
        ) in found
    ]


def _state(visits: Collection[VisitRow], money: DayMoney, leaves_s: int, now_s: int) -> StopState:
    return stop_state(
        is_visited=bool(visits),
        is_contact=any(is_contact(one.person_met, one.outcome) for one in visits),
        has_promise=any(one.id in money.promised for one in visits),
        has_payment=any(one.id in money.paid for one in visits),
        leaves_s=leaves_s,
        now_s=now_s,
    )


class _Now(NamedTuple):
    """The present second of the day, and the clock it is read from."""

    second_s: int
    zone: ZoneInfo


def _now_s(day: date, zone: ZoneInfo) -> int:
    """Return the present second of the day; its end for past days, before it for later ones."""
    today = clock.today(zone)
    if day != today:
        return 24 * 3600 if day < today else 0
    return clock.second_of_day(clock.now(), zone)


def _collector_days(
    session: Session,
    plan: Plan | None,
    visits: Iterable[VisitRow],
    money: DayMoney,
    dots: Iterable[StopDot],
    day: date,
    zone: ZoneInfo,
) -> tuple[CollectorDay, ...]:
    dots_of: defaultdict[int, list[StopDot]] = defaultdict(list)
    for dot in dots:
        dots_of[dot.collector_id].append(dot)
    visits_of: defaultdict[int, list[VisitRow]] = defaultdict(list)
    for visit in visits:
        visits_of[visit.collector_id].append(visit)
    spans, pending = _spans(session, plan), _pending(session)
    now = _Now(_now_s(day, zone), zone)
    people = session.execute(
        select(User.id, User.full_name)
        .where(User.role == Role.COLLECTOR, User.active)
        .order_by(User.full_name)
    )
    return tuple(
        replace(
            _collector_day(one, name, dots_of[one], visits_of[one], money, spans.get(one), now),
            pending=pending.get(one, 0),
        )
        for one, name in people
    )


class _Span(NamedTuple):
    """When a route leaves and returns, and the shift ends, if any; seconds since midnight."""

    leaves_s: int
    returns_s: int
    ends_s: int | None


def _spans(session: Session, plan: Plan | None) -> dict[int, _Span]:
    if plan is None:
        return {}
    found = session.execute(
        select(Route.collector_id, Route.leaves_s, Route.returns_s, Workday.ends_s)
        .outerjoin(Workday, Workday.collector_id == Route.collector_id)
        .where(Route.plan_id == plan.id)
    )
    return {who: _Span(*span) for who, *span in found}


def _collector_day(
    collector_id: int,
    name: str,
    dots: Collection[StopDot],
    visits: Collection[VisitRow],
    money: DayMoney,
    span: _Span | None,
    now: _Now,
) -> CollectorDay:
    last = max(visits, key=lambda visit: visit.ended_at, default=None)
    seen = max(
        (visit for visit in visits if visit.lat is not None),
        key=lambda visit: visit.ended_at,
        default=None,
    )
    open_dots = [dot for dot in dots if dot.state in OPEN]
    silence_s = silent_s(
        last_s=clock.second_of_day(last.ended_at, now.zone) if last else None,
        leaves_s=span.leaves_s if span else None,
        has_open_stops=bool(open_dots),
        now_s=now.second_s,
    )
    return CollectorDay(
        collector_id=collector_id,
        name=name,
        planned=len(dots),
        done=len(dots) - len(open_dots),
        late=sum(dot.state is StopState.LATE for dot in dots),
        visits=len(visits),
        contacts=sum(is_contact(one.person_met, one.outcome) for one in visits),
        promises=money.promise_count.get(collector_id, 0),
        promised=added([money.promised_by.get(collector_id, {})]),
        paid=added([money.paid_by.get(collector_id, {})]),
        returns_s=span.returns_s if span else None,
        ends_s=span.ends_s if span else None,
        delay_s=_behind_s(visits, dots, open_dots, now) if open_dots else 0,
        silent_s=silence_s,
        last_visit_id=last.id if last else None,
        last_client_id=last.client_id if last else None,
        last_at=last.ended_at if last else None,
        last_lat=seen.lat if seen else None,
        last_lon=seen.lon if seen else None,
    )


def _behind_s(
    visits: Collection[VisitRow],
    dots: Collection[StopDot],
    open_dots: Collection[StopDot],
    now: _Now,
) -> int:
    """Return how far behind the plan a collector with open stops is, seconds."""
    planned = {dot.client_id: dot.leaves_s for dot in dots}
    done = max(
        (visit for visit in visits if visit.client_id in planned),
        key=lambda visit: visit.ended_at,
        default=None,
    )
    last = None
    if done is not None:
        last = (planned[done.client_id], clock.second_of_day(done.ended_at, now.zone))
    ahead = [dot.arrives_s for dot in open_dots if last is None or dot.leaves_s > last[0]]
    next_arrives_s = min(ahead, default=None)
    return delay_s(last=last, next_arrives_s=next_arrives_s, now_s=now.second_s)


def _pending(session: Session) -> dict[int, int]:
    """Return how many visits and photos phones in use said they keep unsent, by collector."""
    found = session.execute(
        select(Device.user_id, func.sum(Device.pending_events + Device.pending_photos))
        .where(Device.revoked_at.is_(None))
        .group_by(Device.user_id)
    )
    return {user_id: int(pending) for user_id, pending in found}


def _totals(collectors: Iterable[CollectorDay]) -> DayTotals:
    rows = tuple(collectors)
    visits = sum(row.visits for row in rows)
    return DayTotals(
        planned=sum(row.planned for row in rows),
        done=sum(row.done for row in rows),
        visits=visits,
        contact_rate=contact_rate(sum(row.contacts for row in rows), visits),
        promises=sum(row.promises for row in rows),
        promised=added(row.promised for row in rows),
        paid=added(row.paid for row in rows),
    )


def _activity(
    session: Session, visits: Iterable[VisitRow], money: DayMoney, day: date, zone: ZoneInfo
) -> tuple[ActivityRow, ...]:
    windows = [
        (window.start_s, window.end_s)
        for window in visit_windows(profile_in_force(session, day), day)
    ]
    newest = sorted(visits, key=lambda visit: (visit.received_at, visit.id), reverse=True)
    shown = newest[:ACTIVITY_ROWS]
    promised = {visit.client_id for visit in shown if visit.id in money.promised}
    owed = debts(session, day, zone, promised) if promised else {}
    stages = client_stages(session, day, zone, promised) if promised else {}
    earlier = promise_states(session, day, promised, zone=zone) if promised else {}
    return tuple(
        ActivityRow(
            visit_id=visit.id,
            ended_at=visit.ended_at,
            received_at=visit.received_at,
            collector_name=visit.collector_name,
            client_id=visit.client_id,
            client_name=visit.client_name,
            person_met=visit.person_met,
            outcome=visit.outcome,
            promised_cents=money.promised.get(visit.id, (None, None))[0],
            promised_for=money.promised.get(visit.id, (None, None))[1],
            paid_cents=money.paid.get(visit.id),
            currency=money.currency.get(visit.id, USUAL_CURRENCY),
            flags=(
                *flags_of(visit, windows, zone),
                *_promise_flags(
                    money.promised.get(visit.id),
                    owed.get(visit.client_id),
                    stages.get(visit.client_id, Stage.PREVENTIVE),
                    earlier.get(visit.client_id, ()),
                    day,
                ),
            ),
        )
        for visit in shown
    )


def _promise_flags(
    promised: tuple[int, date] | None,
    debt: Debt | None,
    stage: Stage,
    all_of_client: Sequence[PromiseRow],
    day: date,
) -> tuple[PromiseFlag, ...]:
    """Return what is unusual in a promise, against what the client owes and promised before."""
    if promised is None:
        return ()
    amount_cents, due_on = promised
    owed_cents = debt.balance_cents if debt else 0
    policy = policy_for(stage)
    others = [one.state for one in all_of_client if (one.amount_cents, one.due_on) != promised]
    days_ahead = (due_on - day).days
    return (
        *promise_flags(amount_cents, days_ahead, owed_cents, policy),
        *history_flags(others, policy),
    )
