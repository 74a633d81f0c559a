"""Cash from the float to the count: exact, counted by one, confirmed by another."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from collector_app.cash import queries, services
from collector_app.cash.models import CashSession
from collector_app.cash.rules import (
    CAP_CENTS,
    DENOMINATIONS,
    WARN_FROM_CENTS,
    BadCount,
    CashLevel,
    DifferenceUnexplained,
    MoneyForbidden,
    NoSession,
    OwnCount,
    SessionOpen,
    cash_level,
    counted_cents,
)
from collector_app.compliance.services import choose_profile
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import InvalidInput, NotAllowed, NotFound
from collector_app.core.money import MOST_CENTS
from collector_app.payments.rules import PaymentMethod
from collector_app.payments.services import annul_payment, record_payment
from collector_app.portfolio.models import Credit
from collector_app.promises.rules import AmountNotPositive
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)
NO_MONEY = ["mx_financial_agency", "mx_commercial"]


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def debtor(session, collector):
    client = make_client(session, overdue_cents=9_000_000)
    make_zone(session, [client], collector)
    return client


def pay(session, collector, debtor, cents, method=PaymentMethod.CASH):
    fact = payment_fact(debtor, amount_cents=cents, method=method)
    return record_payment(session, actor_of(collector), fact, zone=ZONE)


def later(minutes: int):
    return clock.frozen(clock.now() + timedelta(minutes=minutes))


@given(st.dictionaries(st.sampled_from(DENOMINATIONS), st.integers(0, 500)))
def test_notes_are_worth_what_they_say(counts):
    assert counted_cents(counts) == sum(one * n for one, n in counts.items())


@pytest.mark.parametrize("counts", [{100: -1}, {300: 1}])
def test_a_count_that_can_not_be_is_refused(counts):
    with pytest.raises(BadCount):
        counted_cents(counts)


@pytest.mark.parametrize(
    ("cents", "level"),
    [
        (WARN_FROM_CENTS - 1, CashLevel.FINE),
        (WARN_FROM_CENTS, CashLevel.DEPOSIT_SOON),
        (CAP_CENTS - 1, CashLevel.DEPOSIT_SOON),
        (CAP_CENTS, CashLevel.OVER_CAP),
    ],
)
def test_the_cap_warns_just_at_its_limits(cents, level):
    assert cash_level(cents) is level


def test_only_live_cash_is_carried_with_float_and_without_deposits(session, collector, debtor):
    me = actor_of(collector)
    services.open_cash_session(session, me, 20_000, today=TODAY)
    pay(session, collector, debtor, 50_000)
    pay(session, collector, debtor, 70_000, PaymentMethod.TRANSFER)
    mistaken = pay(session, collector, debtor, 90_000)
    annul_payment(
        session, actor_of(make_user(session, Role.ADMIN)), mistaken.id, "error", zone=ZONE
    )
    services.deposit(session, me, 30_000, "ficha 17")

    carried = queries.open_cash(session, collector.id)

    assert (carried.received_cents, carried.expected_cents) == (50_000, 40_000)


def test_no_cash_falls_between_two_sessions(session, collector, debtor):
    me, received = actor_of(collector), 0
    for cents in (1_000, 2_000, 3_000):
        with later(received // 100):
            services.open_cash_session(session, me, 0, today=TODAY)
        with later(received // 100 + 1):
            pay(session, collector, debtor, cents)
        with later(received // 100 + 2):
            services.close_cash_session(session, me, {}, "lo guardó la oficina")
        with later(received // 100 + 3):
            pay(session, collector, debtor, cents)  # nothing is open
        received += 2 * cents

    counted = sum(one.expected_cents for one in session.query(CashSession))
    left = queries.received_since_count(session, collector.id)["MXN"]
    assert counted + left == received == 12_000


def test_a_count_that_differs_needs_words_and_is_kept(session, collector, debtor):
    me = actor_of(collector)
    services.open_cash_session(session, me, 10_000, today=TODAY)
    with pytest.raises(DifferenceUnexplained) as caught:
        services.close_cash_session(session, me, {5_000: 1}, " ")
    assert caught.value.facts["difference_pesos"] == "-$50.00"

    closed = services.close_cash_session(session, me, {5_000: 1}, "di cambio de más")

    assert (closed.counted_cents, closed.expected_cents) == (5_000, 10_000)
    assert closed.counts == [[5_000, 1]]


def test_a_count_that_is_right_needs_none(session, collector):
    services.open_cash_session(session, actor_of(collector), 10_000, today=TODAY)

    assert services.close_cash_session(session, actor_of(collector), {10_000: 1}, "").closed_at


def test_one_session_at_a_time_and_nothing_without_one(session, collector):
    me = actor_of(collector)
    with pytest.raises(NoSession):
        services.deposit(session, me, 100, "ficha")
    with pytest.raises(NoSession):
        services.close_cash_session(session, me, {}, "")
    services.open_cash_session(session, me, 0, today=TODAY)
    with pytest.raises(SessionOpen):
        services.open_cash_session(session, me, 0, today=TODAY)
    with pytest.raises(AmountNotPositive):
        services.deposit(session, me, 0, "ficha")
    with pytest.raises(InvalidInput):
        services.deposit(session, me, 100, " ")


def test_another_person_confirms_once(session, collector):
    me, supervisor = actor_of(collector), actor_of(make_user(session, Role.SUPERVISOR))
    services.open_cash_session(session, me, 10_000, today=TODAY)
    counted = services.close_cash_session(session, me, {10_000: 1}, "")

    with pytest.raises(NotAllowed):
        services.confirm_count(session, me, counted.id, 10_000)
    collector.role = Role.SUPERVISOR  # promoted since: still the one who counted
    with pytest.raises(OwnCount):
        services.confirm_count(session, actor_of(collector), counted.id, 10_000)
    for _twice in range(2):
        services.confirm_count(session, supervisor, counted.id, 9_900)
    with pytest.raises(NotFound):
        services.confirm_count(session, supervisor, counted.id, 10_000)

    [row] = queries.counts(session)
    assert (row.counted_cents, row.confirmed_cents) == (10_000, 9_900)


def test_the_day_of_a_collector_in_pages(session, client_as, collector):
    phone, desk = client_as(collector), client_as(Role.SUPERVISOR)

    assert "Abrir caja" in phone.get("/caja").text
    page = phone.post("/caja/abrir", data={"float_amount": "100"}, follow_redirects=True).text
    assert "$100.00" in page
    slip = {"deposit_amount": "40", "reference": "ficha 17"}
    assert "$60.00" in phone.post("/caja/deposito", data=slip, follow_redirects=True).text
    for amount, status, why in (
        ("0", 422, "mayor que cero"),
        ("", 422, "mayor que cero"),
        ("41", 409, "ya está anotada con $40.00"),
        ("40", 303, ""),  # the same slip again is the same deposit
    ):
        again = phone.post("/caja/deposito", data=slip | {"deposit_amount": amount})
        assert (again.status_code, why in again.text) == (status, True), amount
    assert "$60.00" in phone.get("/caja").text
    wrong = phone.post("/caja/cerrar", data={"n5000": "1"})
    assert (wrong.status_code, "-$10.00" in wrong.text) == (422, True)
    closed = phone.post("/caja/cerrar", data={"n5000": "1", "n1000": "1"}, follow_redirects=True)
    assert "otra persona la confirma" in closed.text

    [row] = queries.counts(session)
    assert "Cuadra" in desk.get("/caja/cierres").text
    address = f"/caja/cierres/{row.id}/confirmar"
    assert desk.post(address, data={"confirmed": "sesenta"}).status_code == 422
    assert desk.post(address, data={"confirmed": ""}).status_code == 422
    page = desk.post(address, data={"confirmed": "59"}, follow_redirects=True).text
    assert "Contó distinto" in page


@pytest.mark.parametrize("typed", ["-5", "100,000,000.00", "99999999999999999999", "abc", "1e5"])
def test_an_amount_that_can_not_be_is_refused_at_its_field(client_as, session, collector, typed):
    session.commit()
    browser = client_as(collector)

    refused = browser.post("/caja/abrir", data={"float_amount": typed})

    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    assert session.query(CashSession).count() == 0


def test_the_largest_amount_and_none_at_all_are_taken(client_as, session, collector):
    session.commit()
    client_as(collector).post("/caja/abrir", data={"float_amount": "99,999,999.99"})

    assert session.query(CashSession).one().float_cents == MOST_CENTS


def test_the_same_slip_twice_is_one_deposit_and_another_slip_is_another(session, collector):
    actor = actor_of(collector)
    services.open_cash_session(session, actor, 100_000, today=TODAY)
    session.flush()

    for reference in ("F-1", " F-1 ", "F-2"):
        services.deposit(session, actor, 30_000, reference)
        session.flush()

    assert queries.open_cash(session, collector.id).expected_cents == 40_000


@pytest.mark.parametrize(("field", "longest"), [("reference", 60), ("explanation", 240)])
def test_words_that_are_too_long_are_refused_before_the_database_does(
    client_as, session, collector, field, longest
):
    services.open_cash_session(session, actor_of(collector), 100_000, today=TODAY)
    session.commit()
    browser, path = client_as(collector), "deposito" if field == "reference" else "cerrar"

    def send(words: str) -> int:
        data = {"deposit_amount": "10", "n100000": "0", field: words}
        return browser.post(f"/caja/{path}", data=data).status_code

    assert send("x" * (longest + 1)) == 422
    assert send("x" * longest) == 303


@pytest.mark.parametrize(("counted", "told"), [(9, "-$100.00"), (11, "$100.00")])
def test_the_difference_is_told_with_its_sign_before_the_mark(
    client_as, session, collector, counted, told
):
    services.open_cash_session(session, actor_of(collector), 100_000, today=TODAY)
    session.commit()

    page = client_as(collector).post("/caja/cerrar", data={"n10000": counted}).text

    assert f"No cuadra por {told}." in page


def choose(session, profile_id, day) -> None:
    choose_profile(session, Actor.system("test"), profile_id, day, "prueba", today=day)
    session.flush()


@pytest.mark.parametrize("profile_id", NO_MONEY)
def test_where_nobody_may_take_money_nothing_is_opened_to_take_it(session, collector, profile_id):
    choose(session, profile_id, TODAY)

    for float_cents in (0, 10_000):
        with pytest.raises(MoneyForbidden) as caught:
            services.open_cash_session(session, actor_of(collector), float_cents, today=TODAY)
        assert caught.value.facts["article"]
    assert session.query(CashSession).count() == 0


def test_the_day_before_such_a_law_a_session_is_opened_still(session, collector):
    choose(session, "mx_financial_agency", TODAY)
    before = TODAY - timedelta(days=1)

    assert services.open_cash_session(session, actor_of(collector), 10_000, today=before)


def test_money_held_from_before_such_a_law_is_deposited_and_counted(session, collector, debtor):
    me = actor_of(collector)
    services.open_cash_session(session, me, 10_000, today=TODAY)
    pay(session, collector, debtor, 50_000)
    choose(session, "mx_financial_agency", TODAY)

    services.deposit(session, me, 40_000, "ficha 17")
    closed = services.close_cash_session(session, me, {20_000: 1}, "")

    assert (closed.expected_cents, closed.counted_cents) == (20_000, 20_000)
    with later(1), pytest.raises(MoneyForbidden):
        services.open_cash_session(session, me, 0, today=TODAY)


def test_money_taken_against_such_a_law_is_counted_without_a_float(session, collector, debtor):
    me = actor_of(collector)
    choose(session, "mx_financial_agency", TODAY)
    pay(session, collector, debtor, 70_000, PaymentMethod.TRANSFER)
    with pytest.raises(MoneyForbidden):
        services.open_cash_session(session, me, 0, today=TODAY)
    pay(session, collector, debtor, 50_000)  # a fact is never refused
    with pytest.raises(MoneyForbidden):
        services.open_cash_session(session, me, 1, today=TODAY)

    services.open_cash_session(session, me, 0, today=TODAY)

    assert queries.open_cash(session, collector.id).expected_cents == 50_000


def test_the_page_says_which_law_forbids_and_offers_only_what_it_lets(
    client_as, session, collector, debtor
):
    choose(session, "mx_financial_agency", clock.today(ZONE))
    session.commit()
    phone = client_as(collector)

    page = phone.get("/caja").text
    assert "El gestor no puede recibir dinero (" in page
    assert "Abrir caja" not in page
    assert 'name="float_amount"' not in page
    refused = phone.post("/caja/abrir", data={"float_amount": "100"}, follow_redirects=True).text
    assert "no se abre una caja para recibirlo" in refused

    pay(session, collector, debtor, 50_000)
    session.commit()
    assert "Entregar lo que traes" in phone.get("/caja").text
    opened = phone.post("/caja/abrir", data={"float_amount": "0"}, follow_redirects=True).text
    assert "Contar y entregar" in opened
    assert "$500.00" in opened


def test_dollars_are_handed_over_beside_the_pesos_that_are_counted(
    session, client_as, collector, debtor
):
    other = make_client(session)
    make_zone(session, [other], collector)
    session.execute(update(Credit).where(Credit.client_id == other.id).values(currency="USD"))
    me = actor_of(collector)
    services.open_cash_session(session, me, 0, today=TODAY)
    pay(session, collector, debtor, 5_000)
    pay(session, collector, other, 7_000)
    carried = queries.open_cash(session, collector.id)
    assert (carried.expected_cents, carried.others) == (5_000, {"USD": 7_000})
    session.commit()
    assert "otra moneda: USD70.00" in client_as(collector).get("/caja").text

    with later(1):
        services.close_cash_session(session, me, {5_000: 1}, "")
    with later(2):
        pay(session, collector, other, 100)
        services.open_cash_session(session, me, 0, today=TODAY)
    with later(3):
        services.close_cash_session(session, me, {}, "")

    newest, oldest = queries.counts(session)
    assert (oldest.others, newest.others) == ({"USD": 7_000}, {"USD": 100})
    session.commit()
    assert "y aparte USD70.00" in client_as(Role.SUPERVISOR).get("/caja/cierres").text
