"""The desk repairs the day: what happened, what it would do, applied, seen by phones, undone."""

from dataclasses import asdict
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from collector_app.audit import services as audit
from collector_app.audit.models import AuditEntry
from collector_app.audit.rules import EMPTY
from collector_app.compliance.services import ban_contact
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.payments.models import Allocation
from collector_app.planning.models import Plan, SkippedClient
from collector_app.planning.queries import (
    legality,
    published_plan,
    routes_of_plan,
    skipped_of_plan,
)
from collector_app.planning.rules import SkipCause
from collector_app.planning.services import NewSkipped
from collector_app.portfolio.models import Credit, Invoice
from collector_app.repairs import views
from collector_app.repairs.queries import repairs_in_force
from collector_app.repairs.repairing import preview_of
from collector_app.repairs.shown import GOOD_FOR_S, Shown
from tests.factories import owes_in
from tests.payments.factories import make_payment
from tests.planning.factories import HOUR_S, TUESDAY, ZONE, hour
from tests.promises.factories import make_promise_row
from tests.repairs.factories import SYSTEM, make_collector, make_row, publish_day
from tests.visits.factories import make_visit


@pytest.fixture
def clients(session):
    """Two streets of five clients each, and one more client who is on no route."""
    return [make_row(session, 5), make_row(session, 5, column=3), make_row(session, 1, column=1)]


@pytest.fixture
def day(session, clients):
    """Ana and Eva at ten o'clock; Ana has made her first visit, at half past nine."""
    ana = make_collector(session, "Ana Gestora", [*clients[0], *clients[2]])
    eva = make_collector(session, "Eva Gestora", clients[1])
    skipped = [NewSkipped(clients[2][0].id, ana.id, SkipCause.NO_ZONE, {})]
    routes = [(ana, clients[0]), (eva, clients[1])]
    plan_id = publish_day(session, routes, first_s=9 * HOUR_S + 1800, skipped=skipped)
    made_at = hour(TUESDAY, 9, 30)
    make_visit(
        session,
        clients[0][0],
        ana,
        started_at=made_at,
        ended_at=made_at + timedelta(minutes=8),
        received_at=made_at + timedelta(minutes=9),
    )
    session.commit()
    return ana, eva, plan_id


@pytest.fixture
def desk(client_as):
    return client_as(Role.DISPATCHER)


def asked(cambio: str, **fields: object) -> dict[str, object]:
    return {"cambio": cambio, "ver": "1", **fields}


def apply(desk, page_text: str, fields: dict[str, object]):
    huella = page_text.split('name="huella" value="')[1].partition('"')[0]
    return desk.post("/reparar", data={**fields, "huella": huella})


def repaired(session, desk, fields: dict[str, object]) -> dict[str, list[int]]:
    """Preview and apply; return who is on whose route, in order."""
    page = desk.get("/reparar", query_string=fields)
    assert page.status_code == 200, page.text
    answer = apply(desk, page.text, fields)
    assert answer.status_code == 303, answer.text
    session.rollback()
    plan = published_plan(session, TUESDAY)
    assert legality(session, plan.id, ZONE).breaches == ()
    return {
        route.collector_name: [stop.client_id for stop in route.stops]
        for route in routes_of_plan(session, plan.id)
    }


def ids(clients) -> list[int]:
    return [one.id for one in clients]


def test_a_preview_expects_each_currency_by_itself(session, day, clients, desk):
    ana, _eva, _plan_id = day
    owes_in(session, clients[0][1], "USD")
    session.commit()

    page = desk.get("/reparar", query_string=asked("late", gestor=ana.id, hasta="10:30")).text

    assert "$930.00 · USD310.00 → <b>" in unescape(page)


def test_without_a_published_plan_the_page_says_what_to_do(desk):
    page = desk.get("/reparar").text

    assert "Hoy no hay un plan publicado" in page
    assert "Planes del día" in page


