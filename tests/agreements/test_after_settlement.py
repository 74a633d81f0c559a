"""After a debt was settled nobody counts its days, and a balance that comes back is told."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.agreements.queries import debts_after_letter
from collector_app.agreements.rules import AgreementKept
from collector_app.agreements.services import cancel, propose, sign
from collector_app.agreements.settlements import annul_letter, issue_letter, letter_of
from collector_app.audit.queries import faults
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.payments.queries import debts
from collector_app.payments.services import annul_payment, record_payment
from collector_app.planning.problem_builder import build_day
from collector_app.planning.queries import day_rows
from collector_app.planning.reasons import skip_sentences
from collector_app.planning.rules import PlanPolicy, SkipCause
from collector_app.portfolio.rules import Stage
from collector_app.promises.rules import ReasonMissing
from collector_app.stages.queries import client_life, client_stages
from tests.agreements.factories import content, terms
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import make_invoice, payment_fact
from tests.planning.factories import make_workday
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)


@pytest.fixture
def collector(session, stopped_clock):
    return make_user(session)


@pytest.fixture
def boss(session):
    return actor_of(make_user(session, Role.SUPERVISOR))


@pytest.fixture
def debtor(session, collector):
    client = make_client(session, overdue_cents=150_000, days=40)
    make_zone(session, [client], collector)
    return client


def agree(session, collector, debtor, *, settles: bool = True):
    """A tenth of 1,500 pesos is to be let go of: 1,350 keep the agreement."""
    actor, paper = actor_of(collector), content(settles_debt=settles)
    made = propose(session, actor, debtor.id, terms(), paper, today=TODAY, zone=ZONE)
    sign(session, actor, made.id, "Ana", b"\x89PNG\r\n\x1a\n")
    session.flush()
    return made


def pay(session, collector, debtor, cents: int):
    with clock.frozen(clock.now() + timedelta(hours=1)):
        fact = payment_fact(debtor, amount_cents=cents)
        return record_payment(session, actor_of(collector), fact, zone=ZONE)


def creditor_tells(session, debtor, cents: int, *, days_later: int = 1) -> None:
    """The next file of the creditor says what is owed on the first invoice."""
    invoice = debtor.credits[0].invoices[0]
    invoice.balance_cents, invoice.balance_at = cents, clock.now() + days_later * DAY
    session.flush()


def stage_of(session, debtor, day: date) -> Stage | None:
    stage = client_stages(session, day, ZONE, [debtor.id]).get(debtor.id)
    now = client_life(session, debtor.id, day, ZONE).credits[0].now.stage
    assert stage == now  # the quick answer and the long one agree
    return stage


# A peso may be missing, a cent more may not; and one that settles nothing leaves the rest owed.
@pytest.mark.parametrize(
    ("settles", "cents", "is_over"),
    [(True, 135_000, True), (True, 134_899, False), (False, 135_000, False)],
)
def test_the_ladder_ends_with_the_payment_that_keeps_an_agreement_that_settles(
    session, collector, debtor, settles, cents, is_over
):
    agree(session, collector, debtor, settles=settles)
    pay(session, collector, debtor, cents)

    later = stage_of(session, debtor, TODAY + 90 * DAY)

    assert (later is None) is is_over
    spans = client_life(session, debtor.id, TODAY + 90 * DAY, ZONE).credits[0].spans
    assert (spans[-1].first.stage is None) is is_over


def test_the_history_says_that_money_ended_it_and_an_earlier_day_stays_as_it_was(
    session, collector, debtor
):
    debtor.credits[0].invoices[0].balance_at -= 60 * DAY
    agree(session, collector, debtor)
    pay(session, collector, debtor, 135_000)

    then = client_life(session, debtor.id, TODAY - DAY, ZONE).credits[0]
    now = client_life(session, debtor.id, TODAY, ZONE).credits[0]

    assert then.now.stage is Stage.ADMINISTRATIVE
    assert now.now.stage is None
    over = [one for one in now.spans if one.first.stage is None]
    assert [one.from_on for one in over] == [TODAY]


def test_an_invoice_that_comes_due_after_the_signature_has_a_ladder_of_its_own(
    session, collector, debtor
):
    agree(session, collector, debtor)
    pay(session, collector, debtor, 135_000)
    make_invoice(session, debtor, 20_000, TODAY + 5 * DAY)

    assert stage_of(session, debtor, TODAY + 5 * DAY) is Stage.PREVENTIVE
    assert stage_of(session, debtor, TODAY + 6 * DAY) is Stage.EARLY


def test_a_creditor_who_still_tells_the_rest_does_not_bring_the_ladder_back(
    session, collector, debtor
):
    agree(session, collector, debtor)
    pay(session, collector, debtor, 135_000)
    creditor_tells(session, debtor, 15_000)

    assert stage_of(session, debtor, TODAY + 30 * DAY) is None


# A peso may be missing of what keeps it.
@pytest.mark.parametrize(("cents", "is_kept"), [(134_899, False), (134_900, True)])
def test_an_agreement_is_taken_back_until_it_is_kept(
    session, collector, boss, debtor, cents, is_kept
):
    made = agree(session, collector, debtor)
    pay(session, collector, debtor, cents)

    if is_kept:
        with pytest.raises(AgreementKept):
            cancel(session, boss, made.id, "se firmó con otra persona", zone=ZONE)
    else:
        cancel(session, boss, made.id, "se firmó con otra persona", zone=ZONE)
    session.flush()

    assert (made.cancelled_at is None) is is_kept
    assert (stage_of(session, debtor, TODAY + 90 * DAY) is None) is is_kept


def test_an_agreement_that_counted_on_money_that_was_annulled_lets_go_of_nothing(
    session, collector, debtor, boss
):
    actor = actor_of(collector)
    fact = payment_fact(debtor, amount_cents=100_000, received_at=clock.now())
    before = record_payment(session, actor, fact, zone=ZONE)
    rest = {"interest_cents": 0, "default_interest_cents": 0}
    paper = content(principal_cents=50_000, **rest)
    offer = terms(debt_cents=50_000, discount_basis=0, down_cents=10_000, count=1)
    made = propose(session, actor, debtor.id, offer, paper, today=TODAY, zone=ZONE)
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        sign(session, actor, made.id, "Ana", b"\x89PNG\r\n\x1a\n")
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        pay(session, collector, debtor, 50_000)
    assert debts(session, TODAY, ZONE, [debtor.id]) == {}

    with clock.frozen(clock.now() + timedelta(hours=2)):
        annul_payment(session, boss, before.id, "el cheque no tenía fondos", zone=ZONE)

    assert debts(session, TODAY, ZONE, [debtor.id])[debtor.id].balance_cents == 100_000


def test_once_the_payment_that_kept_it_is_annulled_it_may_be_taken_back(
    session, collector, boss, debtor
):
    made = agree(session, collector, debtor)
    payment = pay(session, collector, debtor, 135_000)
    annul_payment(session, boss, payment.id, "el cheque no tenía fondos", zone=ZONE)

    cancel(session, boss, made.id, "no pagó", zone=ZONE)

    assert made.cancelled_at is not None


def test_the_desk_says_why_a_kept_agreement_stays(client_as, session, collector, debtor):
    made = agree(session, collector, debtor)
    pay(session, collector, debtor, 135_000)
    session.commit()
    desk = client_as(Role.SUPERVISOR)

    page = desk.get(f"/convenios/{made.id}").text
    refused = desk.post(
        f"/convenios/{made.id}/cancelar", data={"reason": "error"}, follow_redirects=True
    ).text

    assert f"/convenios/{made.id}/cancelar" not in page
    assert "El convenio ya se cumplió" in refused


def letter_given(session, collector, boss, debtor):
    payment = pay(session, collector, debtor, 150_000)
    return payment, issue_letter(session, boss, debtor.id, today=TODAY, zone=ZONE)


def owed_after_letter(session, debtor) -> int:
    session.flush()
    found = debts_after_letter(session, TODAY + 2 * DAY, ZONE, [debtor.id]).get(debtor.id)
    return found.owed_cents if found else 0


def test_a_letter_and_a_balance_that_came_back_contradict_each_other(
    session, collector, boss, debtor
):
    letter_given(session, collector, boss, debtor)
    assert owed_after_letter(session, debtor) == 0

    creditor_tells(session, debtor, 1)

    assert owed_after_letter(session, debtor) == 1


def test_an_annulled_payment_takes_the_ground_from_under_a_letter(session, collector, boss, debtor):
    payment, _letter = letter_given(session, collector, boss, debtor)

    annul_payment(session, boss, payment.id, "el cheque no tenía fondos", zone=ZONE)

    assert owed_after_letter(session, debtor) == 150_000


@pytest.mark.parametrize(("due_after_days", "owed_cents"), [(0, 20_000), (1, 0)])
def test_what_comes_due_after_the_letter_is_another_debt(
    session, collector, boss, debtor, due_after_days, owed_cents
):
    letter_given(session, collector, boss, debtor)

    make_invoice(session, debtor, 20_000, TODAY + due_after_days * DAY)

    assert owed_after_letter(session, debtor) == owed_cents


def test_what_an_agreement_let_go_of_contradicts_nothing_until_the_creditor_tells_it_again(
    session, collector, boss, debtor
):
    agree(session, collector, debtor)
    pay(session, collector, debtor, 135_000)
    with clock.frozen(clock.now() + timedelta(hours=2)):
        issue_letter(session, boss, debtor.id, today=TODAY, zone=ZONE)
    assert owed_after_letter(session, debtor) == 0

    creditor_tells(session, debtor, 15_000)

    assert owed_after_letter(session, debtor) == 15_000


@pytest.fixture
def planned(session, app, collector, boss, debtor):
    """Return why the debtor is left out of the plan of the next day but one."""
    make_workday(session, collector)
    other = make_client(session, overdue_cents=10_000)
    make_zone(session, [other], collector)
    letter_given(session, collector, boss, debtor)

    def causes() -> dict[int, str]:
        session.flush()
        built = build_day(day_rows(session, TODAY + 2 * DAY, ZONE, PlanPolicy()), PlanPolicy())
        with app.test_request_context():
            return {
                one.client_id: (one.cause, " ".join(skip_sentences(one.cause, one.facts)))
                for one in built.skipped
            }

    return causes


def test_whoever_holds_the_letter_is_not_visited_until_the_letter_is_annulled(
    session, boss, debtor, planned
):
    creditor_tells(session, debtor, 150_000)
    cause, sentence = planned()[debtor.id]
    assert cause is SkipCause.SETTLED
    assert "carta finiquito" in sentence
    assert "$1,500.00" in sentence

    found = debts_after_letter(session, TODAY, ZONE)[debtor.id]
    annul_letter(session, boss, found.letter_id, "el acreedor se equivocó de cuenta")

    assert debtor.id not in planned()


def test_annulling_a_letter_needs_a_reason_and_somebody_of_the_office(
    session, collector, boss, debtor
):
    _payment, letter = letter_given(session, collector, boss, debtor)
    with pytest.raises(ReasonMissing):
        annul_letter(session, boss, letter.id, "  ")
    with pytest.raises(NotAllowed):
        annul_letter(session, actor_of(collector), letter.id, "porque sí")
    with pytest.raises(NotFound):
        annul_letter(session, boss, 999, "no existe")

    annul_letter(session, boss, letter.id, "se dio por error")
    first = letter.annulled_at
    annul_letter(session, boss, letter.id, "otra vez")
    session.commit()

    assert (letter.annulled_at, letter.annulled_because) == (first, "se dio por error")
    with pytest.raises(NotFound):
        letter_of(session, letter.id)
    assert [one for one in faults(session) if "settlement_letter" in one.row] == []
    again = issue_letter(session, boss, debtor.id, today=TODAY, zone=ZONE)
    session.flush()
    assert again.id != letter.id


def test_the_desk_is_told_and_takes_the_letter_back(client_as, session, collector, boss, debtor):
    _payment, letter = letter_given(session, collector, boss, debtor)
    creditor_tells(session, debtor, 150_000, days_later=0)
    debtor.credits[0].invoices[0].balance_at += timedelta(hours=2)
    session.commit()
    desk = client_as(Role.SUPERVISOR)
    file = f"/cartera/{debtor.id}/expediente"
    assert "dice que ya no debía nada, y el saldo dice que debe $1,500.00" in desk.get(file).text
    page = desk.get("/convenios").text
    assert "Deuda después de la carta finiquito" in page
    assert debtor.name in page

    address = f"/convenios/finiquitos/{letter.id}/anular"
    refused = desk.post(address, data={"reason": " "}, follow_redirects=True).text
    done = desk.post(address, data={"reason": "fue un error"}, follow_redirects=True).text

    assert "Deuda después de la carta finiquito" in refused
    assert "Anulada: fue un error" in done
    assert "dice que ya no debía nada" not in done
    assert desk.get(f"/convenios/finiquitos/{letter.id}.pdf").status_code == 404
