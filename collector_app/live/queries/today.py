"""How today is read: one plan, its stops, and what the day's visits, promises and payments say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit.kept import KeptUntilDone
from collector_app.compliance.queries import profile_in_force
from collector_app.compliance.rules import visit_windows
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.money import USUAL_CURRENCY, added
from collector_app.live.models import AlertAcknowledgement
from collector_app.live.queries.money import DayMoney, MoneyRow, day_money, money_rows
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
_shown: "KeptUntilDone[DayFacts]" = KeptUntilDone(1)
ACTIVITY_ROWS = 40  # what somebody looks through; the rest is on the pages of clients


class StopFacts(NamedTuple):
    """A stop of the published plan; times are seconds since local midnight."""

    stop_id: int
    client_id: int
    client_name: str
    collector_id: int
    collector_name: str
    position: int
    lat: float
    lon: float
    arrives_s: int
    starts_s: int
    leaves_s: int


class Span(NamedTuple):
    """When a route leaves and returns, and the shift ends, if any; seconds since midnight."""

    leaves_s: int
    returns_s: int
    ends_s: int | None


@dataclass(frozen=True, slots=True)
class DayFacts:
    """All that was read of a day: what it looks like at an instant follows from it alone.

    Attributes
    ----------
    people : tuple of (int, str)
        The collectors who work here, by name.
    spans : mapping of collector id to Span
        Of those who have a route.
    pending : mapping of collector id to int
        How many visits and photos their phones said they keep unsent.
    version : str
        The `facts_version` that was read before the rest.
    """

    day: date
    has_plan: bool
    is_estimate: bool
    stops: tuple[StopFacts, ...]
    visits: tuple[VisitRow, ...]
    moved: tuple[MoneyRow, ...]
    people: tuple[tuple[int, str], ...]
    spans: Mapping[int, Span]
    pending: Mapping[int, int]
    activity: tuple[ActivityRow, ...]
    version: str


def today_board(session: Session, day: date, zone: ZoneInfo) -> Today:
    """Return the day of every collector; a fixed number of queries whatever the size."""
    return today_of(day_facts(session, day, zone), zone)


def shown_today(session: Session, day: date, zone: ZoneInfo) -> Today:
    """Return `today_board` for a page, which writes nothing.

    Each minute it is worked out anew; it is read anew when something was done.
    """
    version = facts_version(session)  # before the rest: what is read is of it or newer
    question = (day, zone.key, version)
    facts = _shown.of(session, question, lambda: day_facts(session, day, zone, version))
    return today_of(facts, zone)


def day_facts(session: Session, day: date, zone: ZoneInfo, version: str | None = None) -> DayFacts:
    """Read what a day is made of; a fixed number of queries whatever the size.

    ``version``: the `facts_version` that was read before, so that the facts are never older than
    they say.
    """
    version = version or facts_version(session)
    start, end = clock.local_day(day, zone)
    plan = _published(session, day)
    visits = visits_between(session, start, end)
    moved = money_rows(session, start, end)
    people = session.execute(
        select(User.id, User.full_name)
        .where(User.role == Role.COLLECTOR, User.active)
        .order_by(User.full_name)
    )
    return DayFacts(
        day=day,
        has_plan=plan is not None,
        is_estimate=bool(plan and plan.is_estimate),
        stops=tuple(_stops(session, plan)) if plan else (),
        visits=tuple(visits),
        moved=tuple(moved),
        people=tuple((one, name) for one, name in people),
        spans=_spans(session, plan) if plan else {},
        pending=_pending(session),
        activity=_activity(session, visits, day_money(moved), day, zone),
        version=version,
    )


def today_of(facts: DayFacts, zone: ZoneInfo) -> Today:
    """Return what a day looks like now: who is late, silent, or done.

    A stop counts as done when its client was visited that day by anybody, so that a plan
    published anew at noon keeps the morning's work.
    """
    now = _Now(_now_s(facts.day, zone), zone)
    money = day_money(facts.moved)
    dots = _dots(facts, money, now.second_s)
    collectors = _collector_days(facts, money, dots, now)
    return Today(
        day=facts.day,
        now_s=now.second_s,
        has_plan=facts.has_plan,
        is_estimate=facts.is_estimate,
        collectors=collectors,
        totals=_totals(collectors),
        activity=facts.activity,
        money=facts.moved[:ACTIVITY_ROWS],
        stops=tuple(dots),
        newest_visit_id=max((visit.id for visit in facts.visits), default=0),
        version=version_at(facts.version),
    )


def live_version(session: Session) -> str:
    """Return a text that changes with every fact and plan, and each minute as stops grow late."""
    return version_at(facts_version(session))


def version_at(facts: str) -> str:
    """Return the `live_version` of this minute with the facts of a `facts_version`."""
    return f"{facts}-{int(clock.now().timestamp()) // 60}"


def facts_version(session: Session) -> str:
    """Return a text that changes with every fact and plan.

    Indices of their own (`Promise`, `Payment`) answer how many were taken back: to count them in
    170,000 promises took 15 ms on PostgreSQL, every second.
    """
    cancelled = select(func.count()).where(Promise.cancelled_at.is_not(None))
    annulled = select(func.count()).where(Payment.annulled_at.is_not(None))
    counts = session.execute(
        select(
            select(func.max(Visit.id)).scalar_subquery(),
            select(func.max(VisitAnnulment.id)).scalar_subquery(),
            select(func.max(Promise.id)).scalar_subquery(),
            cancelled.scalar_subquery(),
            select(func.max(Payment.id)).scalar_subquery(),
            annulled.scalar_subquery(),
            select(func.count(Plan.published_at) + func.count(Plan.withdrawn_at)).scalar_subquery(),
            select(func.max(AlertAcknowledgement.id)).scalar_subquery(),
            select(func.sum(Device.pending_events + Device.pending_photos)).scalar_subquery(),
        )
    ).one()
    return "-".join(str(count or 0) for count in counts)


def _published(session: Session, day: date) -> Plan | None:
    return session.scalars(
        select(Plan)
        .where(Plan.day == day, Plan.published_at.is_not(None), Plan.withdrawn_at.is_(None))
        .order_by(Plan.published_at.desc())
        .limit(1)
    ).one_or_none()


def _stops(session: Session, plan: Plan) -> Iterator[StopFacts]:
    found = session.execute(
        select(
            Stop.id,
            Stop.client_id,
            Client.name,
            Route.collector_id,
            User.full_name,
            Stop.position,
            func.coalesce(Client.lat, 0.0),
            func.coalesce(Client.lon, 0.0),
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
    return (StopFacts(*row) for row in found)


def _dots(facts: DayFacts, money: DayMoney, now_s: int) -> list[StopDot]:
    by_client: defaultdict[int, list[VisitRow]] = defaultdict(list)
    for visit in facts.visits:
        by_client[visit.client_id].append(visit)
    return [
        StopDot(*stop, _state(by_client.get(stop.client_id, ()), money, stop.leaves_s, now_s))
        for stop in facts.stops
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
    facts: DayFacts, money: DayMoney, dots: Iterable[StopDot], now: _Now
) -> tuple[CollectorDay, ...]:
    dots_of: defaultdict[int, list[StopDot]] = defaultdict(list)
    for dot in dots:
        dots_of[dot.collector_id].append(dot)
    visits_of: defaultdict[int, list[VisitRow]] = defaultdict(list)
    for visit in facts.visits:
        visits_of[visit.collector_id].append(visit)
    return tuple(
        replace(
            _collector_day(
                one, name, dots_of[one], visits_of[one], money, facts.spans.get(one), now
            ),
            pending=facts.pending.get(one, 0),
        )
        for one, name in facts.people
    )


def _spans(session: Session, plan: Plan) -> dict[int, Span]:
    found = session.execute(
        select(Route.collector_id, Route.leaves_s, Route.returns_s, Workday.ends_s)
        .outerjoin(Workday, Workday.collector_id == Route.collector_id)
        .where(Route.plan_id == plan.id)
    )
    return {who: Span(*span) for who, *span in found}


def _collector_day(
    collector_id: int,
    name: str,
    dots: Collection[StopDot],
    visits: Collection[VisitRow],
    money: DayMoney,
    span: Span | None,
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