def test_a_preview_changes_nothing(session, desk, day, clients):
    _ana, _eva, plan_id = day
    page = desk.get("/reparar", query_string=asked("cancelled", cliente=clients[0][2].id)).text

    assert "Así quedaría: Cliente 0-2 canceló" in page
    assert "sale de la ruta de Ana Gestora: canceló" in page
    assert "Las 3 paradas que faltan en estas rutas están dentro de la ley" in page
    session.rollback()
    assert published_plan(session, TUESDAY).id == plan_id
    assert session.scalars(select(Plan)).all() == [session.get(Plan, plan_id)]


def test_who_cancels_leaves_the_route_and_the_rest_stays_in_order(session, desk, day, clients):
    routes = repaired(session, desk, asked("cancelled", cliente=clients[0][2].id))

    kept = [one.id for one in clients[0] if one is not clients[0][2]]
    assert routes == {"Ana Gestora": kept, "Eva Gestora": ids(clients[1])}
    plan = published_plan(session, TUESDAY)
    left_out = {one.client_id: one.cause for one in skipped_of_plan(session, plan.id)}
    assert left_out == {clients[0][2].id: SkipCause.CANCELLED, clients[2][0].id: SkipCause.NO_ZONE}


def test_who_comes_in_brings_what_the_plan_had_learned_and_not_the_usual(
    session, desk, day, clients
):
    _ana, _eva, plan_id = day
    waiting = clients[2][0].id
    left_out = session.scalars(select(SkippedClient).where(SkippedClient.plan_id == plan_id)).one()
    left_out.cause = SkipCause.NO_TIME_LEFT
    left_out.facts = {"prize": 30_900, "expected_cents": 700}
    session.commit()

    routes = repaired(session, desk, asked("cancelled", cliente=clients[0][2].id))

    assert waiting in routes["Ana Gestora"]
    plan = published_plan(session, TUESDAY)
    stops = [stop for route in routes_of_plan(session, plan.id) for stop in route.stops]
    assert [stop.prize_cents for stop in stops if stop.client_id == waiting] == [700]


def test_routes_that_a_change_does_not_reach_are_the_same_to_the_letter(
    session, desk, day, clients
):
    _ana, eva, plan_id = day

    def of_eva(plan: int) -> dict[str, object]:
        (route,) = (one for one in routes_of_plan(session, plan) if one.collector_id == eva.id)
        stops = [asdict(one) | {"id": 0} for one in route.stops]
        return asdict(route) | {"id": 0, "plan_id": 0, "stops": stops}

    before = of_eva(plan_id)
    repaired(session, desk, asked("cancelled", cliente=clients[0][1].id))

    after_id = published_plan(session, TUESDAY).id
    assert after_id != plan_id
    assert of_eva(after_id) == before
    assert len(before["stops"]) == 5


def test_what_was_proved_of_the_routes_before_is_not_said_of_the_repaired(
    session, desk, day, clients
):
    plan = session.get_one(Plan, day[2])
    plan.parameters = {**plan.parameters, "bounds": {"1": {"upper_cents": 2, "made_cents": 1}}}
    session.commit()

    repaired(session, desk, asked("cancelled", cliente=clients[0][1].id))

    assert "bounds" not in published_plan(session, TUESDAY).parameters


def test_a_visit_made_stays_as_it_was_made(session, desk, day, clients):
    repaired(session, desk, asked("cancelled", cliente=clients[0][2].id))

    plan = published_plan(session, TUESDAY)
    first = routes_of_plan(session, plan.id)[0].stops[0]
    assert (first.client_id, first.starts_s) == (clients[0][0].id, 9 * HOUR_S + 1800)
    assert first.travel_s == 300


def test_no_stop_still_to_be_made_is_planned_in_the_past(session, desk, day, clients):
    repaired(session, desk, asked("cancelled", cliente=clients[0][2].id))

    plan = published_plan(session, TUESDAY)
    ana, eva = routes_of_plan(session, plan.id)
    assert all(stop.starts_s >= 10 * HOUR_S for stop in ana.stops[1:])
    assert eva.stops[0].starts_s == 9 * HOUR_S + 1800  # out of reach: as it was


