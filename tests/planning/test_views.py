"""The pages of plans: what dispatchers, supervisors and admins see and may do."""

from dataclasses import replace
from datetime import timedelta

import pytest

from collector_app.compliance.creditor_choices import choose_creditor_profile
from collector_app.compliance.services import ban_contact, choose_profile
from collector_app.core import clock, jobs
from collector_app.core.actor import Actor, Role
from collector_app.jobs.services import give_sign
from collector_app.planning import queries, services
from collector_app.planning.rules import SkipCause
from collector_app.planning.services import NewSkipped
from collector_app.planning.views import MANY_ROUTES
from collector_app.portfolio.queries import client_cards
from tests.compliance.factories import give_credits, make_creditor
from tests.factories import make_client, make_user
from tests.planning.factories import TUESDAY, ZONE, make_workday, make_zone, new_plan

SYSTEM = Actor.system("test")
OFFICE = (Role.SUPERVISOR, Role.DISPATCHER)
CHANCES = {"code": "chances", "contact": 0.5, "source": "assumption", "sample": 0}


@pytest.fixture
def collector(session):
    return make_user(session, full_name="Ana Gestora")


@pytest.fixture
def client(session):
    return make_client(session, name="<b>Rosa</b> Pérez")


@pytest.fixture
def plan_id(session, collector, client):
    """A plan with one stop and three clients left out."""
    others = [make_client(session) for _ in range(3)]
    causes = (SkipCause.NO_ZONE, SkipCause.NO_ZONE, SkipCause.NO_TIME_LEFT)
    skipped = tuple(
        NewSkipped(one.id, None, cause, {"prize": 2_000})
        for one, cause in zip(others, causes, strict=True)
    )
    stored = services.store_plan(session, SYSTEM, new_plan(collector, [client], skipped=skipped))
    session.commit()
    return stored


def test_a_day_without_plans_says_where_to_begin(client_as):
    page = client_as(Role.DISPATCHER).get("/planes").text

    assert "Aún no hay planes para este día" in page
    assert "Ningún gestor tiene jornada todavía" in page


@pytest.mark.parametrize(
    ("silent", "is_told"), [(timedelta(minutes=61), True), (timedelta(0), False)]
)
def test_a_day_to_plan_tells_before_anybody_asks_that_no_worker_is_alive(
    client_as, session, silent, is_told
):
    give_sign(session, "casa", "1", clock.now() - silent)
    session.commit()

    page = client_as(Role.DISPATCHER).get("/planes").text

    assert ("No hay trabajador en marcha desde el" in page) is is_told
    assert ("flask --app wsgi worker" in page) is is_told


def test_a_day_without_owned_zones_says_so(client_as, session, collector):
    make_workday(session, collector)

    page = client_as(Role.DISPATCHER).get("/planes").text

    assert "Ese día ninguna zona tiene gestor" in page


@pytest.mark.parametrize(("starts_s", "is_told"), [(10 * 3600, True), (10 * 3600 + 1, False)])
def test_a_day_that_has_begun_is_told(client_as, session, collector, starts_s, is_told):
    make_workday(session, collector, starts_s=starts_s)  # and it is ten o'clock

    page = client_as(Role.DISPATCHER).get("/planes").text

    assert ("La jornada de hoy ya empezó" in page) == is_told


def test_a_day_that_the_law_forbids_is_told(client_as):
    page = client_as(Role.SUPERVISOR).get("/planes?dia=2026-03-15").text

    assert "No se permite contactar en domingo" in page


def test_a_day_that_is_no_day_is_today(client_as):
    assert 'value="2026-03-10"' in client_as(Role.SUPERVISOR).get("/planes?dia=mañana").text


