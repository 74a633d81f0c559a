"""Three weeks of work as it might have gone: visits, promises, payments, told through the services.

Every fact enters by the same door as those of the phone, with the clock stopped at the moment it
happened. The chances are assumptions that look like a field portfolio, not measurements.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.payments.rules import PaymentFact, PaymentMethod
from collector_app.payments.services import record_payment
from collector_app.promises.rules import PromiseFact
from collector_app.promises.services import make_promise
from collector_app.visits.rules import AppointmentFact, Objection, Outcome, PersonMet, VisitFact
from collector_app.visits.services import make_appointment, record_visit

Choice = TypeVar("Choice")

FIRST_VISIT_S = 9 * 3600 + 20 * 60
LAST_VISIT_S = 17 * 3600 + 40 * 60
NOON_S = 12 * 3600
VISITS_A_DAY = (12, 17)
METRES_PER_DEGREE = 111_320
HOUSE_ATTEMPTS = 2  # per seven days: the house rule that the planner keeps as well
PESO = 100


@dataclass(frozen=True, slots=True)
class Temper:
    """How a kind of debtor behaves; chances from 0 to 1, pays and promises given contact."""

    contact: float
    pays: float
    promises: float
    keeps: float


TEMPERS = (
    (0.35, Temper(contact=0.60, pays=0.30, promises=0.50, keeps=0.80)),
    (0.35, Temper(contact=0.48, pays=0.10, promises=0.50, keeps=0.50)),
    (0.20, Temper(contact=0.28, pays=0.03, promises=0.40, keeps=0.20)),
    (0.10, Temper(contact=0.06, pays=0.02, promises=0.20, keeps=0.20)),
)
ABSENT = (
    (0.58, PersonMet.NOBODY, Outcome.NOT_HOME),
    (0.20, PersonMet.RELATIVE, Outcome.THIRD_PARTY),
    (0.08, PersonMet.CLOSED, Outcome.BUSINESS_CLOSED),
    (0.06, PersonMet.NEIGHBOUR, Outcome.MOVED),
    (0.05, PersonMet.MINOR, Outcome.MINOR_ANSWERED),
    (0.03, PersonMet.NOBODY, Outcome.ADDRESS_NOT_FOUND),
)
UNPAID = (
    (0.30, Outcome.HARDSHIP, Objection.NO_MONEY),
    (0.22, Outcome.NO_AGREEMENT, Objection.NEXT_WEEK),
    (0.14, Outcome.ASKS_TIME, Objection.LOST_JOB),
    (0.14, Outcome.REFUSED, Objection.WRONG_AMOUNT),
    (0.12, Outcome.CLAIMS_PAID, Objection.ALREADY_PAID),
    (0.08, Outcome.DISPUTES_DEBT, Objection.NOT_MY_DEBT),
)


@dataclass(slots=True)
class Debtor:
    """A client as the history plays them."""

    client_id: int
    lat: float
    lon: float
    owed_cents: int
    temper: Temper
    attempts: deque[date] = field(default_factory=deque)
    rests_until: date = date.min


@dataclass(frozen=True, slots=True)
class Round:
    """The clients of one collector."""

    collector: Actor
    debtors: tuple[Debtor, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One visit: who, to whom, when; with its stop when a plan sent them."""

    collector: Actor
    debtor: Debtor
    started_at: datetime
    ended_at: datetime
    stop_id: int | None

    def day(self, zone: ZoneInfo) -> date:
        """Return its local day."""
        return self.started_at.astimezone(zone).date()


@dataclass(frozen=True, slots=True)
class Money:
    """An amount that a debtor gives: in a visit, or by bank when there is none."""

    debtor: Debtor
    amount_cents: int
    at: datetime
    visit_id: int | None