def test_an_urgent_client_gets_into_the_route_of_their_zone(session, desk, day, clients):
    fields = asked("urgent", buscar="Cliente 1-0", cliente=clients[2][0].id)

    routes = repaired(session, desk, fields)

    assert clients[2][0].id in routes["Ana Gestora"]
    plan = published_plan(session, TUESDAY)
    stop = next(
        stop
        for route in routes_of_plan(session, plan.id)
        for stop in route.stops
        if stop.client_id == clients[2][0].id
    )
    assert stop.reasons[0] == {"code": "urgent"}
    assert skipped_of_plan(session, plan.id) == []


def test_who_is_searched_for_is_found_by_name_or_number(desk, day, clients):
    found = desk.get(
        "/reparar", query_string=asked("urgent", buscar=clients[2][0].external_id)
    ).text
    nobody = desk.get("/reparar", query_string=asked("urgent", buscar="Nadie se llama así"))

    assert "es urgente" in found
    assert "Ningún cliente tiene eso" in nobody.text


def test_of_several_who_are_found_one_is_to_be_chosen(desk, day, clients):
    page = desk.get("/reparar", query_string=asked("urgent", buscar="Cliente"))

    assert f"Se encontraron {sum(map(len, clients))} clientes: elige uno." in page.text
    assert "Falta este dato" not in page.text


def test_an_urgent_client_whom_the_law_protects_is_refused_with_the_reason(
    session, desk, day, clients
):
    ban_contact(session, SYSTEM, clients[2][0].id, "Queja en la Condusef", TUESDAY)
    session.commit()

    page = desk.get(
        "/reparar", query_string=asked("urgent", cliente=clients[2][0].id, buscar="1-0")
    )

    assert page.status_code == 422
    assert "A ese cliente no se le puede visitar hoy" in page.text
    assert "Queja en la Condusef" in page.text
    assert "huella" not in page.text


def test_who_may_not_be_visited_any_more_leaves_the_route_whatever_happened(
    session, desk, day, clients
):
    ban_contact(session, SYSTEM, clients[0][3].id, "Queja en la Condusef", TUESDAY)
    session.commit()
    fields = asked("late", gestor=day[0].id, hasta="10:30")

    page = desk.get("/reparar", query_string=fields).text
    routes = repaired(session, desk, fields)

    assert "Queja en la Condusef" in page
    assert clients[0][3].id not in routes["Ana Gestora"]
    plan = published_plan(session, TUESDAY)
    (skipped,) = skipped_of_plan(session, plan.id, SkipCause.BANNED)
    assert skipped.client_id == clients[0][3].id


def test_who_is_late_goes_on_later(session, desk, day):
    ana, _eva, _plan = day
    repaired(session, desk, asked("late", gestor=ana.id, hasta="12:15"))

    plan = published_plan(session, TUESDAY)
    route = routes_of_plan(session, plan.id)[0]
    assert all(stop.starts_s >= 12 * HOUR_S + 900 for stop in route.stops[1:])


def test_the_stops_of_who_is_sick_are_shared_among_neighbours(session, desk, day, clients):
    ana, _eva, _plan = day
    routes = repaired(session, desk, asked("sick", gestor=ana.id))

    assert routes["Ana Gestora"] == [clients[0][0].id]  # the visit that was made
    assert set(routes["Eva Gestora"]) == set(ids(clients[0][1:])) | set(ids(clients[1]))
    plan = published_plan(session, TUESDAY)
    eva = routes_of_plan(session, plan.id)[1]
    taken = next(stop for stop in eva.stops if stop.client_id == clients[0][1].id)
    assert taken.reasons[0] == {"code": "taken_over", "name": "Ana Gestora"}


def test_who_is_sick_stays_at_home_in_later_repairs(session, desk, day, clients):
    ana, _eva, _plan = day
    repaired(session, desk, asked("sick", gestor=ana.id))

    routes = repaired(session, desk, asked("street_closed", lugar="-29.80, -71.2519", radio=50))

    assert routes["Ana Gestora"] == [clients[0][0].id]


def test_who_is_sick_is_not_offered_to_share_the_stops_of_others(session, desk, day):
    ana, eva, _plan = day
    repaired(session, desk, asked("sick", gestor=ana.id))

    page = desk.get("/reparar", query_string={"cambio": "sick"}).text

    assert f'name="con" type="checkbox" value="{eva.id}"' in page
    assert f'name="con" type="checkbox" value="{ana.id}"' not in page
    told = desk.get("/reparar", query_string=asked("sick", gestor=eva.id, con=ana.id))
    assert "Así quedaría" not in told.text


