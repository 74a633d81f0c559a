"""The pages of indicators, their targets and their downloads."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.figures.keeping import register_kept
from collector_app.indicators.definitions import manual_page
from collector_app.indicators.rules import CATALOGUE, Dimension, Indicator
from tests.factories import make_client, make_user, owes_in
from tests.payments.factories import make_payment
from tests.visits.factories import make_visit

MANUAL = Path(__file__).parents[2] / "docs" / "manual" / "indicadores.md"


@pytest.fixture
def ana(session, stopped_clock):
    collector, client = make_user(session, full_name="Ana Rojas"), make_client(session)
    for days in range(3):
        at = clock.now() - timedelta(days=days)
        make_visit(session, client, collector, started_at=at, ended_at=at, received_at=at)
    return collector


def test_the_overview_shows_every_indicator(client_as, ana):
    page = client_as(Role.SUPERVISOR).get("/indicadores").text

    assert all(f"/indicadores/{one.value}?" in page for one in Indicator)
    assert "100.0 %" in page
    assert "Pocos casos" in page


def test_without_any_visit_the_page_says_what_is_missing(client_as, session, stopped_clock):
    page = client_as(Role.SUPERVISOR).get("/indicadores").text

    assert "Sin visitas hechas en el periodo." in page


def test_an_indicator_shows_its_formula_and_its_groups(client_as, ana):
    page = client_as(Role.DISPATCHER).get("/indicadores/contact_rate").text

    assert "Ana Rojas" in page
    assert "visitas hechas" in page
    assert "Intervalo de 95 %" in page


@pytest.mark.parametrize("asked", [-1, 1, 2, 9, 10**30])
def test_a_page_beyond_the_last_row_is_the_last_page(client_as, session, ana, asked):
    for _more in range(60):
        make_visit(session, make_client(session), ana, started_at=clock.now(), ended_at=clock.now())

    page = client_as(Role.ADMIN).get(f"/indicadores/contact_rate/filas?page={asked}").text

    assert "63 filas" in page
    assert page.count('<th scope="row">') == (50 if asked < 2 else 13)


@pytest.mark.parametrize("by", list(Dimension))
@pytest.mark.parametrize("indicator", [one.value for one in Indicator])
def test_every_indicator_opens_split_by_anything(client_as, ana, indicator, by):
    desk = client_as(Role.ADMIN)

    assert desk.get(f"/indicadores/{indicator}?por={by}").status_code == 200
    assert desk.get(f"/indicadores/{indicator}/filas?por={by}").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["desde=ayer", "desde=2026-03-09&hasta=2026-03-01", "desde=2030-01-01", "desde=0001-01-01"],
)
def test_a_period_that_cannot_be_falls_back_and_says_so(client_as, ana, query):
    answer = client_as(Role.SUPERVISOR).get(f"/indicadores?{query}")

    assert answer.status_code == 200
    assert "No se pudo usar ese periodo" in answer.text


@pytest.mark.parametrize(
    "page", ["", "/contact_rate", "/contact_rate/filas", "/cure_rate/filas.csv"]
)
def test_days_of_the_year_one_are_no_period(client_as, ana, page):
    asked = "desde=0001-01-01&hasta=0001-01-05"

    assert client_as(Role.SUPERVISOR).get(f"/indicadores{page}?{asked}").status_code == 200


@pytest.mark.parametrize("by", list(Dimension))
@pytest.mark.parametrize("page", ["contact_rate/filas", "cure_rate/filas.csv"])
def test_a_group_with_a_number_that_none_can_have_is_not_there(client_as, ana, page, by):
    asked = f"por={by}&grupo={10**20}"

    assert client_as(Role.SUPERVISOR).get(f"/indicadores/{page}?{asked}").status_code == 404


def test_an_unknown_indicator_is_not_found(client_as, session):
    assert client_as(Role.SUPERVISOR).get("/indicadores/felicidad").status_code == 404


def test_a_supervisor_sets_a_target_and_sees_whether_it_is_met(client_as, ana):
    desk = client_as(Role.SUPERVISOR)

    answer = desk.post("/indicadores/contact_rate/meta", data={"target": "62.5"})

    assert answer.status_code == 303
    assert "Al menos 62.5 %" in desk.get("/indicadores/contact_rate").text
    assert "Meta 62.5 %" in desk.get("/indicadores").text


@pytest.mark.parametrize("typed", ["4,5", "4.5", " 4.50 "])
def test_a_comma_stands_before_decimals_as_a_point_does(client_as, ana, typed):
    desk = client_as(Role.SUPERVISOR)

    desk.post("/indicadores/contact_rate/meta", data={"target": typed})

    page = desk.get("/indicadores/contact_rate").text
    assert "Al menos 4.5 %" in page
    assert re.search(r'name="target"[^>]*value="4\.5"', page)  # sent as it is, it stays


def test_an_empty_target_ends_it(client_as, ana):
    desk = client_as(Role.SUPERVISOR)
    desk.post("/indicadores/contact_rate/meta", data={"target": "62.5"})

    desk.post("/indicadores/contact_rate/meta", data={"target": ""})

    assert "Aún no tiene meta" in desk.get("/indicadores/contact_rate").text


@pytest.mark.parametrize("target", ["150", "0", "-3", "mucho", "1,2,3"])
def test_a_target_that_cannot_be_is_refused(client_as, ana, target):
    answer = client_as(Role.ADMIN).post("/indicadores/contact_rate/meta", data={"target": target})

    assert answer.status_code == 422


def test_a_dispatcher_sets_no_targets(client_as, ana):
    desk = client_as(Role.DISPATCHER)

    assert "Guardar meta" not in desk.get("/indicadores/contact_rate").text
    assert desk.post("/indicadores/contact_rate/meta", data={"target": "5"}).status_code == 403


def test_rows_are_downloaded_without_formulas(client_as, session, ana):
    client = make_client(session, name='=HYPERLINK("http://x")')
    make_visit(session, client, ana)

    answer = client_as(Role.SUPERVISOR).get("/indicadores/contact_rate/filas.csv")

    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.data.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Cliente,Cuándo,Gestor")
    assert "'=HYPERLINK" in text


def test_a_workbook_comes_as_one(client_as, ana):
    answer = client_as(Role.SUPERVISOR).get("/indicadores/route_completion/filas.xlsx")

    assert answer.data.startswith(b"PK")


def test_the_rows_of_one_collector_leave_out_the_others(client_as, session, ana):
    bea = make_user(session, full_name="Bea Soto")
    make_visit(session, make_client(session, name="Cliente de Bea"), bea)

    page = client_as(Role.ADMIN).get(f"/indicadores/contact_rate/filas?grupo={ana.id}").text

    assert "3 filas" in page
    assert "Cliente de Bea" not in page


def test_an_indicator_is_split_by_stage_and_leads_to_the_visits_of_one(client_as, ana):
    desk = client_as(Role.SUPERVISOR)

    page = desk.get("/indicadores/contact_rate?por=stage").text
    group = re.search(r"por=stage(?:&amp;|&)grupo=(-?\d+)", page)[1]
    rows = desk.get(f"/indicadores/contact_rate/filas?por=stage&grupo={group}").text

    assert "Etapa y segmento son los de hoy" in page
    assert "3 filas" in rows


@pytest.fixture
def keeping(app):
    """An application that keeps figures, as those that people use do."""
    app.config["FIGURES_KEPT_S"] = 60
    register_kept(app)
    yield
    app.config["FIGURES_KEPT_S"] = 0
    register_kept(app)


def test_where_clients_stand_today_is_read_once_for_all_chosen_periods(
    keeping, client_as, ana, statements
):
    desk, today = client_as(Role.SUPERVISOR), clock.now().date()
    read = []
    for days in (5, 6):
        statements.clear()
        first = today - timedelta(days=days)
        page = desk.get(f"/indicadores/contact_rate?por=stage&desde={first}&hasta={today}")
        assert "Etapa y segmento son los de hoy" in page.text
        read.append(sum("FROM stage_move" in one for one in statements))

    assert read == [1, 0]


def test_the_manual_says_what_the_catalogue_says(app):
    with app.test_request_context():
        assert MANUAL.read_text("utf-8") == manual_page()
    assert len(CATALOGUE) == len(Indicator)


@pytest.fixture
def dollars(session, ana):
    """Besides Ana's client in pesos, one who owes and paid dollars, and a payment in pesos."""
    make_client(session, overdue_cents=0)
    client = make_client(session, name="Quien debe dólares", overdue_cents=100_000_000)
    owes_in(session, client, "USD")
    make_payment(session, ana, client, 12_300)
    return client