class History:
    """Plays the past day by day; the same dice give the same past."""

    def __init__(self, zone: ZoneInfo, seed: int) -> None:
        """Start with nothing in the post; `zone` is the time zone of the business."""
        self.zone = zone
        self.dice = Random(seed)
        self.post: list[Money] = []

    def temper(self) -> Temper:
        """Draw how a client behaves."""
        return self.dice.choices([one for _, one in TEMPERS], [share for share, _ in TEMPERS])[0]

    def play_day(self, session: Session, rounds: Iterable[Round], day: date) -> int:
        """Play one day of every collector and the transfers that arrive; return its visits."""
        self._deliver(session, day)
        visits = 0
        for one in rounds:
            at_s = FIRST_VISIT_S + self.dice.randint(0, 900)
            for debtor in self._whom(one.debtors, day):
                started_at = clock.at_second(day, at_s, self.zone)
                self.visit(session, self.call(one.collector, debtor, started_at))
                at_s += self.dice.randint(14, 38) * 60
                visits += 1
        return visits

    def visit(self, session: Session, call: Call) -> None:
        """Play one visit with whatever comes of it."""
        call.debtor.attempts.append(call.day(self.zone))
        with clock.frozen(call.ended_at + timedelta(seconds=self.dice.randint(2, 40))):
            if self.dice.random() < call.debtor.temper.contact:
                call.debtor.rests_until = call.day(self.zone) + timedelta(days=2)
                self._talk(session, call)
            else:
                person, outcome = self._pick([(w, (p, o)) for w, p, o in ABSENT])
                self._record(session, call, person, outcome)

    def book(self, session: Session, collector: Actor, debtor: Debtor, starts_at: datetime) -> None:
        """Play a visit of the evening before at which we were asked back for an hour."""
        eve = starts_at.astimezone(self.zone).date() - timedelta(days=1)
        call = self.call(collector, debtor, clock.at_second(eve, LAST_VISIT_S, self.zone))
        with clock.frozen(call.ended_at):
            visit_id = self._record(session, call, PersonMet.RELATIVE, Outcome.APPOINTMENT)
            ends_at = starts_at + timedelta(hours=1)
            make_appointment(
                session,
                collector,
                AppointmentFact(debtor.client_id, visit_id, starts_at, ends_at),
            )

    def call(
        self, collector: Actor, debtor: Debtor, started_at: datetime, stop_id: int | None = None
    ) -> Call:
        """Return a call of a few minutes."""
        minutes = self.dice.randint(3, 11)
        return Call(collector, debtor, started_at, started_at + timedelta(minutes=minutes), stop_id)

    def _talk(self, session: Session, call: Call) -> None:
        roll, temper = self.dice.random(), call.debtor.temper
        amount = self._amount(call.debtor)
        if roll < temper.pays:
            is_all = amount == call.debtor.owed_cents
            outcome = Outcome.PAID_IN_FULL if is_all else Outcome.PAID_IN_PART
            visit_id = self._record(session, call, PersonMet.HOLDER, outcome)
            self._pay(session, call.collector, Money(call.debtor, amount, call.ended_at, visit_id))
        elif roll < temper.pays + temper.promises:
            visit_id = self._record(session, call, PersonMet.HOLDER, Outcome.PROMISED)
            self._promise(session, call, visit_id, amount)
        else:
            outcome, objection = self._pick([(w, (o, why)) for w, o, why in UNPAID])
            self._record(session, call, PersonMet.HOLDER, outcome, objection)

    def _promise(self, session: Session, call: Call, visit_id: int, amount_cents: int) -> None:
        due_on = call.day(self.zone) + timedelta(days=self.dice.randint(2, 8))
        client_id = call.debtor.client_id
        make_promise(
            session,
            call.collector,
            PromiseFact(self._uuid(), client_id, visit_id, amount_cents, due_on, call.ended_at),
            zone=self.zone,
        )
        call.debtor.rests_until = due_on + timedelta(days=1)
        if self.dice.random() < call.debtor.temper.keeps:
            paid = amount_cents // 2 if self.dice.random() < 0.15 else amount_cents
            at = clock.at_second(due_on, NOON_S, self.zone)
            self.post.append(Money(call.debtor, paid, at, None))

    def _deliver(self, session: Session, day: date) -> None:
        bank = Actor.system("banco")
        due = [one for one in self.post if one.at.astimezone(self.zone).date() == day]
        for one in due:
            with clock.frozen(one.at):
                self._pay(session, bank, one)
        self.post = [one for one in self.post if one not in due]

    def _pay(self, session: Session, actor: Actor, money: Money) -> None:
        in_hand = money.visit_id is not None and self.dice.random() < 0.7
        record_payment(
            session,
            actor,
            PaymentFact(
                uuid=self._uuid(),
                client_id=money.debtor.client_id,
                visit_id=money.visit_id,
                method=PaymentMethod.CASH if in_hand else PaymentMethod.TRANSFER,
                amount_cents=money.amount_cents,
                received_at=money.at,
            ),
            zone=self.zone,
        )
        money.debtor.owed_cents = max(0, money.debtor.owed_cents - money.amount_cents)

    def _record(
        self,
        session: Session,
        call: Call,
        person: PersonMet,
        outcome: Outcome,
        objection: Objection | None = None,
    ) -> int:
        # One fix in fifty is taken a few streets away: something for the supervisor to look at.
        reach = (900 if self.dice.random() < 0.02 else 18) / METRES_PER_DEGREE
        fact = VisitFact(
            uuid=self._uuid(),
            client_id=call.debtor.client_id,
            stop_id=call.stop_id,
            started_at=call.started_at,
            ended_at=call.ended_at,
            person_met=person,
            outcome=outcome,
            objection=objection,
            lat=call.debtor.lat + self.dice.uniform(-1, 1) * reach,
            lon=call.debtor.lon + self.dice.uniform(-1, 1) * reach,
            accuracy_m=self.dice.randint(4, 28),
        )
        visit = record_visit(
            session, call.collector, fact, zone=self.zone, has_checked_stop=call.stop_id is not None
        )
        session.flush()
        return visit.id

    def _whom(self, debtors: Sequence[Debtor], day: date) -> list[Debtor]:
        free = [one for one in debtors if self._is_free(one, day)]
        count = min(len(free), self.dice.randint(*VISITS_A_DAY))
        weights = [one.owed_cents for one in free]
        chosen: list[Debtor] = []
        while free and len(chosen) < count:
            i = self.dice.choices(range(len(free)), weights)[0]
            chosen.append(free.pop(i))
            weights.pop(i)
        return chosen

    def _is_free(self, debtor: Debtor, day: date) -> bool:
        while debtor.attempts and debtor.attempts[0] <= day - timedelta(days=7):
            debtor.attempts.popleft()
        return (
            debtor.owed_cents > 0
            and debtor.rests_until < day
            and len(debtor.attempts) < HOUSE_ATTEMPTS
            and (not debtor.attempts or debtor.attempts[-1] < day - timedelta(days=1))
        )

    def _amount(self, debtor: Debtor) -> int:
        if debtor.owed_cents <= 300 * PESO or self.dice.random() < 0.12:
            return debtor.owed_cents
        part = debtor.owed_cents * self.dice.uniform(0.15, 0.6)
        return max(100 * PESO, round(part / (50 * PESO)) * 50 * PESO)

    def _pick(self, weighted: Sequence[tuple[float, Choice]]) -> Choice:
        return self.dice.choices([one for _, one in weighted], [w for w, _ in weighted])[0]

    def _uuid(self) -> str:
        return str(UUID(int=self.dice.getrandbits(128), version=4))