def test_nobody_shares_their_own_stops_while_sick(desk, day):
    ana, eva, _plan = day

    page = desk.get("/reparar", query_string=asked("sick", gestor=ana.id)).text

    assert f'name="con" type="checkbox" value="{ana.id}"' not in page
    assert f'name="con" type="checkbox" value="{eva.id}"' in page


def test_several_things_that_happened_are_answered_and_undone_as_one(session, desk, day, clients):
    ana, _eva, plan_id = day
    cancelled = f"cambio=cancelled&cliente={clients[1][2].id}"

    routes = repaired(session, desk, asked("sick", gestor=ana.id, antes=cancelled))

    assert routes["Ana Gestora"] == [clients[0][0].id]
    assert set(routes["Eva Gestora"]) == set(ids(clients[0][1:])) | set(ids(clients[1])) - {
        clients[1][2].id
    }
    [repair] = repairs_in_force(session, published_plan(session, TUESDAY).id)
    assert [one.kind.value for one in repair.change.every] == ["cancelled", "sick"]
    page = desk.get("/reparar").text
    assert "canceló; Ana Gestora no puede seguir" in page

    desk.post("/reparar/deshacer")
    session.rollback()
    assert published_plan(session, TUESDAY).id == plan_id


def test_all_of_a_list_holds_in_later_repairs(session, desk, day, clients):
    ana, eva, _plan = day
    gone = clients[1][2].id
    repaired(session, desk, asked("sick", gestor=ana.id, antes=f"cambio=cancelled&cliente={gone}"))

    routes = repaired(session, desk, asked("late", gestor=eva.id, hasta="10:40"))

    assert routes["Ana Gestora"] == [clients[0][0].id]
    assert gone not in routes["Eva Gestora"]


def test_a_list_alone_is_previewed_and_applied(session, desk, day, clients):
    first, second = clients[0][2].id, clients[1][3].id
    listed = [f"cambio=cancelled&cliente={one}" for one in (first, second)]

    routes = repaired(session, desk, {"antes": listed, "ver": "1"})

    everybody = {client for route in routes.values() for client in route}
    assert not {first, second} & everybody


def test_what_was_previewed_can_be_put_on_the_list_and_taken_off_again(desk, day, clients):
    first = clients[0][2]
    page = desk.get("/reparar", query_string=asked("cancelled", cliente=first.id))

    more = f"/reparar?antes=cambio%3Dcancelled%26cliente%3D{first.id}"
    assert f'href="{more}"' in page.text
    listed = desk.get(more).text
    assert "Lista de lo que pasó" in listed
    assert f'href="{more.replace("?", "?cambio=late&amp;")}"' in listed
    assert 'href="/reparar?ver=1"' in listed  # without it


@pytest.mark.parametrize("is_urgent_first", [True, False])
def test_an_urgent_stop_of_who_is_sick_on_the_same_list_is_the_next_of_a_neighbour(
    session, desk, day, clients, is_urgent_first
):
    ana, _eva, _plan = day
    urgent = clients[0][4].id
    found = {"buscar": clients[0][4].name, "cliente": urgent}
    fields = (
        asked("sick", gestor=ana.id, antes=urlencode({"cambio": "urgent", **found}))
        if is_urgent_first
        else asked("urgent", **found, antes=f"cambio=sick&gestor={ana.id}")
    )

    routes = repaired(session, desk, fields)

    assert routes["Ana Gestora"] == [clients[0][0].id]
    assert routes["Eva Gestora"][0] == urgent
    assert set(routes["Eva Gestora"]) == set(ids(clients[0][1:])) | set(ids(clients[1]))


def test_an_urgent_client_of_who_is_sick_and_on_no_route_goes_to_the_neighbour(
    session, desk, day, clients
):
    ana, _eva, _plan = day
    new = clients[2][0]
    listed = f"cambio=sick&gestor={ana.id}"

    routes = repaired(session, desk, asked("urgent", buscar=new.name, cliente=new.id, antes=listed))

    assert new.id in routes["Eva Gestora"]


