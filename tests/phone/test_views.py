"""The phone's pages as a browser without scripts uses them."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from collector_app.audit.models import AuditEntry
from collector_app.compliance.rules import BanKind
from collector_app.compliance.services import ban_contact, choose_profile
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.payments.models import Payment
from collector_app.promises.models import Promise
from collector_app.visits.models import Appointment, Visit
from collector_app.visits.rules import Objection, Outcome, PersonMet
from collector_app.web.words import label
from tests.factories import make_client, make_user
from tests.payments.factories import make_invoice
from tests.phone.factories import TODAY, make_plan, make_route
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)


HOLDER_PROMISES = {
    "person_met": "holder",
    "outcome": "promised",
    "promise_choice": "other",
    "promise_amount": "500",
    "promise_day": "2026-03-13",
}
HOLDER_PAYS = {
    "person_met": "holder",
    "outcome": "paid_in_part",
    "payment_choice": "other",
    "payment_amount": "350",
    "payment_method": "cash",
}


def nobody_home(**values: str) -> dict[str, str]:
    return {"uuid": str(uuid4()), "person_met": "nobody", "outcome": "not_home"} | values


def record_url(stop) -> str:
    return f"/phone/parada/{stop.id}/registrar"


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


# --- today's list


def test_without_a_published_route_the_page_says_what_to_do(client_as):
    page = client_as(Role.COLLECTOR).get("/phone/")

    assert page.status_code == 200
    assert "Tu ruta de hoy aún no está lista" in page.text
    assert "Registrar visita" not in page.text


@pytest.mark.parametrize(
    "values",
    [{"published_at": None}, {"day": TODAY - DAY}],
    ids=["a draft", "yesterday's plan"],
)
def test_a_plan_that_is_not_in_force_today_shows_nothing(session, client_as, values):
    collector = make_user(session)
    make_route(session, collector, [make_client(session)], make_plan(session, **values))

    assert "aún no está lista" in client_as(collector).get("/phone/").text


def test_who_lost_the_route_of_today_is_told_so(session, client_as):
    collector = make_user(session)
    clients = [make_client(session), make_client(session)]
    make_route(session, collector, clients, make_plan(session, withdrawn_at=NOON))
    make_route(session, make_user(session), clients)  # shared among the others

    page = client_as(collector).get("/phone/").text

    assert "La oficina te quitó la ruta de hoy" in page
    assert "aún no está lista" not in page


def test_the_next_stop_is_on_top_with_all_that_matters(client_as, route):
    page = client_as(route.collector).get("/phone/").text

    card = page[page.index("stop-card") : page.index("Avance del día")]
    assert "Ana Rojas" in card
    assert "$1,500.00" in card
    assert "40 días de atraso" in card
    assert re.search(r"Llegada prevista: <span data-hour>10:05<", card)
    assert "1.2 km · 5 min" in card
    assert "google.com/maps/dir/?api=1&amp;destination=-29.902700%2C-71.251900" in card
    assert "waze.com/ul?ll=-29.902700,-71.251900&amp;navigate=yes" in card
    assert 'href="tel:+525512345678"' in card
    assert f'href="{record_url(route.stops[0])}"' in page


def test_who_may_not_be_contacted_is_marked_in_the_list(client_as, session, route):
    banned, other = route.stops[0].client_id, route.stops[1].client_id
    for client_id, reason in ((banned, "vive lejos"), (other, "lo pidió por carta")):
        ban_contact(session, Actor.system("test"), client_id, reason, TODAY)
    session.commit()

    page = client_as(route.collector).get("/phone/").text

    assert page.count("No visitar") == 2
    assert "No se le debe contactar: vive lejos" in page  # the next stop says why
    assert "lo pidió por carta" not in page


@pytest.mark.parametrize("kind", [one for one in BanKind if one is not BanKind.OTHER])
def test_of_a_ban_the_phone_tells_the_kind_and_what_may_be_done_and_not_the_reason(
    client_as, session, route, kind
):
    """Within the card of the next stop, which the phone takes from the page of a stop, too."""
    reason = "su hija cuenta que está en el hospital"
    ban_contact(session, Actor.system("test"), route.clients[0].id, reason, TODAY, kind=kind)
    session.commit()
    phone = client_as(route.collector)

    for page in (phone.get("/phone/").text, phone.get(f"/phone/parada/{route.stops[0].id}").text):
        card = page.partition('accent stop-card"')[2].partition("</section>")[0]
        told = card.partition("No se le debe contactar: ")[2].partition("</div>")[0]
        assert told.startswith(label(kind).lower())
        assert told.count("<p>") == 1  # what may be done
        assert "hospital" not in page


def test_messages_and_calls_go_through_the_page_that_records_them(client_as, route):
    page = client_as(route.collector).get("/phone/").text

    contact_url = f"/phone/contacto#{route.clients[0].id}"
    assert f'href="{contact_url}/message"' in page
    assert f'href="{contact_url}"' in page
    assert "wa.me" not in page


def test_after_a_visit_the_next_stop_follows(client_as, session, route):
    make_visit(session, route.clients[0], route.collector, stop_id=route.stops[0].id)

    page = client_as(route.collector).get("/phone/").text

    assert "Siguiente parada · 2 de 3" in page
    assert "1 de 3" in page


def test_a_client_visited_before_the_route_was_published_anew_is_done(client_as, session, route):
    make_visit(session, route.clients[0], route.collector, stop_id=None)

    assert "Siguiente parada · 2 de 3" in client_as(route.collector).get("/phone/").text


def test_when_all_is_done_the_page_says_so(client_as, session, route):
    for client, stop in zip(route.clients, route.stops, strict=True):
        make_visit(session, client, route.collector, stop_id=stop.id)

    page = client_as(route.collector).get("/phone/").text

    assert "Terminaste tu ruta de hoy" in page
    assert "Registrar visita" not in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", {"Beto Cortés", "Carla Díaz"}),
        ("?ver=pending", {"Beto Cortés", "Carla Díaz"}),
        ("?ver=done", {"Ana Rojas"}),
        ("?ver=all", {"Ana Rojas", "Beto Cortés", "Carla Díaz"}),
        ("?ver=nonsense", {"Beto Cortés", "Carla Díaz"}),
    ],
)
def test_the_list_shows_the_stops_that_were_asked_for(client_as, session, route, asked, shown):
    make_visit(session, route.clients[0], route.collector, stop_id=route.stops[0].id)

    page = client_as(route.collector).get(f"/phone/{asked}").text

    listed = page[page.index('<nav class="filters"') :]
    assert {one.name for one in route.clients if one.name in listed} == shown


def test_an_estimate_says_that_it_is_one(client_as, session):
    collector = make_user(session)
    make_route(session, collector, [make_client(session)], make_plan(session, is_estimate=True))

    assert "Horas y distancias aproximadas" in client_as(collector).get("/phone/").text


def test_real_streets_are_not_called_an_estimate(client_as, route):
    assert "aproximadas" not in client_as(route.collector).get("/phone/").text


def test_a_client_without_a_position_gets_a_way_by_address(client_as, session):
    collector = make_user(session)
    client = make_client(session, lat=None, lon=None, address="Balmaceda 12", phone=None)
    make_route(session, collector, [client])

    page = client_as(collector).get("/phone/").text

    assert "destination=Balmaceda+12%2C+La+Serena" in page
    assert "waze.com" not in page
    assert "tel:" not in page


def test_a_name_is_text_not_code(client_as, session):
    collector = make_user(session)
    make_route(session, collector, [make_client(session, name="<script>alert(1)</script>")])

    page = client_as(collector).get("/phone/").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("stops", [1, 40])
def test_the_list_takes_as_many_statements_for_40_stops_as_for_one(
    client_as, session, statements, stops
):
    collector = make_user(session)
    make_route(session, collector, [make_client(session) for _ in range(stops)])
    browser = client_as(collector)
    statements.clear()

    assert browser.get("/phone/?ver=all").text.count("/phone/parada/") >= stops
    assert len(statements) <= 13


# --- one stop


def test_a_stop_shows_debts_visits_promises_and_objections(client_as, session, route):
    make_visit(
        session,
        route.clients[0],
        route.collector,
        outcome=Outcome.REFUSED,
        objection=Objection.WRONG_AMOUNT,
        note="Pide su estado de cuenta",
        started_at=clock.now() - DAY,
    )
    session.add(
        Promise(
            uuid=str(uuid4()),
            client_id=route.clients[0].id,
            amount_cents=70_000,
            due_on=TODAY - 5 * DAY,
            made_at=clock.now() - 9 * DAY,
        )
    )
    browser = client_as(route.collector)

    page = browser.get(f"/phone/parada/{route.stops[0].id}").text

    assert "Se negó a pagar" in page
    assert "Me cobran de más" in page
    assert "Pide su estado de cuenta" in page
    assert "$700.00" in page
    assert "Rota" in page
    assert "Factura F-" in page


@pytest.mark.parametrize(
    ("due_on", "words"),
    [(TODAY - DAY, "venció el lun 9 mar"), (TODAY, "vence el mar 10 mar")],
)
def test_an_invoice_says_whether_its_day_has_passed(client_as, session, route, due_on, words):
    make_invoice(session, route.clients[0], 10_000, due_on)

    page = client_as(route.collector).get(f"/phone/parada/{route.stops[0].id}").text

    assert words in page


def test_a_stop_is_seen_by_its_own_collector_alone(client_as, session, route):
    stranger = client_as(make_user(session))

    assert stranger.get(f"/phone/parada/{route.stops[0].id}").status_code == 404
    assert stranger.get(record_url(route.stops[0])).status_code == 404
    assert stranger.post(record_url(route.stops[0]), data=nobody_home()).status_code == 404
    assert count(session, Visit) == 0


@pytest.mark.parametrize(
    ("values", "status"),
    [({}, 200), ({"published_at": None}, 404), ({"day": TODAY - DAY}, 404)],
    ids=["published today", "a draft", "yesterday's"],
)
def test_a_stop_is_seen_while_its_published_day_lasts(client_as, session, values, status):
    collector = make_user(session)
    stop = make_route(session, collector, [make_client(session)], make_plan(session, **values))[0]

    assert client_as(collector).get(f"/phone/parada/{stop.id}").status_code == status


# --- recording a visit


def test_a_visit_is_stored_and_the_list_says_so(client_as, session, route):
    browser = client_as(route.collector)

    answer = browser.post(
        record_url(route.stops[0]),
        data=nobody_home(
            lat="-29.9028",
            lon="-71.2518",
            accuracy_m="9",
            started_at="2026-03-10T15:58:00.000Z",
            ended_at="2026-03-10T15:59:30Z",
        ),
        follow_redirects=True,
    )

    assert "Guardado: No estaba." in answer.text
    assert "Siguiente parada · 2 de 3" in answer.text
    visit = session.scalars(select(Visit)).one()
    assert (visit.stop_id, visit.person_met) == (route.stops[0].id, PersonMet.NOBODY)
    assert (visit.lat, visit.accuracy_m, visit.no_gps_reason) == (-29.9028, 9, None)
    assert f"{visit.started_at:%H:%M:%S}" == "15:58:00"
    assert visit.received_at == clock.now()


def test_the_same_form_sent_twice_is_stored_once(client_as, session, route):
    browser, form = client_as(route.collector), nobody_home(started_at="2026-03-10T15:58:00Z")

    answers = [browser.post(record_url(route.stops[0]), data=form) for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert count(session, Visit) == 1


def test_the_same_form_with_another_answer_is_kept_for_the_office(client_as, session, route):
    browser, form = client_as(route.collector), nobody_home(started_at="2026-03-10T15:58:00Z")
    browser.post(record_url(route.stops[0]), data=form)

    answer = browser.post(record_url(route.stops[0]), data={**form, "outcome": "moved"})

    assert answer.status_code == 409
    assert "Este registro ya se había guardado con otros datos" in answer.text
    assert "Está guardado: No estaba. Ahora llegó: Se mudó." in answer.text
    session.rollback()
    conflict = session.scalars(select(AuditEntry).filter_by(event="visit.conflict")).one()
    assert conflict.facts == {"told": {"outcome": "moved"}, "stored": {"outcome": "not_home"}}
    assert session.scalars(select(Visit.outcome)).all() == [Outcome.NOT_HOME]


def test_the_same_form_with_another_sum_or_day_says_what_is_stored(client_as, session, route):
    browser, address = client_as(route.collector), record_url(route.stops[0])
    paid, promised = ({"uuid": str(uuid4())} | one for one in (HOLDER_PAYS, HOLDER_PROMISES))
    assert browser.post(address, data=paid).status_code == 303
    before = session.scalars(select(Payment.amount_cents)).all()

    answer = browser.post(address, data={**paid, "payment_amount": "1"})

    assert answer.status_code == 409
    assert "Ahora llegó: $1.00." in answer.text
    session.rollback()
    assert session.scalars(select(Payment.amount_cents)).all() == before
    assert count(session, Visit) == 1

    other = record_url(route.stops[1])
    assert browser.post(other, data=promised).status_code == 303
    answer = browser.post(other, data={**promised, "promise_amount": "2"})
    assert (answer.status_code, "Ahora llegó: $2.00." in answer.text) == (409, True)


def test_a_visit_without_scripts_says_why_it_has_no_place(client_as, session, route):
    client_as(route.collector).post(
        record_url(route.stops[0]), data=nobody_home(no_gps_reason="no_script")
    )

    visit = session.scalars(select(Visit)).one()
    assert (visit.lat, visit.no_gps_reason) == (None, "no_script")
    assert visit.started_at == visit.ended_at == clock.now()


@pytest.mark.parametrize(
    "nonsense",
    [
        {"lat": "NaN", "lon": "inf", "accuracy_m": "x"},
        {"started_at": "ayer", "ended_at": "2026-03-10T10:00:00"},
        {"started_at": "0001-01-01T00:00:00Z", "ended_at": "9999-12-31T23:59:59-11:00"},
        {"lat": "91", "lon": "500"},
    ],
)
def test_nonsense_from_the_phone_loses_no_visit(client_as, session, route, nonsense):
    answer = client_as(route.collector).post(
        record_url(route.stops[0]), data=nobody_home(**nonsense)
    )

    assert answer.status_code == 303
    assert session.scalars(select(Visit)).one().lat is None


def test_a_promise_is_stored_with_its_visit(client_as, session, route):
    answer = client_as(route.collector).post(
        record_url(route.stops[0]),
        data=nobody_home(
            person_met="holder",
            outcome="promised",
            promise_choice="other",
            promise_amount="$500",
            promise_day="2026-03-13",
        ),
        follow_redirects=True,
    )

    assert "Guardado: prometió $500.00 para el vie 13 mar." in answer.text
    promise = session.scalars(select(Promise)).one()
    assert (promise.amount_cents, promise.due_on.isoformat()) == (50_000, "2026-03-13")
    assert promise.visit_id == session.scalars(select(Visit.id)).one()


def test_a_payment_is_stored_settles_the_debt_and_is_read_back(client_as, session, route):
    browser = client_as(route.collector)
    form = nobody_home(**HOLDER_PAYS, started_at="2026-03-10T15:58:00Z")

    answers = [
        browser.post(record_url(route.stops[0]), data=form, follow_redirects=True) for _ in range(2)
    ]

    assert all("Guardado: recibiste $350.00." in one.text for one in answers)
    assert session.scalars(select(Payment.amount_cents)).all() == [35_000]
    assert 'Cobrado hoy</span><span class="number strong" id="collected">$350.00' in answers[1].text
    assert "$1,150.00" in browser.get(f"/phone/parada/{route.stops[0].id}").text


@pytest.mark.parametrize("days", [-400, 400])
def test_a_phone_with_a_wrong_clock_promises_and_pays_all_the_same(client_as, session, route, days):
    browser = client_as(route.collector)
    wrong = (clock.now() + days * DAY).isoformat()
    clocks = {"started_at": wrong, "ended_at": wrong}

    browser.post(record_url(route.stops[0]), data=nobody_home(**HOLDER_PROMISES, **clocks))
    browser.post(record_url(route.stops[1]), data=nobody_home(**HOLDER_PAYS, **clocks))

    assert session.scalars(select(Promise.made_at)).one() == clock.now()
    assert "$1,150.00" in browser.get(f"/phone/parada/{route.stops[1].id}").text
    assert "2 de 3" in browser.get("/phone/").text


def test_an_appointment_is_stored_in_local_time(client_as, session, route):
    client_as(route.collector).post(
        record_url(route.stops[0]),
        data=nobody_home(
            person_met="relative",
            outcome="appointment",
            appointment_day="2026-03-11",
            appointment_time="17:30",
        ),
    )

    appointment = session.scalars(select(Appointment)).one()
    # 17:30 in Mexico City is 23:30 in Greenwich.
    assert f"{appointment.starts_at:%Y-%m-%d %H:%M}" == "2026-03-11 23:30"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"person_met": ""}, "Elige quién te atendió."),
        ({"outcome": ""}, "Elige qué pasó."),
        ({"outcome": "flew_away"}, "Elige qué pasó."),
        ({"person_met": "minor"}, "Eso no va con quien te atendió. Elige otra respuesta."),
        ({"promise_choice": ""} | {"promise_amount": ""}, "Elige la cantidad."),
        ({"promise_amount": "mucho"}, "Escribe la cantidad con números"),
        ({"promise_amount": "0"}, "Escribe una cantidad mayor que cero."),
        ({"promise_amount": "-5"}, "Escribe una cantidad mayor que cero."),
        ({"promise_amount": "100000000"}, "Revisa la cantidad: es demasiado grande."),
        ({"promise_choice": "9" * 5_000}, "Escribe la cantidad con números"),
        ({"promise_choice": "99999999999"}, "Revisa la cantidad: es demasiado grande."),
        ({"promise_day": ""}, "Elige el día."),
        ({"promise_day": "9999-12-31"}, "Revisa el año."),
        ({"promise_day": "other"}, "Escribe la fecha."),
        ({"promise_day": "other", "promise_date": "9999-12-31"}, "Revisa el año."),
        ({"promise_day": "2026-03-09"}, "La fecha de la promesa ya pasó."),
        ({"outcome": "no_agreement"}, "Elige qué dijo el cliente."),
        ({"outcome": "other", "note": " "}, "Escribe en pocas palabras qué pasó."),
        ({"outcome": "paid_in_full"}, "Elige la cantidad."),
        ({"outcome": "appointment"}, "Elige el día."),
        (
            {
                "outcome": "appointment",
                "appointment_day": "2026-03-10",
                "appointment_time": "09:59",
            },
            "La hora de la cita ya pasó.",
        ),
        ({"uuid": "no-uuid"}, "La página caducó."),
    ],
)
def test_a_form_that_lacks_something_says_what_to_do_and_keeps_the_rest(
    client_as, session, route, changes, text
):
    form = {**nobody_home(), **HOLDER_PROMISES, "note": "Salió a las 10", **changes}

    answer = client_as(route.collector).post(record_url(route.stops[0]), data=form)

    assert answer.status_code == 422
    assert text in answer.text
    assert form["note"] in answer.text
    assert f'value="{form["uuid"]}"' in answer.text
    assert count(session, Visit) == count(session, Promise) == 0


def test_what_was_chosen_is_still_chosen_after_an_error(client_as, route):
    form = {**nobody_home(), **HOLDER_PROMISES, "promise_amount": "mucho"}

    page = client_as(route.collector).post(record_url(route.stops[0]), data=form).text

    chosen = set(re.findall(r"<input checked[^>]*value=\"([^\"]+)\"", page))
    assert {"holder", "promised", "other", "2026-03-13"} <= chosen
    assert 'value="mucho"' in page


def test_an_outcome_reads_only_its_own_fields(client_as, session, route):
    form = {**nobody_home(), "promise_choice": "other", "promise_amount": "500"}

    client_as(route.collector).post(record_url(route.stops[0]), data=form)

    assert count(session, Visit) == 1
    assert count(session, Promise) == 0


def test_an_outcome_that_states_its_objection_stores_it(client_as, session, route):
    form = nobody_home(person_met="holder", outcome="claims_paid", objection="no_money")

    client_as(route.collector).post(record_url(route.stops[0]), data=form)

    assert session.scalars(select(Visit.objection)).one() is Objection.ALREADY_PAID


def test_a_form_left_open_while_the_route_was_published_anew_loses_nothing(
    client_as, session, route
):
    browser = client_as(route.collector)
    route.stops[0].route.plan.withdrawn_at = clock.now()
    make_route(session, route.collector, route.clients)
    session.commit()

    answer = browser.post(record_url(route.stops[0]), data=nobody_home(), follow_redirects=True)

    assert "Guardado: No estaba." in answer.text
    assert "Siguiente parada · 2 de 3" in answer.text


def test_a_form_left_open_over_midnight_loses_nothing(client_as, session, route):
    browser = client_as(route.collector)

    with clock.frozen(clock.now() + DAY):
        answer = browser.post(record_url(route.stops[0]), data=nobody_home())

    assert answer.status_code == 303
    assert session.scalars(select(Visit.stop_id)).one() == route.stops[0].id


def test_a_stop_that_was_recorded_warns_before_another_visit(client_as, session, route):
    make_visit(session, route.clients[0], route.collector, stop_id=route.stops[0].id)

    page = client_as(route.collector).get(record_url(route.stops[0])).text

    assert "Esta parada ya se registró a las 10:00: Sin acuerdo." in page


def test_each_opening_of_the_form_has_its_own_identity(client_as, route):
    browser = client_as(route.collector)

    pages = [browser.get(record_url(route.stops[0])).text for _ in range(2)]

    uuids = {re.search(r'name="uuid"[^>]*value="([^"]+)"', page)[1] for page in pages}
    assert len(uuids) == 2


# --- beside the route


@pytest.mark.parametrize("text", ["maria", "MARÍA  lopez", "ñuñez", "nunez", "balmaceda 7", "X-77"])
def test_a_client_is_found_by_words_without_minding_accents(client_as, session, route, text):
    client = make_client(
        session, name="María Ñuñez López", address="Balmaceda 7", external_id="X-77"
    )
    make_zone(session, [client], route.collector)

    page = client_as(route.collector).get("/phone/clientes", query_string={"q": text}).text

    assert f'href="/phone/cliente/{client.id}/registrar"' in page
    assert "Ana Rojas" not in page


@pytest.mark.parametrize("text", ["maría zapata", "%", "' OR 1=1 --"])
def test_what_nobody_is_called_finds_nobody(client_as, route, text):
    page = client_as(route.collector).get("/phone/clientes", query_string={"q": text}).text

    assert "Nadie de tus zonas coincide" in page
    assert "/phone/cliente/" not in page


def test_clients_of_other_zones_are_neither_found_nor_visited(client_as, session, route):
    stranger = make_client(session, name="Zulema Ajena")
    make_zone(session, [stranger], make_user(session))
    browser = client_as(route.collector)
    form = f"/phone/cliente/{stranger.id}/registrar"

    assert "/phone/cliente/" not in browser.get("/phone/clientes?q=zulema").text
    assert browser.get(form).status_code == 404
    assert browser.post(form, data=nobody_home()).status_code == 404
    assert count(session, Visit) == 0


def test_a_visit_beside_the_route_is_stored_without_a_stop(client_as, session, route):
    client = make_client(session)
    make_zone(session, [client], route.collector)
    browser = client_as(route.collector)

    page = browser.get(f"/phone/cliente/{client.id}/registrar")
    answer = browser.post(
        f"/phone/cliente/{client.id}/registrar", data=nobody_home(), follow_redirects=True
    )

    assert page.status_code == 200
    assert "Guardado: No estaba." in answer.text
    visit = session.scalars(select(Visit)).one()
    assert (visit.client_id, visit.stop_id) == (client.id, None)


def test_where_nobody_may_take_money_it_is_not_offered_but_the_fact_is_kept(session, client_as):
    collector, debtor = make_user(session), make_client(session)
    stop = make_route(session, collector, [debtor])[0]
    choose_profile(
        session, Actor.system("test"), "mx_financial_agency", TODAY, "prueba", today=TODAY
    )
    phone = client_as(collector)
    address = f"/phone/parada/{stop.id}/registrar"

    page = phone.get(address).text
    assert 'value="cash"' not in page
    assert 'value="deposit"' in page

    token = re.search(r'name="uuid"[^>]*value="([^"]+)"', page)[1]
    phone.post(address, data={**HOLDER_PAYS, "uuid": token})
    assert session.scalar(select(Payment.method)) == "cash"