def test_asking_for_a_plan_leads_to_its_progress(client_as, session, collector, client):
    make_workday(session, collector)
    make_zone(session, collector, [client])

    answer = client_as(Role.DISPATCHER).post("/planes", data={"day": "2026-03-10", "seconds": "5"})

    assert answer.status_code == 303
    job_id = answer.location.rpartition("/")[2]
    status = jobs.status(job_id)
    assert status.arguments["seconds"] == 5
    assert status.arguments["title"] == "Plan del mar 10 mar"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"day": "2026-03-09", "seconds": "5"}, "Elige hoy o uno de los próximos 60 días."),
        ({"day": "", "seconds": "5"}, "Elige el día."),
        ({"day": "2026-03-10", "seconds": "5"}, "Ningún gestor tiene jornada."),
    ],
)
def test_a_plan_that_can_not_be_made_says_why(client_as, form, words):
    answer = client_as(Role.DISPATCHER).post("/planes", data=form)

    assert answer.status_code == 422
    assert words in answer.text


def test_a_supervisor_does_not_ask_for_plans(client_as):
    supervisor = client_as(Role.SUPERVISOR)

    assert "Hacer un plan" not in supervisor.get("/planes").text
    assert supervisor.post("/planes", data={"day": "2026-03-10"}).status_code == 403


def test_a_plan_shows_its_stops_figures_and_reasons(client_as, plan_id):
    page = client_as(Role.SUPERVISOR).get(f"/planes/{plan_id}").text

    assert "Ana Gestora" in page
    assert "&lt;b&gt;Rosa&lt;/b&gt; Pérez" in page
    assert "Debe $1,500.00, 40 días de atraso" in page
    assert "Queda de paso: 4 min de desvío" in page
    assert "Tiempos aproximados" in page
    assert "0 de 1 paradas fuera de la ley (perfil México, crédito financiero (prudente))" in page


def test_each_stop_tells_what_it_costs_and_its_prize_in_parts(
    client_as, session, collector, client
):
    new = new_plan(collector, [client])
    parts = {"overdue": 30_000, "long_silence": 1_500}
    scored = {**CHANCES, "worth_cents": 31_500, "parts": parts}
    stop = replace(new.routes[0].stops[0], reasons=[scored])
    new = replace(new, routes=(replace(new.routes[0], stops=(stop,)),))
    plan_id = services.store_plan(session, SYSTEM, new)

    page = client_as(Role.SUPERVISOR).get(f"/planes/{plan_id}").text

    assert "4 min de desvío<br>10 min de visita" in page
    assert "Por lo vencido" in page
    assert "$15.00" in page  # for the time without a contact
    assert "$315.00" in page


@pytest.mark.parametrize(("law", "is_told"), [("mx_financial_strict", False), ("pe", True)])
def test_a_plan_says_when_another_law_was_chosen_since(
    client_as, session, collector, client, law, is_told
):
    plan_id = services.store_plan(session, SYSTEM, new_plan(collector, [client]))
    choose_profile(session, SYSTEM, law, TUESDAY, "cartera nueva", today=TUESDAY)
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/planes/{plan_id}").text

    assert ("Para ese día se eligió otra ley" in page) is is_told


CREDITOR_CHANGED = "La ley de algún acreedor cambió desde que se hizo este plan"


def test_a_plan_says_when_the_law_of_a_creditor_changed_though_no_stop_breaks_it(
    client_as, session, collector, client
):
    bank = make_creditor(session, None, "Banco Austral")
    give_credits(session, client, bank)
    plan_id = services.store_plan(session, SYSTEM, new_plan(collector, [client]))
    session.commit()
    desk = client_as(Role.SUPERVISOR)
    assert CREDITOR_CHANGED not in desk.get(f"/planes/{plan_id}").text

    choose_creditor_profile(session, SYSTEM, bank.id, "ec", TUESDAY, "crédito", today=TUESDAY)
    session.commit()

    page = desk.get(f"/planes/{plan_id}").text
    assert "0 de 1 paradas fuera de la ley" in page
    assert CREDITOR_CHANGED in page
    assert "Banco Austral: ahora Ecuador, para 1 cliente del plan" in page