def test_who_is_sick_can_not_be_told_to_visit_an_urgent_client(desk, day, clients):
    (ana, _eva, _plan), new = day, clients[2][0]
    fields = asked("urgent", buscar=new.name, cliente=new.id, gestor=ana.id)

    page = desk.get("/reparar", query_string={**fields, "antes": f"cambio=sick&gestor={ana.id}"})

    assert page.status_code == 422
    assert "Nadie que trabaje hoy atiende a ese cliente" in page.text


def test_two_sick_at_once_share_with_neither(session, desk, day, clients):
    ana, eva, _plan = day
    ida = make_collector(session, "Ida Gestora", [])
    session.commit()

    routes = repaired(
        session,
        desk,
        asked("sick", gestor=ana.id, con=ida.id, antes=f"cambio=sick&gestor={eva.id}&con={ida.id}"),
    )

    assert routes["Ana Gestora"] == [clients[0][0].id]
    assert "Eva Gestora" not in routes
    assert set(ids(clients[1])) <= set(routes["Ida Gestora"])


@pytest.mark.parametrize(
    "item", ["", "nonsense", "cambio=cancelled", "cambio=cancelled&cliente=99999", "cambio=flood"]
)
def test_a_list_that_makes_no_sense_is_refused(desk, day, item):
    page = desk.get("/reparar", query_string={"antes": item, "ver": "1"})

    assert page.status_code == 422
    assert "Algo de la lista ya no es posible hoy" in page.text


def test_a_list_that_never_ends_is_refused(desk, day, clients):
    item = f"cambio=cancelled&cliente={clients[0][2].id}"

    page = desk.get("/reparar", query_string={"antes": [item] * 21, "ver": "1"})

    assert "Algo de la lista ya no es posible hoy" in page.text


def test_an_appointment_moves_to_its_new_hour(session, desk, day, clients):
    client = clients[0][1]
    repaired(session, desk, asked("appointment_moved", cliente=client.id, desde="15:00", a="15:30"))

    plan = published_plan(session, TUESDAY)
    stop = next(s for s in routes_of_plan(session, plan.id)[0].stops if s.client_id == client.id)
    assert 15 * HOUR_S <= stop.starts_s <= 15 * HOUR_S + 1800
    assert stop.reasons[0] == {"code": "appointment", "starts_s": 54_000, "ends_s": 55_800}


def test_a_moved_appointment_holds_in_later_repairs(session, desk, day, clients):
    client, (ana, _eva, _plan) = clients[0][1], day
    repaired(session, desk, asked("appointment_moved", cliente=client.id, desde="15:00", a="15:30"))

    repaired(session, desk, asked("late", gestor=ana.id, hasta="10:20"))

    plan = published_plan(session, TUESDAY)
    stop = next(s for s in routes_of_plan(session, plan.id)[0].stops if s.client_id == client.id)
    assert 15 * HOUR_S <= stop.starts_s <= 15 * HOUR_S + 1800


def test_an_appointment_outside_the_law_is_refused(desk, day, clients):
    fields = asked("appointment_moved", cliente=clients[0][1].id, desde="22:30", a="23:00")

    page = desk.get("/reparar", query_string=fields)

    assert page.status_code == 422
    assert "cae fuera de lo que la ley permite" in page.text


def test_streets_closed_around_somebody_leave_them_for_another_day(session, desk, day, clients):
    there = clients[0][4]
    fields = asked("street_closed", lugar=f"{there.lat}, {there.lon}", radio=100)

    page = desk.get("/reparar", query_string=fields).text
    routes = repaired(session, desk, fields)

    assert "no hay paso por el cierre" in page
    assert '"kind":"closure"' in page.replace('": "', '":"')
    assert there.id not in routes["Ana Gestora"]


def test_a_place_that_nobody_knows_is_asked_for_again(desk, day):
    page = desk.get("/reparar", query_string=asked("street_closed", lugar="por allá", radio=100))

    assert page.status_code == 422
    assert "No encontramos ese lugar" in page.text


