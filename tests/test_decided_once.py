"""What several people decide at the same moment is decided once, and what is said anew in turn."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.absences.rules import AbsenceKind
from collector_app.absences.services import cancel_absence, record_absence
from collector_app.agreements.rules import AgreementKept
from collector_app.agreements.services import cancel, sign
from collector_app.audit.models import AuditEntry
from collector_app.backing.rules import GuaranteeState
from collector_app.backing.services import change_guarantee, end_obligor
from collector_app.compliance.client_terms import (
    OverrideData,
    WishData,
    end_override,
    end_wish,
    grant_override,
    honour_wish,
    request_override,
)
from collector_app.compliance.services import ban_contact, lift_ban
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import CollectorError
from collector_app.payments.queries import debts
from collector_app.payments.services import record_payment
from collector_app.portfolio.rules import Stage
from collector_app.privacy.services import erase, readmit
from collector_app.promises.services import cancel_promise
from collector_app.stages.rules import MoveCause
from collector_app.stages.services import MoveData, move
from collector_app.strategy.rules import Trait
from collector_app.strategy.services import stop_experiment
from collector_app.violations.models import ViolationCase
from collector_app.violations.queries import judge
from collector_app.violations.rules import CaseState
from collector_app.violations.services import decide_case, keep_verdict
from collector_app.visits.rules import Outcome, PersonMet
from collector_app.web.extensions import transaction
from tests.agreements.factories import make_agreement
from tests.backing.factories import make_guarantee, make_obligor
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.promises.factories import make_promise_row
from tests.strategy.factories import at_least, make_experiment, make_segment
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
SYSTEM = Actor.system("test")
SIX = 6
Decision = Callable[[Session, Actor], object]


def today():
    return clock.today(ZONE)


@pytest.fixture
def debtor(session, stopped_clock):
    client = make_client(session, overdue_cents=150_000, days=40)
    make_zone(session, [client], make_user(session))
    return client


def promise(session, debtor) -> tuple[str, Decision]:
    id_ = make_promise_row(session, debtor).id
    return "promise.cancelled", lambda s, who: cancel_promise(
        s, who, id_, "se equivocó", day=today()
    )


def exception(session, debtor) -> tuple[str, Decision]:
    asks = actor_of(make_user(session, Role.DISPATCHER))
    data = OverrideData(debtor.id, "house.rest_after_contact", None, "lo pidió", today())
    made = request_override(session, asks, data, today=today())
    session.flush()
    id_ = made.id
    return "rule.overridden", lambda s, who: grant_override(s, who, id_, today=today())


def exception_end(session, debtor) -> tuple[str, Decision]:
    asks = actor_of(make_user(session, Role.DISPATCHER))
    data = OverrideData(debtor.id, "house.rest_after_contact", None, "lo pidió", today())
    made = request_override(session, asks, data, today=today())
    session.flush()
    id_ = made.id
    return "rule.override_rejected", lambda s, who: end_override(
        s, who, id_, "no consta", today=today()
    )


def absence(session, debtor) -> tuple[str, Decision]:
    days = today(), today()
    made = record_absence(session, SYSTEM, make_user(session).id, AbsenceKind.SICKNESS, *days)
    session.flush()
    id_ = made.id
    return "absence.cancelled", lambda s, who: cancel_absence(s, who, id_)


def ban(session, debtor) -> tuple[str, Decision]:
    made = ban_contact(session, SYSTEM, debtor.id, "lo pidió", today())
    session.flush()
    id_ = made.id
    return "contact.ban_lifted", lambda s, who: lift_ban(s, who, id_, "volvió", today=today())


def wish(session, debtor) -> tuple[str, Decision]:
    data = WishData(debtor.id, "1111100", 15 * 3600, 18 * 3600, "carta")
    made = honour_wish(session, SYSTEM, data, today=today())
    session.flush()
    id_ = made.id
    return "contact.wish_ended", lambda s, who: end_wish(s, who, id_, "ya no", today=today())


def guarantee(session, debtor) -> tuple[str, Decision]:
    made = make_guarantee(session, debtor)
    session.flush()
    id_, released = made.id, GuaranteeState.RELEASED
    return "guarantee.changed", lambda s, who: change_guarantee(
        s, who, id_, released, today=today()
    )


def obligor(session, debtor) -> tuple[str, Decision]:
    made = make_obligor(session, debtor)
    session.flush()
    id_ = made.id
    return "obligor.ended", lambda s, who: end_obligor(s, who, id_, "pagó", today=today())


def stage(session, debtor) -> tuple[str, Decision]:
    id_ = debtor.credits[0].id
    data = MoveData(id_, Stage.EXTRAJUDICIAL, MoveCause.UNLOCATABLE, "nadie abre")
    return "credit.stage_moved", lambda s, who: move(s, who, data, zone=ZONE)


def experiment(session, debtor) -> tuple[str, Decision]:
    segment = make_segment(session, at_least(Trait.DAYS_PAST_DUE, 31))
    made = make_experiment(session, segment)
    session.flush()
    id_ = made.id
    return "experiment.stopped", lambda s, who: stop_experiment(s, who, id_, "se acabó")


def agreement(session, debtor) -> tuple[str, Decision]:
    made = make_agreement(session, actor_of(make_user(session, Role.SUPERVISOR)), debtor)
    session.flush()
    id_ = made.id
    return "agreement.cancelled", lambda s, who: cancel(s, who, id_, "se equivocó", zone=ZONE)


def readmission(session, debtor) -> tuple[str, Decision]:
    client = make_client(session, overdue_cents=0)
    erase(session, SYSTEM, client.id, "lo pidió", day=today(), zone=ZONE)
    session.flush()
    id_ = client.id
    return "client.readmitted", lambda s, who: readmit(s, who, id_, "volvió a comprar")


def all_at_once(app, session, decision: Decision) -> list[object]:
    """Let six people decide at the same moment; return what each got, an error or a row."""
    people = [actor_of(make_user(session, Role.ADMIN)) for _ in range(SIX)]
    session.commit()
    ready = Barrier(SIX)

    def decide(who: Actor) -> object:
        ready.wait()
        with app.app_context():
            try:
                with transaction() as other:
                    decision(other, who)
            except CollectorError as error:
                return error
        return None

    with ThreadPoolExecutor(SIX) as pool:
        return list(pool.map(decide, people))


@pytest.mark.parametrize(
    "prepared",
    [
        promise,
        exception,
        exception_end,
        absence,
        ban,
        wish,
        guarantee,
        obligor,
        stage,
        experiment,
        agreement,
        readmission,
    ],
)
def test_what_six_decide_at_once_is_decided_once(app, session, debtor, prepared):
    event, decision = prepared(session, debtor)

    all_at_once(app, session, decision)

    told = session.scalars(select(AuditEntry).where(AuditEntry.event == event)).all()
    assert len(told) == 1


def test_what_is_said_anew_of_a_falta_follows_from_what_was_said_before(app, session, debtor):
    at_five = clock.at_second(today(), 5 * 3600, ZONE)
    make_visit(
        session,
        debtor,
        make_user(session),
        started_at=at_five,
        received_at=at_five,
        person_met=PersonMet.NOBODY,
        outcome=Outcome.NOT_HOME,
    )
    verdict = judge(session, today(), today(), ZONE)
    keep_verdict(session, SYSTEM, verdict, today(), today(), ZONE)
    session.flush()
    case_id = session.scalars(select(ViolationCase.id)).one()

    def decide(other: Session, who: Actor) -> None:
        said = CaseState.CONFIRMED if who.user_id % 2 else CaseState.JUSTIFIED
        decide_case(other, who, case_id, said, "su reloj estaba mal")

    all_at_once(app, session, decide)

    told = session.scalars(
        select(AuditEntry).where(AuditEntry.event == "violation.decided").order_by(AuditEntry.id)
    ).all()
    after = [one.facts["after"] for one in told]
    assert [one.facts["before"] for one in told] == [CaseState.NEW.value, *after[:-1]]
    assert len(told) == SIX
    session.expire_all()
    assert session.get(ViolationCase, case_id).state.value == after[-1]


def test_an_agreement_is_kept_or_taken_back_and_never_both(app, session, debtor):
    boss = actor_of(make_user(session, Role.SUPERVISOR))
    made = make_agreement(session, boss, debtor)
    sign(session, boss, made.id, "Ana", b"\x89PNG\r\n\x1a\n")
    session.flush()
    id_, fact = made.id, payment_fact(debtor, amount_cents=135_000)

    def pay_or_cancel(other: Session, who: Actor) -> None:
        if who.user_id % 2:
            record_payment(other, who, fact, zone=ZONE)
        else:
            cancel(other, who, id_, "se equivocó", zone=ZONE)

    refused = [one for one in all_at_once(app, session, pay_or_cancel) if one]

    session.expire_all()
    is_kept = made.cancelled_at is None
    assert len(refused) == (SIX // 2 if is_kept else 0)
    assert all(isinstance(one, AgreementKept) for one in refused)
    assert bool(debts(session, today(), ZONE, [debtor.id])) is not is_kept
