"""The facts that the forecast of cash is made of, as they are known at a moment."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, cast, extract, func, select
from sqlalchemy.orm import Session

from collector_app.agenda.rules import (
    HISTORY_WEEKS,
    LEAST_WEEKS,
    WEEKS,
    CashWeek,
    Commitment,
    Said,
    forecast,
    history_of,
)
from collector_app.agreements.queries import DueRow, agreements, coming_due
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.selection import among
from collector_app.payments.models import Payment
from collector_app.payments.queries import OneCurrency, clients_of_others, one_currency
from collector_app.promises.models import Promise
from collector_app.promises.rules import PromisePolicy, PromiseTerms, Receipt
from collector_app.scoring.queries import promise_chances

HOUR_S = 3600
NEAR = timedelta(days=7)  # a promise this near to an instalment is about the same money


@dataclass(frozen=True, slots=True)
class CashForecast:
    """The coming weeks, from how many past weeks and promises they were foretold."""

    weeks: tuple[CashWeek, ...]
    weeks_known: int
    promises_over: int

    @property
    def knows_others(self) -> bool:
        """Tell whether there is enough history to foretell money that nobody said."""
        return self.weeks_known >= LEAST_WEEKS

    def knows(self, week: CashWeek) -> bool:
        """Tell whether anything is known of a week: without, an interval from 0 to 0 would lie."""
        return self.knows_others or week.said_cents > 0 or week.high_cents > 0

    @property
    def known(self) -> tuple[CashWeek, ...]:
        """Return the weeks until the last of which anything is known."""
        last = max((n for n, one in enumerate(self.weeks, 1) if self.knows(one)), default=0)
        return self.weeks[:last]


def cash_forecast(
    session: Session, day: date, zone: ZoneInfo, currency: str | None = None
) -> CashForecast:
    """Return thirteen weeks of cash from a local day on, in a currency; None: the house's."""
    money = one_currency(session, currency)
    others = clients_of_others(session, money)
    last = day + timedelta(days=7 * WEEKS - 1)
    coming = coming_due(session, day, last, zone)
    due = said_once([one for one in coming if one.client_id not in others])
    next_midnight = clock.local_day(day, zone)[1]
    chances = promise_chances(session, next_midnight, zone, {one.client_id for one in due})
    commitments = []
    for one in due:
        chance = chances.of(one.client_id)
        commitments.append(
            Commitment(
                one.client_id,
                one.due_on,
                one.amount_cents,
                chance.share,
                chance.spread,
                one.agreement_id,
            )
        )
    since = day - timedelta(days=7 * HISTORY_WEEKS)
    history = history_of(
        day,
        _received(session, since, zone, money),
        [
            one
            for client_id, one in _said(session, since, day, zone).items()
            if client_id not in others
        ],
        ahead=WEEKS,
        zone=zone,
        policy=PromisePolicy(),
    )
    weeks = forecast(day, commitments, history, promises_over=chances.promises_over)
    return CashForecast(tuple(weeks), len(history.unsaid_cents[0]), chances.promises_over)


def said_once(due: list[DueRow]) -> list[DueRow]:
    """Return what comes due without promises about an instalment: one payment serves both.

    Of a promise near an instalment of the same client only what goes beyond it is left.
    """
    instalments: defaultdict[int, list[DueRow]] = defaultdict(list)
    for one in due:
        if one.agreement_id is not None:
            instalments[one.client_id].append(one)
    found = []
    for one in due:
        near = max(
            (
                other.amount_cents
                for other in instalments[one.client_id]
                if one.agreement_id is None and abs(other.due_on - one.due_on) <= NEAR
            ),
            default=0,
        )
        if one.amount_cents > near:
            found.append(
                DueRow(one.due_on, one.client_id, one.amount_cents - near, one.agreement_id)
            )
    return found


def _received(
    session: Session, since: date, zone: ZoneInfo, money: OneCurrency
) -> Mapping[date, int]:
    """Return all money by local day; the database adds up hours, which no clock parts."""
    hour = cast(extract("epoch", Payment.received_at), BigInteger) // HOUR_S
    found = session.execute(
        select(hour, func.sum(Payment.amount_cents))
        .where(
            Payment.annulled_at.is_(None),
            Payment.received_at >= clock.local_midnight(since, zone),
            money.holds_client(Payment.client_id),
        )
        .group_by(hour)
    )
    by_day: Counter[date] = Counter()
    for number, cents in found:
        by_day[datetime.fromtimestamp(number * HOUR_S, UTC).astimezone(zone).date()] += int(cents)
    return by_day


def _said(session: Session, since: date, day: date, zone: ZoneInfo) -> Mapping[int, Said]:
    """Return what each client said that may have been paid since a day, with the money."""
    terms: defaultdict[int, list[PromiseTerms]] = defaultdict(list)
    promised = session.execute(
        select(
            Promise.client_id, Promise.id, Promise.amount_cents, Promise.due_on, Promise.made_at
        ).where(Promise.cancelled_at.is_(None), Promise.due_on >= since - NEAR)
    )
    for client, number, cents, due_on, made_at in promised:
        terms[client].append(PromiseTerms(number, cents, due_on, made_at, is_cancelled=False))
    number = 0
    for row in agreements(session, Actor.system("agenda"), day, zone):
        if row.signed_at is not None:
            for one in row.schedule:
                number -= 1  # no promise has a number below zero
                terms[row.client_id].append(
                    PromiseTerms(
                        number, one.amount_cents, one.due_on, row.signed_at, is_cancelled=False
                    )
                )
    found = session.execute(
        select(Payment.client_id, Payment.received_at, Payment.amount_cents).where(
            Payment.annulled_at.is_(None),
            Payment.received_at >= clock.local_midnight(since, zone),
            among(Payment.client_id, terms.keys()),
        )
    )
    receipts: defaultdict[int, list[Receipt]] = defaultdict(list)
    for client, at, cents in found:
        receipts[client].append(Receipt(at, at.astimezone(zone).date(), cents))
    return {client: Said(some, receipts.get(client, [])) for client, some in terms.items()}