def test_a_pinned_stop_stays_with_its_collector(session, desk, day, clients):
    there, (ana, _eva, _plan) = clients[0][1], day
    late = asked("late", gestor=ana.id, hasta="16:28")  # room for one stop

    pinned = repaired(session, desk, {**late, "fija": clients[0][4].id})

    assert clients[0][4].id in pinned["Ana Gestora"]
    assert there.id not in pinned["Ana Gestora"]


def test_undo_publishes_the_plan_before(session, desk, day, clients):
    _ana, _eva, plan_id = day
    repaired(session, desk, asked("cancelled", cliente=clients[0][2].id))
    assert "Deshacer" in desk.get("/reparar").text

    answer = desk.post("/reparar/deshacer")

    session.rollback()
    assert answer.status_code == 303
    assert published_plan(session, TUESDAY).id == plan_id
    assert repairs_in_force(session, plan_id) == []
    events = session.scalars(select(AuditEntry.event)).all()
    assert {"day.repaired", "day.repair_undone"} <= set(events)


def test_a_plan_as_published_has_nothing_to_undo(desk, day):
    assert desk.post("/reparar/deshacer").status_code == 409


def test_what_was_just_shown_is_applied_without_planning_it_again(
    session, desk, day, clients, statements
):
    fields = asked("cancelled", cliente=clients[0][2].id)
    page = desk.get("/reparar", query_string=fields).text

    statements.clear()
    assert apply(desk, page, fields).status_code == 303
    at_once = reads_of_bans(statements)

    page = desk.get("/reparar", query_string=asked("cancelled", cliente=clients[1][2].id)).text
    audit.log(session, SYSTEM, "something.done", "test:1")
    session.commit()
    statements.clear()
    fields = asked("cancelled", cliente=clients[1][2].id)
    assert apply(desk, page, fields).status_code == 303

    assert reads_of_bans(statements) > at_once, "the day may have moved on: it is read again"


@pytest.fixture
def previews(monkeypatch):
    """Each change for which a preview was worked out."""
    made = []

    def noted(session, today, asked, zone):
        made.append(asked)
        return preview_of(session, today, asked, zone)

    monkeypatch.setattr(views, "preview_of", noted)
    return made


@pytest.mark.parametrize("fact", ["visit", "promise", "payment"])
def test_what_others_tell_of_their_clients_meanwhile_makes_nobody_plan_again(
    session, desk, day, clients, previews, fact
):
    _ana, eva, _plan = day
    fields = asked("cancelled", cliente=clients[0][2].id)
    page = desk.get("/reparar", query_string=fields).text
    tell(session, fact, clients[1][0], eva)

    assert apply(desk, page, fields).status_code == 303

    assert len(previews) == 1


@pytest.mark.parametrize("fact", ["visit", "promise", "payment"])
@pytest.mark.parametrize("whose", ["of the route", "of the collector"])
def test_what_is_told_of_a_reached_route_is_weighed_before_applying(
    session, desk, day, clients, previews, fact, whose
):
    ana, eva, _plan = day
    fields = asked("cancelled", cliente=clients[0][2].id)
    page = desk.get("/reparar", query_string=fields).text
    told = (clients[0][4], eva) if whose == "of the route" else (clients[1][3], ana)
    tell(session, fact, *told)

    apply(desk, page, fields)

    assert len(previews) > 1


def test_money_set_against_the_debt_of_a_reached_client_is_weighed_before_applying(
    session, desk, day, clients, previews
):
    ana, _eva, _plan = day
    paid = make_payment(session, ana, clients[0][4])
    session.commit()
    fields = asked("cancelled", cliente=clients[0][2].id)
    page = desk.get("/reparar", query_string=fields).text
    owed = select(Invoice.id).join(Invoice.credit).where(Credit.client_id == clients[0][4].id)
    invoice_id = session.scalars(owed).first()
    settled = Allocation(payment_id=paid.id, invoice_id=invoice_id, amount_cents=100)
    session.add(settled)
    session.flush()
    audit.log(session, SYSTEM, "payment.allocated", settled)
    session.commit()

    apply(desk, page, fields)

    assert len(previews) > 1