def test_what_is_owed_in_another_currency_is_told_and_not_added_up(client_as, dollars):
    desk = client_as(Role.SUPERVISOR)

    page = desk.get("/indicadores").text
    other = desk.get("/indicadores?moneda=usd").text

    assert "Las sumas de dinero son en MXN." in page
    assert "En USD debe 1 cliente USD1,000,000.00, que no entra en ellas." in page
    assert "$1,500.00" in page
    assert "USD1,000,000.00" not in re.sub(r"En USD debe.*?ellas", "", page)
    assert "USD1,000,000.00 / USD1,000,000.00" in other
    assert "En MXN debe 1 cliente $1,500.00, que no entra en ellas." in other
    assert "moneda=USD" in other  # where its indicators lead


def test_a_cartera_of_one_currency_says_nothing_of_others(client_as, ana):
    assert "Las sumas de dinero" not in client_as(Role.SUPERVISOR).get("/indicadores").text


def test_an_indicator_in_another_currency_stays_in_it(client_as, ana, dollars):
    desk = client_as(Role.SUPERVISOR)
    desk.post("/indicadores/recovered_per_visit/meta", data={"target": "500"})

    page = desk.get("/indicadores/recovered_per_visit?moneda=USD").text
    rows = desk.get("/indicadores/recovered_per_visit/filas?moneda=USD").text
    sheet = desk.get("/indicadores/recovered_per_visit/filas.csv?moneda=USD").text

    assert "USD123.00" in page
    assert "Guardar meta" not in page  # the target is of the house's currency
    assert "Aún no tiene meta" in page
    assert 'name="moneda" value="USD"' in page
    assert "USD123.00" in rows
    assert "123.0,USD," in sheet


@pytest.mark.parametrize("typed", ["EUR", "x", "<b>", ""])
def test_a_currency_that_nobody_owes_in_gives_way_to_the_houses(client_as, dollars, typed):
    page = client_as(Role.SUPERVISOR).get("/indicadores", query_string={"moneda": typed})

    assert "Las sumas de dinero son en MXN." in page.text