@pytest.mark.parametrize(
    ("law", "from_on", "is_told"),
    [
        ("ec", TUESDAY, True),
        ("ec", TUESDAY + timedelta(days=1), False),  # for days after that of the plan
        (None, TUESDAY, False),
        ("mx_financial_strict", TUESDAY, False),  # that of the house
    ],
)
def test_only_a_law_that_holds_on_the_day_of_the_plan_and_is_another_is_told(
    session, collector, client, law, from_on, is_told
):
    bank = make_creditor(session, None)
    give_credits(session, client, bank)
    plan_id = services.store_plan(session, SYSTEM, new_plan(collector, [client]))
    choose_creditor_profile(session, SYSTEM, bank.id, law, from_on, "x", today=TUESDAY)
    session.flush()

    assert bool(queries.changed_creditors(session, plan_id, ZONE)) is is_told


def test_a_creditor_told_of_a_credit_since_changes_its_law_and_one_that_lost_its_law_too(
    session, collector, client
):
    bank, shop = make_creditor(session, "ec", "Banco"), make_creditor(session, "pe", "Tiendas")
    give_credits(session, client, shop)
    plan_id = services.store_plan(session, SYSTEM, new_plan(collector, [client]))
    assert queries.changed_creditors(session, plan_id, ZONE) == []

    give_credits(session, client, bank, told_at=clock.now())

    told = [(one.name, one.law) for one in queries.changed_creditors(session, plan_id, ZONE)]
    assert told == [("Banco", "Ecuador"), ("Tiendas", None)]


def test_a_plan_says_what_was_proved_of_it(client_as, session, collector, client):
    new = new_plan(collector, [client])
    bounds = {str(collector.id): {"upper_cents": 100_000, "made_cents": 98_800, "relaxed": []}}
    new = replace(new, parameters={**new.parameters, "bounds": bounds})
    plan_id = services.store_plan(session, SYSTEM, new)

    page = client_as(Role.SUPERVISOR).get(f"/planes/{plan_id}").text

    assert "este plan queda a lo más 1.2 % por debajo del mejor posible" in page
    assert "a lo más 1.2 % bajo lo mejor" in page


def test_asking_for_a_proof_gives_each_route_a_minute(client_as, session, collector, client):
    make_workday(session, collector)
    make_zone(session, collector, [client])
    form = {"day": "2026-03-10", "seconds": "5", "proof": "y"}

    answer = client_as(Role.DISPATCHER).post("/planes", data=form)

    job_id = answer.location.rpartition("/")[2]
    assert jobs.status(job_id).arguments["proof_seconds"] == 60


def test_who_was_left_out_is_told_what_would_bring_them_in(client_as, plan_id):
    pages = {role: client_as(role).get(f"/planes/{plan_id}").text for role in OFFICE}

    for page in pages.values():
        assert "Dale una zona" in page
    assert '<a href="/zonas">Dale una zona</a>' in pages[Role.DISPATCHER]
    assert '<a href="/zonas">Dale una zona</a>' not in pages[Role.SUPERVISOR]  # does not plan


def test_a_stop_that_became_illegal_is_shown_and_not_published(client_as, session, plan_id, client):
    ban_contact(session, SYSTEM, client.id, "queja en CONDUSEF", TUESDAY)
    dispatcher = client_as(Role.DISPATCHER)

    page = dispatcher.get(f"/planes/{plan_id}").text
    assert "1 de 1 paradas fuera de la ley" in page
    assert "No se le debe contactar: queja en CONDUSEF" in page

    refused = dispatcher.post(
        f"/planes/{plan_id}/publicar", data={"version": 0}, follow_redirects=True
    )
    assert "Vuelve a planear el día" in refused.text
    assert queries.published_plan(session, TUESDAY) is None


def test_those_left_out_are_listed_by_cause(client_as, plan_id):
    supervisor = client_as(Role.SUPERVISOR)

    everybody = supervisor.get(f"/planes/{plan_id}").text
    no_zone = supervisor.get(f"/planes/{plan_id}?causa=no_zone").text

    assert "Sin zona (2)" in everybody
    assert "de esta se esperan $20.00" in everybody
    assert "de esta se esperan $20.00" not in no_zone


