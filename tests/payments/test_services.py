from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from collector_app.audit.models import AuditEntry
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.core.facts import FactConflict
from collector_app.payments.models import Allocation, Payment
from collector_app.payments.queries import debts
from collector_app.payments.receipts import broken_series
from collector_app.payments.services import annul_payment, record_payment, record_payments
from collector_app.portfolio.models import Invoice
from collector_app.promises.rules import AmountNotPositive, ReasonMissing
from collector_app.web.extensions import transaction
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import make_invoice, payment_fact
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)
# One database serves all examples of a property: each makes its own client.
per_example = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def own_client(session, collector):
    """A client of the collector's zone who owes 1,500 pesos."""
    client = make_client(session, overdue_cents=150_000)
    make_zone(session, [client], collector)
    return client


@pytest.fixture
def supervisor(session):
    return make_user(session, Role.SUPERVISOR)


def allocated(session, payment) -> int:
    return session.scalar(
        select(func.coalesce(func.sum(Allocation.amount_cents), 0)).where(
            Allocation.payment_id == payment.id
        )
    )


def balance(session, client) -> int:
    debt = debts(session, TODAY, ZONE, [client.id]).get(client.id)
    return debt.balance_cents if debt else 0


def indebted(session, collector, *cents: int):
    """A client of the collector with invoices of these amounts, the oldest first."""
    client = make_client(session)
    make_zone(session, [client], collector)
    for n, amount in enumerate(cents):
        make_invoice(session, client, amount, TODAY + timedelta(days=n))
    return client


def shares_of(session, payment) -> list[tuple[date, int]]:
    """What a payment settles, by the day on which each invoice was due."""
    found = session.execute(
        select(Invoice.due_on, Allocation.amount_cents)
        .join(Allocation, Allocation.invoice_id == Invoice.id)
        .where(Allocation.payment_id == payment.id)
        .order_by(Invoice.due_on)
    )
    return [tuple(row) for row in found]


def test_a_payment_comes_off_the_debt(session, collector, own_client):
    record_payment(session, actor_of(collector), payment_fact(own_client), zone=ZONE)

    assert balance(session, own_client) == 150_000 - 35_000


def test_the_same_payment_told_twice_counts_once(session, collector, own_client):
    fact = payment_fact(own_client)
    record_payment(session, actor_of(collector), fact, zone=ZONE)

    later = replace(fact, received_at=fact.received_at + timedelta(seconds=5))
    record_payment(session, actor_of(collector), later, zone=ZONE)

    assert balance(session, own_client) == 150_000 - 35_000
    session.commit()
    events = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events == ["payment.recorded", "payment.allocated", "receipt.issued"]


def test_the_same_uuid_with_another_amount_is_a_conflict(session, collector, own_client):
    fact = payment_fact(own_client)
    record_payment(session, actor_of(collector), fact, zone=ZONE)

    with pytest.raises(FactConflict) as caught:
        record_payment(session, actor_of(collector), replace(fact, amount_cents=53_000), zone=ZONE)

    assert caught.value.told == {"amount_cents": "53000"}


def test_the_same_payment_on_eight_connections_at_once_is_stored_once(
    app, session, collector, own_client
):
    fact, actor = payment_fact(own_client), actor_of(collector)
    session.commit()

    def send(_: int) -> int:
        with app.app_context(), transaction() as other:
            return record_payment(other, actor, fact, zone=ZONE).id

    with ThreadPoolExecutor(8) as pool:
        stored = set(pool.map(send, range(8)))

    assert len(stored) == 1
    assert balance(session, own_client) == 150_000 - 35_000


def test_payments_at_once_never_settle_the_same_cents(app, session, collector, own_client):
    actor = actor_of(collector)
    facts = [payment_fact(own_client, amount_cents=40_000) for _ in range(6)]
    session.commit()

    def send(fact) -> None:
        with app.app_context(), transaction() as other:
            record_payment(other, actor, fact, zone=ZONE)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send, facts))

    # 6 x 400 pesos against 1,500: all is settled, 900 pesos stay unallocated.
    assert session.scalar(select(func.sum(Payment.amount_cents))) == 240_000
    assert session.scalar(select(func.sum(Allocation.amount_cents))) == 150_000
    assert balance(session, own_client) == 0


def test_a_payment_annulled_by_six_at_once_is_annulled_once(
    app, session, collector, supervisor, own_client
):
    fact = payment_fact(own_client, amount_cents=40_000)
    payment_id = record_payment(session, actor_of(collector), fact, zone=ZONE).id
    actor = actor_of(supervisor)
    session.commit()

    def annul(number) -> None:
        with app.app_context(), transaction() as other:
            annul_payment(other, actor, payment_id, f"Billete falso {number}", zone=ZONE)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(annul, range(6)))

    annulled = select(AuditEntry.id).where(AuditEntry.event == "payment.annulled")
    assert len(session.scalars(annulled).all()) == 1
    assert balance(session, own_client) == 150_000


@given(cents=st.lists(st.tuples(st.integers(0, 1), st.integers(1, 90_000)), min_size=1, max_size=6))
@per_example
def test_payments_told_together_settle_what_they_would_one_by_one(session, collector, cents):
    together, apart = [
        [indebted(session, collector, 40_000, 25_000), indebted(session, collector, 60_000, 1)]
        for _ in range(2)
    ]
    begin = clock.now() - timedelta(minutes=10)

    def facts(clients):
        return [
            payment_fact(
                clients[n], amount_cents=amount, received_at=begin + timedelta(seconds=second)
            )
            for second, (n, amount) in enumerate(cents)
        ]

    many = record_payments(session, actor_of(collector), facts(together), zone=ZONE)
    ones = [record_payment(session, actor_of(collector), fact, zone=ZONE) for fact in facts(apart)]

    assert [shares_of(session, one) for one in many] == [shares_of(session, one) for one in ones]
    assert broken_series(session) == {}


