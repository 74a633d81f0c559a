"""The carta finiquito: given when all is paid or an agreement that settles was kept, not before."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.agreements.rules import DebtNotSettled
from collector_app.agreements.services import propose, sign
from collector_app.agreements.settlements import issue_letter, letter_of, settlement
from collector_app.audit.queries import faults
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.payments.services import record_payment
from collector_app.portfolio.models import Credit
from collector_app.privacy.services import erase
from tests.agreements.factories import content, terms
from tests.conventions.pdf import pdf_text
from tests.factories import actor_of, make_client, make_user, owes_in
from tests.payments.factories import payment_fact
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)
SYSTEM = Actor.system("test")


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def debtor(session, collector):
    client = make_client(session, overdue_cents=150_000)
    make_zone(session, [client], collector)
    return client


def pay(session, collector, debtor, cents: int) -> None:
    fact = payment_fact(debtor, amount_cents=cents)
    record_payment(session, actor_of(collector), fact, zone=ZONE)


def test_one_cent_owed_is_not_settled_and_the_last_cent_settles(session, collector, debtor):
    pay(session, collector, debtor, 149_999)
    with pytest.raises(DebtNotSettled):
        settlement(session, debtor, TODAY, ZONE)

    pay(session, collector, debtor, 1)

    told = settlement(session, debtor, TODAY, ZONE)
    assert (told.paid_cents, told.last_paid_on, told.agreement_id) == (150_000, TODAY, None)
    assert told.credits == (debtor.credits[0].external_id,)


# A tenth of 1,500 pesos is forgiven: 1,350 keep the agreement.
@pytest.mark.parametrize(("settles", "is_given"), [(True, True), (False, False)])
def test_an_agreement_that_was_kept_settles_only_if_it_says_so(
    session, collector, debtor, settles, is_given
):
    actor = actor_of(collector)
    made = propose(
        session, actor, debtor.id, terms(), content(settles_debt=settles), today=TODAY, zone=ZONE
    )
    sign(session, actor, made.id, "Ana", b"\x89PNG\r\n\x1a\n")
    session.flush()
    with pytest.raises(DebtNotSettled):
        settlement(session, debtor, TODAY, ZONE)

    with clock.frozen(clock.now() + timedelta(hours=1)):
        pay(session, collector, debtor, 135_000)

    if is_given:
        assert settlement(session, debtor, TODAY, ZONE).agreement_id == made.id
    else:
        with pytest.raises(DebtNotSettled):
            settlement(session, debtor, TODAY, ZONE)


def test_without_a_credit_there_is_nothing_to_confirm(session):
    client = make_client(session, overdue_cents=0)
    session.delete(client.credits[0])
    session.flush()

    with pytest.raises(DebtNotSettled):
        settlement(session, client, TODAY, ZONE)


def test_the_desk_gets_the_letter_and_a_clear_no_before(client_as, session, collector, debtor):
    desk = client_as(Role.SUPERVISOR)
    address, file = f"/convenios/finiquito/{debtor.id}", f"/cartera/{debtor.id}/expediente"
    assert "Todavía se debe algo" in desk.post(address, follow_redirects=True).text
    assert "finiquito" not in desk.get(file).text

    pay(session, collector, debtor, 150_000)
    session.commit()
    assert address in desk.get(file).text

    answer = desk.post(address, follow_redirects=True)
    assert answer.data.startswith(b"%PDF")
    assert "10 de marzo de 2026" in pdf_text(answer.data)
    assert answer.request.path in desk.get(file).text


def test_a_letter_stays_what_it_was_and_twice_is_once(session, collector, debtor):
    boss = actor_of(make_user(session, Role.SUPERVISOR))
    pay(session, collector, debtor, 150_000)
    letter = issue_letter(session, boss, debtor.id, today=TODAY, zone=ZONE)
    again = issue_letter(session, boss, debtor.id, today=TODAY + timedelta(days=1), zone=ZONE)
    session.commit()

    debtor.name = "Otro Nombre"

    told, issued_on = letter_of(session, letter.id)
    assert again.id == letter.id
    assert (told.paid_cents, issued_on) == (150_000, TODAY)
    assert told.client_name != "Otro Nombre"
    erase(session, SYSTEM, debtor.id, "lo pidió", day=TODAY, zone=ZONE)
    with pytest.raises(NotFound):
        letter_of(session, letter.id)
    session.commit()
    assert [one for one in faults(session) if "settlement_letter" in one.row] == []


def test_nobody_whose_data_was_erased_is_offered_a_letter(client_as, session, collector, debtor):
    boss, settles = actor_of(make_user(session, Role.SUPERVISOR)), content(settles_debt=True)
    made = propose(session, boss, debtor.id, terms(), settles, today=TODAY, zone=ZONE)
    session.flush()
    sign(session, boss, made.id, "Rosa", b"\x89PNG\r\n\x1a\ndrawn")
    pay(session, collector, debtor, 150_000)
    session.commit()
    desk = client_as(Role.SUPERVISOR)
    pages = f"/cartera/{debtor.id}/expediente", f"/convenios/{made.id}"
    assert all("Carta finiquito</button>" in desk.get(one).text for one in pages)

    erase(session, SYSTEM, debtor.id, "lo pidió", day=TODAY, zone=ZONE)
    session.commit()

    assert not any("Carta finiquito</button>" in desk.get(one).text for one in pages)
    assert desk.post(f"/convenios/finiquito/{debtor.id}").status_code == 404


def test_a_collector_gives_no_letter(session, collector, debtor):
    with pytest.raises(NotAllowed):
        issue_letter(session, actor_of(collector), debtor.id, today=TODAY, zone=ZONE)


def test_a_letter_over_dollars_tells_dollars(client_as, session, collector, debtor):
    owes_in(session, debtor, "USD")
    pay(session, collector, debtor, 150_000)
    session.commit()

    address = f"/convenios/finiquito/{debtor.id}"
    answer = client_as(Role.SUPERVISOR).post(address, follow_redirects=True)

    text = pdf_text(answer.data)
    assert "ieron USD1,500.00" in text
    assert "MIL QUINIENTOS DÓLARES ESTADOUNIDENSES 00/100" in text
    assert "PESOS" not in text


def test_a_letter_over_two_currencies_tells_no_sum(session, collector, debtor):
    pay(session, collector, debtor, 150_000)
    session.add(Credit(client_id=debtor.id, external_id="D-1", currency="USD"))
    session.flush()

    assert settlement(session, debtor, TODAY, ZONE).paid_cents == 0