def test_a_supervisor_publishes_and_withdraws(client_as, session, plan_id):
    supervisor = client_as(Role.SUPERVISOR)

    published = supervisor.post(
        f"/planes/{plan_id}/publicar", data={"version": 0}, follow_redirects=True
    )
    assert "los gestores ya ven su ruta" in published.text
    assert queries.published_plan(session, TUESDAY).id == plan_id

    withdrawn = supervisor.post(f"/planes/{plan_id}/retirar", follow_redirects=True)
    assert "Retirado" in withdrawn.text
    session.rollback()
    assert queries.published_plan(session, TUESDAY) is None


def test_who_withdraws_a_plan_that_was_replaced_is_told_that_nothing_was_withdrawn(
    client_as, session, plan_id, collector, client
):
    supervisor = client_as(Role.SUPERVISOR)
    supervisor.post(f"/planes/{plan_id}/publicar", data={"version": 0})
    newer = services.store_plan(session, SYSTEM, new_plan(collector, [client]))
    services.publish(session, SYSTEM, newer, today=TUESDAY, zone=ZONE)
    session.commit()

    told = supervisor.post(f"/planes/{plan_id}/retirar", follow_redirects=True).text

    assert f"No se retiró nada: los gestores ya no veían este plan, sino el {newer}" in told
    assert "Retirado: los gestores" not in told
    session.expire_all()
    assert queries.published_plan(session, TUESDAY).id == newer


def test_a_plan_of_another_day_is_found_on_its_day(client_as, session, collector, client):
    tomorrow = TUESDAY + timedelta(days=1)
    plan_id = services.store_plan(session, SYSTEM, new_plan(collector, [client], day=tomorrow))
    supervisor = client_as(Role.SUPERVISOR)

    assert f"/planes/{plan_id}" not in supervisor.get("/planes").text
    assert f"/planes/{plan_id}" in supervisor.get(f"/planes?dia={tomorrow}").text


def test_an_empty_plan_says_that_it_has_no_stops(client_as, session, collector, client):
    skipped = (NewSkipped(client.id, None, SkipCause.NO_ZONE, {}),)
    plan_id = services.store_plan(session, SYSTEM, new_plan(collector, [], skipped=skipped))

    page = client_as(Role.DISPATCHER).get(f"/planes/{plan_id}").text

    assert "Este plan no tiene paradas" in page
    assert "Publicar" not in page


def test_an_unknown_plan_is_not_found(client_as):
    assert client_as(Role.DISPATCHER).get("/planes/999999").status_code == 404


# -- working hours


def test_working_hours_are_filled_in_and_shown_again(client_as, session, collector):
    dispatcher = client_as(Role.DISPATCHER)
    assert "Sin jornada" in dispatcher.get("/planes/jornadas").text
    form = {
        "vehicle": "foot",
        "starts": "09:30",
        "ends": "17:00",
        "start_point": "-29.9027, -71.2519",
        "end_point": "",
        "max_stops": "",
        "weekdays": [0, 1, 2],
    }

    page = dispatcher.post(f"/planes/jornadas/{collector.id}", data=form, follow_redirects=True)

    assert "09:30–17:00" in page.text
    assert "lunes, martes, miércoles" in page.text
    (row,) = queries.workdays(session)
    assert (row.end_lat, row.end_lon, row.max_stops) == (-29.9027, -71.2519, None)
    again = dispatcher.get(f"/planes/jornadas/{collector.id}").text
    assert 'value="09:30"' in again
    assert 'value="-29.9027, -71.2519"' in again


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("start_point", "La Serena", "Escribe latitud y longitud con una coma en medio"),
        ("start_point", "-71.2519, -290", "La latitud va de -90 a 90"),
        ("ends", "09:00", "La hora de salida debe ser después de la de entrada."),
        ("max_stops", "0", "Entre 1 y 200, o vacío."),
        ("starts", "", "Escribe la hora."),
        ("weekdays", [], "Elige al menos un día."),
    ],
)
def test_working_hours_that_can_not_be_are_told_at_their_field(
    client_as, collector, field, value, words
):
    form = {
        "vehicle": "car",
        "starts": "09:30",
        "ends": "17:00",
        "start_point": "-29.9027, -71.2519",
        "weekdays": [0],
        field: value,
    }

    answer = client_as(Role.DISPATCHER).post(f"/planes/jornadas/{collector.id}", data=form)

    assert answer.status_code == 422
    assert words in answer.text