def tell(session, fact, client, collector) -> None:
    """Store what a collector tells of a client, as phones do."""
    if fact == "visit":
        visit = make_visit(session, client, collector, started_at=hour(TUESDAY, 9, 50))
        audit.log(session, SYSTEM, "visit.recorded", visit)
    elif fact == "promise":
        audit.log(
            session,
            SYSTEM,
            "promise.made",
            make_promise_row(session, client, collector_id=collector.id),
        )
    else:
        paid = make_payment(session, collector, client)
        audit.log(session, SYSTEM, "payment.recorded", paid)
    session.commit()


def test_what_was_shown_a_minute_ago_is_planned_anew_as_the_time_went_on():
    seconds = 0.0
    shown = Shown(lambda: seconds)
    for age, is_known in ((GOOD_FOR_S - 1, True), (GOOD_FOR_S, False)):
        seconds = 0.0
        shown.keep("key", EMPTY, "preview")
        seconds = age
        assert (shown.take("key", lambda _deed, _preview: True) is not None) is is_known


def test_a_preview_that_does_not_hold_any_more_is_forgotten():
    shown = Shown()
    shown.keep("key", EMPTY, "preview")

    assert shown.take("key", lambda deed, _preview: deed != EMPTY) is None
    assert shown.take("key", lambda _deed, _preview: True) is None


def reads_of_bans(statements) -> int:
    return sum("FROM contact_ban" in one for one in statements)


def test_a_day_that_moved_on_is_previewed_again(session, desk, day, clients):
    ana, _eva, plan_id = day
    fields = asked("cancelled", cliente=clients[0][2].id)
    page = desk.get("/reparar", query_string=fields).text
    visit = make_visit(session, clients[0][4], ana, started_at=hour(TUESDAY, 9, 50))
    audit.log(session, SYSTEM, "visit.recorded", visit)
    session.commit()

    answer = apply(desk, page, fields)

    assert answer.status_code == 409
    assert "Mientras mirabas cambió el día" in answer.text
    assert "huella" in answer.text
    session.rollback()
    assert published_plan(session, TUESDAY).id == plan_id


def test_the_phone_sees_the_new_order_and_what_changed(session, client_as, desk, day, clients):
    ana, eva, _plan = day
    repaired(session, desk, asked("sick", gestor=ana.id))

    hers, of_ana = client_as(eva).get("/phone/").text, client_as(ana).get("/phone/").text

    assert "La oficina cambió tu ruta a las" in hers
    assert "Entra Cliente 0-1: quien iba no puede seguir" in hers
    assert "Sale Cliente 0-1: quien iba no puede seguir" in of_ana


def test_a_phone_whose_route_did_not_change_is_told_nothing(session, client_as, desk, day, clients):
    _ana, eva, _plan = day
    repaired(session, desk, asked("cancelled", cliente=clients[0][2].id))

    assert "La oficina cambió tu ruta" not in client_as(eva).get("/phone/").text


def test_who_is_left_out_for_other_reasons_is_kept_in_one_statement(
    session, desk, day, clients, statements
):
    repaired(session, desk, asked("cancelled", cliente=clients[0][2].id))

    copies = [one for one in statements if "INSERT INTO skipped_client" in one and "SELECT" in one]
    assert len(copies) == 1
    assert session.scalars(select(SkippedClient.client_id)).all().count(clients[2][0].id) == 2


@pytest.mark.parametrize(
    ("cambio", "fields"),
    [
        ("cancelled", {}),
        ("late", {"hasta": "12:00"}),
        ("sick", {}),
        ("appointment_moved", {"desde": "12:00"}),
        ("street_closed", {"radio": 100}),
    ],
)
def test_what_is_missing_is_told(desk, day, cambio, fields):
    page = desk.get("/reparar", query_string=asked(cambio, **fields))

    assert "Falta este dato" in page.text
    assert "huella" not in page.text


def test_the_office_repairs_and_collectors_do_not(client_as):
    assert client_as(Role.COLLECTOR).get("/reparar").status_code == 403
    assert client_as(Role.SUPERVISOR).get("/reparar").status_code == 200
    assert clock.today(ZONE) == TUESDAY
