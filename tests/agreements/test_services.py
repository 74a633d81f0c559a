"""From the offer to the signature, and the cash that may be expected of it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest

from collector_app.agreements import queries, services
from collector_app.agreements.rules import (
    AgreementInForce,
    BeyondAuthority,
    ContentMissing,
    DebtUnderstated,
    WrongState,
)
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.payments.queries import debts
from collector_app.payments.services import record_payment
from collector_app.promises.rules import ReasonMissing
from collector_app.schedules.models import Agreement
from collector_app.schedules.rules import AgreementState
from collector_app.web.extensions import transaction
from tests.agreements.factories import TODAY, content, make_agreement, terms
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.promises.factories import make_promise_row
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
PNG = b"\x89PNG\r\n\x1a\n" + b"drawn"
SYSTEM = Actor.system("test")


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def debtor(session, collector):
    client = make_client(session)
    make_zone(session, [client], collector)
    return client


@pytest.fixture
def supervisor(session):
    return actor_of(make_user(session, Role.SUPERVISOR))


def state(session, day=TODAY):
    [row] = queries.agreements(session, SYSTEM, day, ZONE)
    return row.state


def test_within_their_own_authority_an_offer_is_approved_at_once(session, collector, debtor):
    made = make_agreement(session, actor_of(collector), debtor)
    assert state(session) is AgreementState.APPROVED

    services.sign(session, actor_of(collector), made.id, "Rosa", PNG)
    assert state(session) is AgreementState.ACTIVE
    assert state(session, TODAY + timedelta(days=2)) is AgreementState.BROKEN

    fact = payment_fact(debtor, amount_cents=15_000, received_at=clock.now())
    record_payment(session, actor_of(collector), fact, zone=ZONE)
    assert state(session, TODAY + timedelta(days=2)) is AgreementState.ACTIVE


def test_a_larger_discount_waits_for_whoever_may_grant_it(session, collector, debtor, supervisor):
    made = make_agreement(session, actor_of(collector), debtor, discount_basis=3_000)
    assert state(session) is AgreementState.PROPOSED
    with pytest.raises(WrongState):
        services.sign(session, actor_of(collector), made.id, "Rosa", PNG)
    with pytest.raises(BeyondAuthority):
        services.approve(session, supervisor, made.id)

    services.approve(session, actor_of(make_user(session, Role.ADMIN)), made.id)

    assert state(session) is AgreementState.APPROVED


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.SUPERVISOR])
def test_what_is_let_go_of_is_a_discount_and_never_a_debt_told_too_small(
    session, collector, debtor, supervisor, role
):
    actor = actor_of(collector) if role is Role.COLLECTOR else supervisor
    overdue = debts(session, TODAY, ZONE, [debtor.id])[debtor.id].overdue_cents

    def offer(debt_cents: int, *, settles: bool) -> None:
        paper = content(
            principal_cents=debt_cents,
            interest_cents=0,
            default_interest_cents=0,
            settles_debt=settles,
        )
        of_debt = terms(debt_cents=debt_cents, discount_basis=0)
        services.propose(session, actor, debtor.id, of_debt, paper, today=TODAY, zone=ZONE)

    with pytest.raises(DebtUnderstated):
        offer(overdue - 1, settles=True)
    asked = terms(debt_cents=overdue - 1, discount_basis=1_500)
    with pytest.raises(DebtUnderstated):
        services.request_offer(session, actor, debtor.id, asked, day=TODAY, zone=ZONE)
    offer(overdue, settles=True)
    session.query(Agreement).delete()
    offer(overdue - 1, settles=False)


def test_one_proposal_at_a_time(session, collector, debtor, supervisor):
    made = make_agreement(session, actor_of(collector), debtor)
    with pytest.raises(WrongState):
        make_agreement(session, actor_of(collector), debtor)

    with pytest.raises(ReasonMissing):
        services.cancel(session, supervisor, made.id, " ", zone=ZONE)
    services.cancel(session, supervisor, made.id, "se equivocó de monto", zone=ZONE)

    assert state(session) is AgreementState.CANCELLED
    make_agreement(session, actor_of(collector), debtor)


def test_of_proposals_at_once_one_is_put_on_paper(app, session, collector, debtor):
    session.commit()
    actor, ready = actor_of(collector), Barrier(4)

    def offer(_n: int) -> bool:
        ready.wait(timeout=20)
        with app.app_context(), suppress(WrongState), transaction() as own:
            paper, today = content(), TODAY
            services.propose(own, actor, debtor.id, terms(), paper, today=today, zone=ZONE)
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(offer, range(4)))

    assert made.count(True) == 1


def test_while_one_is_in_force_there_is_no_other(session, collector, debtor, supervisor):
    made = make_agreement(session, actor_of(collector), debtor)
    services.sign(session, actor_of(collector), made.id, "Rosa", PNG)
    asked = {"day": TODAY, "zone": ZONE}

    with pytest.raises(AgreementInForce):
        make_agreement(session, actor_of(collector), debtor)
    with pytest.raises(AgreementInForce):
        services.request_offer(session, actor_of(collector), debtor.id, terms(), **asked)

    services.cancel(session, supervisor, made.id, "pidió otros plazos", zone=ZONE)
    make_agreement(session, actor_of(collector), debtor)


def test_after_a_broken_one_another_may_be_made(session, collector, debtor):
    made = make_agreement(session, actor_of(collector), debtor)
    services.sign(session, actor_of(collector), made.id, "Rosa", PNG)
    later = TODAY + timedelta(days=2)  # the down payment did not come: broken

    services.request_offer(
        session, actor_of(collector), debtor.id, terms(first_on=later), day=later, zone=ZONE
    )


def test_a_signature_is_a_drawing_with_a_name(session, collector, debtor):
    made = make_agreement(session, actor_of(collector), debtor)
    for name, drawn in ((" ", PNG), ("Rosa", b""), ("Rosa", b"<svg>"), ("Rosa", PNG * 20_000)):
        with pytest.raises(ContentMissing):
            services.sign(session, actor_of(collector), made.id, name, drawn)


def test_another_collector_neither_sees_nor_signs(session, collector, debtor):
    made = make_agreement(session, actor_of(collector), debtor)
    other = actor_of(make_user(session))

    assert queries.agreements(session, other, TODAY, ZONE) == []
    with pytest.raises(NotFound):
        services.sign(session, other, made.id, "Rosa", PNG)
    with pytest.raises(NotFound):
        make_agreement(session, other, debtor)
    with pytest.raises(NotAllowed):
        services.cancel(session, actor_of(collector), made.id, "porque sí", zone=ZONE)


def test_what_comes_due_are_instalments_and_promises_in_order(session, collector, debtor):
    made = make_agreement(session, actor_of(collector), debtor)
    services.sign(session, actor_of(collector), made.id, "Rosa", PNG)
    due_on = TODAY + timedelta(days=3)
    make_promise_row(session, make_client(session), amount_cents=20_000, due_on=due_on)

    due = queries.coming_due(session, TODAY, TODAY + timedelta(days=7), ZONE)

    assert [(one.due_on, one.amount_cents) for one in due] == [(TODAY, 15_000), (due_on, 20_000)]