def test_only_collectors_have_working_hours(client_as, session):
    admin = make_user(session, Role.ADMIN)

    assert client_as(admin).get(f"/planes/jornadas/{admin.id}").status_code == 404


def test_the_aims_stand_with_their_weights_and_a_strange_one_is_refused(session, client_as):
    make_workday(session, make_user(session))
    client = client_as(Role.DISPATCHER)

    page = client.get("/planes").text
    assert "Más dinero: el trayecto pesa 50 %" in page
    assert "Jornadas más parejas: cada hora de más sobre el promedio pesa 200 %" in page
    assert "iguala las horas de los gestores" in page

    wrong = client.post("/planes", data={"day": "2026-03-11", "seconds": 5, "aim": "fastest"})
    assert wrong.status_code == 422


def test_a_weight_typed_by_hand_takes_the_place_of_that_of_the_aim(session, client_as):
    make_workday(session, make_user(session))
    session.commit()
    data = {"day": clock.today(ZONE).isoformat(), "seconds": 5, "aim": "fair", "travel_percent": 0}

    answer = client_as(Role.DISPATCHER).post("/planes", data=data)

    asked = jobs.status(answer.location.rpartition("/")[2]).arguments
    assert asked["aim"] == "fair"
    assert asked["aim_weights"] == {"travel_percent": 0, "unfairness_percent": 200}


@pytest.mark.parametrize("percent", ["-1", "1001", "mucho"])
def test_a_weight_beyond_its_range_is_refused_beside_its_field(session, client_as, percent):
    make_workday(session, make_user(session))
    data = {"day": "2026-03-11", "seconds": 5, "aim": "fair", "unfairness_percent": percent}

    answer = client_as(Role.DISPATCHER).post("/planes", data=data)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


# -- many routes on a page


@pytest.fixture
def large_plan_id(session):
    """A plan with a route more than a page shows whole."""
    routes = []
    for _ in range(MANY_ROUTES + 1):
        collector, client = make_user(session, role=Role.COLLECTOR), make_client(session)
        make_workday(session, collector)
        make_zone(session, collector, [client])
        routes.append(new_plan(collector, [client]).routes[0])
    whole = replace(new_plan(collector, []), routes=tuple(routes))
    stored = services.store_plan(session, SYSTEM, whole)
    session.commit()
    return stored


def test_a_plan_of_many_routes_lists_them_without_their_stops(client_as, session, large_plan_id):
    page = client_as(Role.DISPATCHER).get(f"/planes/{large_plan_id}").text
    routes = queries.routes_of_plan(session, large_plan_id)
    names = client_cards(session, [route.stops[0].client_id for route in routes])
    assert all(route.collector_name in page for route in routes)
    assert not any(card.name in page for card in names.values())


def test_the_stops_of_the_chosen_collector_are_shown(client_as, session, large_plan_id):
    chosen, other = queries.routes_of_plan(session, large_plan_id)[:2]
    cards = client_cards(session, [chosen.stops[0].client_id, other.stops[0].client_id])
    page = (
        client_as(Role.DISPATCHER).get(f"/planes/{large_plan_id}?gestor={chosen.collector_id}").text
    )
    assert cards[chosen.stops[0].client_id].name in page
    assert cards[other.stops[0].client_id].name not in page


def test_a_page_of_a_plan_sends_the_same_statements_whatever_the_routes(
    client_as, session, plan_id, large_plan_id, statements
):
    person = client_as(Role.DISPATCHER)
    counts = []
    for one in (plan_id, large_plan_id):
        statements.clear()
        person.get(f"/planes/{one}")
        counts.append(len(statements))
    assert counts[1] <= counts[0]