def test_payments_told_together_are_all_kept_or_none(session, collector, own_client):
    strange = make_client(session)
    facts = [payment_fact(own_client), payment_fact(strange)]

    with pytest.raises(NotFound):
        record_payments(session, actor_of(collector), facts, zone=ZONE)

    assert session.scalars(select(Payment)).all() == []


@pytest.mark.parametrize("cents", [0, -35_000])
def test_a_payment_of_nothing_is_refused_and_names_the_amount(
    session, collector, own_client, cents
):
    fact = payment_fact(own_client, amount_cents=cents)

    with pytest.raises(AmountNotPositive) as caught:
        record_payment(session, actor_of(collector), fact, zone=ZONE)

    assert caught.value.field == "amount"


def test_one_cent_is_money(session, collector, own_client):
    fact = payment_fact(own_client, amount_cents=1)

    record_payment(session, actor_of(collector), fact, zone=ZONE)

    assert balance(session, own_client) == 149_999


def test_what_exceeds_the_debt_is_kept_unallocated(session, collector, own_client):
    fact = payment_fact(own_client, amount_cents=200_000)

    payment = record_payment(session, actor_of(collector), fact, zone=ZONE)

    assert (payment.amount_cents, allocated(session, payment)) == (200_000, 150_000)


def test_a_payment_stands_on_ones_own_visit(session, collector, own_client):
    visit = make_visit(session, own_client, make_user(session))

    with pytest.raises(NotFound):
        record_payment(
            session, actor_of(collector), payment_fact(own_client, visit_id=visit.id), zone=ZONE
        )


def test_a_client_of_another_zone_is_not_found(session, collector):
    with pytest.raises(NotFound):
        record_payment(session, actor_of(collector), payment_fact(make_client(session)), zone=ZONE)


def test_a_dispatcher_receives_no_money(session, own_client):
    dispatcher = make_user(session, Role.DISPATCHER)

    with pytest.raises(NotAllowed):
        record_payment(session, actor_of(dispatcher), payment_fact(own_client), zone=ZONE)


def test_an_annulled_payment_gives_the_debt_back(session, collector, supervisor, own_client):
    payment = record_payment(session, actor_of(collector), payment_fact(own_client), zone=ZONE)

    annul_payment(session, actor_of(supervisor), payment.id, "Billete falso", zone=ZONE)
    annul_payment(session, actor_of(supervisor), payment.id, "Otra vez", zone=ZONE)

    assert balance(session, own_client) == 150_000
    session.commit()
    annulled = select(AuditEntry.facts).where(AuditEntry.event == "payment.annulled")
    assert session.scalars(annulled).all() == [{"reason": "Billete falso"}]


def test_annulling_a_payment_lets_the_money_that_exceeded_settle_the_debt(
    session, collector, supervisor, own_client
):
    actor = actor_of(collector)
    mistaken = record_payment(
        session, actor, payment_fact(own_client, amount_cents=150_000), zone=ZONE
    )
    record_payment(session, actor, payment_fact(own_client, amount_cents=40_000), zone=ZONE)

    annul_payment(session, actor_of(supervisor), mistaken.id, "Era de otro cliente", zone=ZONE)

    assert balance(session, own_client) == 150_000 - 40_000


def test_a_collector_annuls_nothing(session, collector, own_client):
    payment = record_payment(session, actor_of(collector), payment_fact(own_client), zone=ZONE)

    with pytest.raises(NotAllowed):
        annul_payment(session, actor_of(collector), payment.id, "Me equivoqué", zone=ZONE)


def test_annulling_needs_words(session, supervisor):
    with pytest.raises(ReasonMissing):
        annul_payment(session, actor_of(supervisor), 1, " ", zone=ZONE)


def test_a_payment_that_does_not_exist_is_not_found(session, supervisor):
    with pytest.raises(NotFound):
        annul_payment(session, actor_of(supervisor), 999, "x", zone=ZONE)


def test_money_received_before_the_creditor_told_the_balance_is_already_in_it(
    session, collector, own_client
):
    fact = payment_fact(own_client, received_at=clock.now() - timedelta(days=1))

    payment = record_payment(session, actor_of(collector), fact, zone=ZONE)

    assert balance(session, own_client) == 150_000
    assert allocated(session, payment) == 0


amounts = st.lists(st.integers(1, 300_000), min_size=1, max_size=6)


@per_example
@given(amounts, amounts, st.lists(st.integers(0, 5), max_size=4))
def test_money_in_equals_money_settled_plus_money_left(
    session, collector, supervisor, owed, paid, annulled
):
    client = make_client(session, overdue_cents=0)
    make_zone(session, [client], collector)
    invoices = [make_invoice(session, client, cents, TODAY) for cents in owed]
    facts = [payment_fact(client, amount_cents=cents) for cents in paid]

    told_twice = [*facts, *reversed(facts)]
    payments = [
        record_payment(session, actor_of(collector), fact, zone=ZONE) for fact in told_twice
    ]
    for index in annulled:
        annul_payment(
            session, actor_of(supervisor), payments[index % len(facts)].id, "error", zone=ZONE
        )

    live = [one for one in payments[: len(facts)] if one.annulled_at is None]
    received = sum(one.amount_cents for one in live)
    # What is not owed any more is exactly what was received, up to the debt.
    assert sum(owed) - balance(session, client) == min(received, sum(owed))
    assert all(allocated(session, one) <= one.amount_cents for one in payments)
    assert sum(one.balance_cents for one in invoices) == sum(owed)  # the creditor's word stands
