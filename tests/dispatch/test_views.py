"""The board's pages: what they show, what they refuse, and what phones are told once published."""

import json
import re
from html import unescape

import pytest

from collector_app.absences.rules import AbsenceKind
from collector_app.absences.services import record_absence
from collector_app.compliance.services import ban_contact
from collector_app.core.actor import Role
from collector_app.dispatch import views
from collector_app.dispatch.queries import board_page
from collector_app.dispatch.rules import PlaceStop, RemoveStop, TakeBack
from collector_app.planning import queries, services
from collector_app.planning.models import Plan, Workday
from collector_app.planning.rules import SkipCause
from collector_app.planning.services import NewSkipped
from collector_app.portfolio.models import Client
from collector_app.repairs.queries import route_news
from tests.dispatch.boards import SYSTEM, TOMORROW, follow, make_board, order_of
from tests.factories import owes_in
from tests.planning.factories import ZONE
from tests.repairs.factories import make_collector, make_row

HTMX = {"HX-Request": "true"}


@pytest.fixture
def day(session):
    """Rosa visits two clients, Pedro two; a fifth is left out."""
    north, east, out = make_row(session, 2), make_row(session, 2, 2), make_row(session, 1, 1)
    rosa = make_collector(session, "Rosa Vega", north)
    pedro = make_collector(session, "Pedro Luna", east)
    left_out = NewSkipped(out[0].id, rosa.id, SkipCause.MAX_STOPS, {})
    plan_id = make_board(session, [(rosa, north), (pedro, east)], [left_out])
    return plan_id, rosa, pedro, [one.id for one in (*north, *east, *out)]


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def edit(client, plan_id, version, kind, **fields):
    data = {"version": version, "kind": kind, **fields}
    return client.post(f"/planes/{plan_id}/tablero", data=data, headers=HTMX)


def test_the_board_shows_each_collector_with_hours_stops_way_and_money(session, day, client_as):
    plan_id, *_ = day

    text = text_of(client_as(Role.SUPERVISOR).get(f"/planes/{plan_id}/tablero").text)

    assert "Rosa Vega Jornada 09:00–17:00" in text
    assert "2 paradas · 15 min · 2.7 km · $620.00" in text
    assert "Cliente 1-0" in text


def test_a_board_shows_one_sum_for_each_currency(session, day, client_as):
    plan_id, *_people, clients = day
    owes_in(session, session.get_one(Client, clients[0]), "USD")
    session.commit()

    text = text_of(client_as(Role.SUPERVISOR).get(f"/planes/{plan_id}/tablero").text)

    assert "Recuperación esperada $930.00 · USD310.00" in text
    assert "2 paradas · 15 min · 2.7 km · $310.00 · USD310.00" in text
    assert "USD310.00" in re.findall(r"1 · 09:00 Cliente 0-0.*?00 ", text)[0]


def test_an_edit_answers_with_what_it_did_and_what_it_costs(session, day, client_as):
    plan_id, _rosa, pedro, clients = day

    answer = edit(
        client_as(Role.DISPATCHER),
        plan_id,
        0,
        "move",
        client_id=clients[0],
        collector_id=pedro.id,
        position=1,
    )

    text = text_of(answer.text)
    assert answer.status_code == 200
    assert "Cliente 0-0 pasó de Rosa Vega a Pedro Luna, parada 1." in text
    assert re.search(r"[+\N{MINUS SIGN}]\d+ min · .*de recuperación", text)
    assert order_of(session, plan_id, pedro)[0] == clients[0]


def fields_of(page: str, action: str) -> dict[str, str]:
    """Return what the form of a page sends besides the token."""
    form = re.search(rf'<form method="post" action="{action}".*?</form>', page, re.DOTALL)[0]
    return dict(re.findall(r'name="(version|replaces)" value="(\d+)"', form))


def asked_before_publishing(page: str) -> str:
    return re.search(r'data-confirm="(¿Publicar[^"]*)"', page)[1]


@pytest.mark.parametrize("address", ["/planes/{}/tablero", "/planes/{}"])
def test_who_publishes_is_asked_with_all_that_the_page_warns_of(session, day, client_as, address):
    plan_id, *_people, clients = day
    ban_contact(session, SYSTEM, clients[0], "Pidió no ser visitado", TOMORROW)
    session.commit()

    page = client_as(Role.DISPATCHER).get(address.format(plan_id)).text

    asked = asked_before_publishing(page)
    assert "1 parada está fuera de la ley: así no se publica; quítala antes." in asked
    assert "Queda fuera 1 cliente." in asked


def test_a_plan_with_nothing_to_warn_of_asks_the_short_question(session, client_as):
    north = make_row(session, 2)
    plan_id = make_board(session, [(make_collector(session, "Rosa Vega", north), north)])

    page = client_as(Role.DISPATCHER).get(f"/planes/{plan_id}/tablero").text

    assert asked_before_publishing(page).endswith("qué cambió.")


def test_routes_longer_than_the_day_and_of_absent_people_are_told_before_publishing(
    session, day, client_as
):
    plan_id, rosa, pedro, _clients = day
    session.get_one(Workday, rosa.id).ends_s = 9 * 3600 + 60
    record_absence(session, SYSTEM, pedro.id, AbsenceKind.LEAVE, TOMORROW, TOMORROW)
    session.commit()

    page = client_as(Role.DISPATCHER).get(f"/planes/{plan_id}/tablero").text

    asked = asked_before_publishing(page)
    assert "1 ruta pasa de su jornada." in asked
    assert "1 gestor ausente tiene paradas." in asked


def test_an_edit_reads_the_stops_before_it_and_once_more_after_it(
    session, day, client_as, statements
):
    plan_id, _rosa, _pedro, clients = day
    desk = client_as(Role.DISPATCHER)
    del statements[:]

    edit(desk, plan_id, 0, "pin", client_id=clients[0])

    assert sum("stop.detour_s" in one for one in statements) == 2


def test_an_illegal_edit_is_refused_with_its_article(session, day, client_as):
    plan_id, _rosa, _pedro, clients = day
    night = make_collector(session, "Nora Sol", [], starts_s=81_000, ends_s=86_399)

    answer = edit(
        client_as(Role.DISPATCHER),
        plan_id,
        0,
        "move",
        client_id=clients[0],
        collector_id=night.id,
        position=1,
    )

    text = text_of(answer.text)
    assert answer.status_code == 409
    assert "Cliente 0-0 no cabe ahí en la ruta de Nora Sol." in text
    assert "A esa hora no se permite contactar (" in text
    assert board_page(session, plan_id).version == 0


def test_a_full_route_offers_to_let_somebody_leave_and_says_who_did(session, day, client_as):
    plan_id, _rosa, _pedro, clients = day
    nora = make_collector(session, "Nora Sol", [], max_stops=1)
    client = client_as(Role.DISPATCHER)
    edit(client, plan_id, 0, "move", client_id=clients[0], collector_id=nora.id)

    refused = edit(client, plan_id, 1, "move", client_id=clients[2], collector_id=nora.id)
    asked = re.search(r'id="board-room".*?</form>', refused.text, re.DOTALL)[0]
    fields = dict(re.findall(r'name="([a-z_]+)" value="(\w*)"', asked))
    answer = client.post(f"/planes/{plan_id}/tablero", data=fields, headers=HTMX)

    assert "no cabe ahí en la ruta de Nora Sol" in text_of(refused.text)
    assert answer.status_code == 200
    assert "para hacerle lugar salió Cliente 0-0" in text_of(answer.text)
    assert order_of(session, plan_id, nora) == [clients[2]]
    assert "board-room" not in answer.text


def test_no_room_is_offered_where_nobody_can_make_it(session, day, client_as):
    plan_id, _rosa, _pedro, clients = day
    short = make_collector(session, "Nora Sol", [], starts_s=32_400, ends_s=32_700)

    refused = edit(
        client_as(Role.DISPATCHER), plan_id, 0, "move", client_id=clients[0], collector_id=short.id
    )

    assert refused.status_code == 409
    assert "board-room" not in refused.text


def test_who_looked_at_an_old_board_is_told_what_the_other_did(session, day, client_as):
    plan_id, _rosa, _pedro, clients = day
    follow(session, plan_id, RemoveStop(clients[1]))
    session.commit()

    answer = edit(client_as(Role.DISPATCHER), plan_id, 0, "pin", client_id=clients[0])

    assert answer.status_code == 409
    assert "Cliente 0-1 salió de la ruta de Rosa Vega" in text_of(answer.text)


def test_a_supervisor_looks_but_does_not_edit(session, day, client_as):
    plan_id, _rosa, _pedro, clients = day

    assert (
        edit(client_as(Role.SUPERVISOR), plan_id, 0, "remove", client_id=clients[0]).status_code
        == 403
    )


def test_an_edit_that_lacks_its_client_is_refused(session, day, client_as):
    assert edit(client_as(Role.DISPATCHER), day[0], 0, "remove").status_code == 422


def test_without_scripts_the_page_comes_back_with_the_sentence(session, day, client_as):
    plan_id, _rosa, _pedro, clients = day
    client = client_as(Role.DISPATCHER)

    answer = client.post(
        f"/planes/{plan_id}/tablero",
        data={"version": 0, "kind": "lock", "client_id": clients[0]},
        follow_redirects=True,
    )

    assert "Asegurar con su gestor: Cliente 0-0." in text_of(answer.text)


def test_those_left_out_are_filtered_by_reason_and_by_name(session, day, client_as):
    plan_id, _rosa, _pedro, clients = day
    follow(session, plan_id, RemoveStop(clients[0]))
    client = client_as(Role.DISPATCHER)

    by_reason = client.get(f"/planes/{plan_id}/tablero/panel?causa=max_stops").text
    by_name = client.get(f"/planes/{plan_id}/tablero/panel?buscar=cliente 0-0").text

    assert f'data-client="{clients[4]}"' in by_reason
    assert f'data-client="{clients[0]}"' not in by_reason
    assert f'data-client="{clients[0]}"' in by_name
    assert f'data-client="{clients[4]}"' not in by_name


def test_the_map_follows_the_edits(session, day, client_as):
    plan_id, _rosa, pedro, clients = day
    follow(session, plan_id, PlaceStop(clients[4], pedro.id, 1))
    session.commit()

    answer = client_as(Role.SUPERVISOR).get(f"/planes/{plan_id}/tablero/mapa.json")

    news = json.loads(answer.text)
    assert news["version"] == 1
    assert {one["id"] for one in news["stops"]} == set(clients)
    assert len(news["lines"]) == 2


def test_publishing_stores_the_edits_as_a_plan_and_tells_the_phones(session, day, client_as):
    plan_id, rosa, pedro, clients = day
    services.publish(session, SYSTEM, plan_id, today=TOMORROW, zone=ZONE)
    follow(session, plan_id, PlaceStop(clients[0], pedro.id, 1), RemoveStop(clients[1]))
    session.commit()

    answer = client_as(Role.DISPATCHER).post(
        f"/planes/{plan_id}/tablero/publicar", data={"version": 2}
    )

    assert answer.status_code == 303
    session.expire_all()
    published = queries.published_plan(session, TOMORROW)
    assert answer.location == f"/planes/{published.id}/tablero"
    assert published.id != plan_id
    assert queries.route_of(session, pedro.id, TOMORROW).stops[0].client_id == clients[0]
    assert queries.legality(session, published.id, ZONE).breaches == ()
    told = {move.client_id: move.to_id for move in route_news(session, rosa.id, published.id).moves}
    assert told == {clients[0]: pedro.id, clients[1]: None}
    left_out = {one.client_id: one.cause for one in queries.skipped_of_plan(session, published.id)}
    assert left_out == {clients[1]: SkipCause.TAKEN_OFF, clients[4]: SkipCause.MAX_STOPS}


def test_publishing_from_the_page_of_the_plan_publishes_its_edits_too(session, day, client_as):
    plan_id, _rosa, pedro, clients = day
    follow(session, plan_id, PlaceStop(clients[0], pedro.id, 1))
    session.commit()

    answer = client_as(Role.SUPERVISOR).post(f"/planes/{plan_id}/publicar", data={"version": 1})

    session.expire_all()
    published = queries.published_plan(session, TOMORROW)
    assert answer.location == f"/planes/{published.id}"
    assert queries.route_of(session, pedro.id, TOMORROW).stops[0].client_id == clients[0]


def test_after_a_withdrawal_phones_hear_what_differs_from_what_they_saw(session, day, client_as):
    plan_id, _rosa, pedro, clients = day
    services.publish(session, SYSTEM, plan_id, today=TOMORROW, zone=ZONE)
    services.withdraw(session, SYSTEM, plan_id)
    follow(session, plan_id, PlaceStop(clients[4], pedro.id, 1))
    session.commit()

    client_as(Role.DISPATCHER).post(f"/planes/{plan_id}/tablero/publicar", data={"version": 1})

    session.expire_all()
    published = queries.published_plan(session, TOMORROW)
    (move,) = route_news(session, pedro.id, published.id).moves
    assert (move.client_id, move.from_id, move.to_id) == (clients[4], None, pedro.id)


@pytest.mark.parametrize("address", ["/planes/{}/tablero", "/planes/{}"])
def test_a_page_sends_the_edits_that_it_knew_of_and_publishes_no_later_ones(
    session, day, client_as, address
):
    plan_id, _rosa, _pedro, clients = day
    follow(session, plan_id, RemoveStop(clients[0]))
    session.commit()
    desk, path = client_as(Role.DISPATCHER), address.format(plan_id)
    seen = fields_of(desk.get(path).text, f"{path}/publicar")
    follow(session, plan_id, RemoveStop(clients[1]))
    session.commit()

    told = desk.post(f"{path}/publicar", data=seen, follow_redirects=True)

    assert "No se publicó, porque mientras tanto cambió el tablero." in text_of(told.text)
    assert "Sistema: Cliente 0-1 salió de la ruta de Rosa Vega." in text_of(told.text)
    session.expire_all()
    assert queries.published_plan(session, TOMORROW) is None
    desk.post(f"{path}/publicar", data=fields_of(told.text, f"{path}/publicar"))
    session.expire_all()
    assert queries.published_plan(session, TOMORROW) is not None


@pytest.mark.parametrize("address", ["/planes/{}/tablero", "/planes/{}"])
def test_who_does_not_say_what_they_saw_publishes_nothing(session, day, client_as, address):
    path = address.format(day[0])

    told = client_as(Role.DISPATCHER).post(f"{path}/publicar", follow_redirects=True)

    assert "No se publicó: la página no dijo qué mostraba." in text_of(told.text)
    assert queries.published_plan(session, TOMORROW) is None


def test_the_page_of_a_plan_tells_how_many_edits_it_does_not_show(session, day, client_as):
    plan_id, _rosa, _pedro, clients = day
    desk = client_as(Role.SUPERVISOR)
    before = text_of(desk.get(f"/planes/{plan_id}").text)
    follow(session, plan_id, RemoveStop(clients[0]), RemoveStop(clients[1]), TakeBack())
    session.commit()

    after = text_of(desk.get(f"/planes/{plan_id}").text)

    assert "Su tablero tiene" not in before
    assert "Su tablero tiene 1 cambio que aquí no se ve." in after


@pytest.mark.parametrize("address", ["/planes/{}/tablero/publicar", "/planes/{}/publicar"])
def test_nobody_replaces_unseen_what_another_published_meanwhile(session, day, client_as, address):
    plan_id, rosa, _pedro, clients = day
    other = make_board(session, [(rosa, [session.get_one(Client, clients[1])])])
    desk = client_as(Role.DISPATCHER)
    seen = {"version": 0, "replaces": 0}  # phones saw nothing when the page was loaded
    services.publish(session, SYSTEM, other, today=TOMORROW, zone=ZONE)
    session.commit()

    told = desk.post(address.format(plan_id), data=seen, follow_redirects=True)

    session.expire_all()
    assert queries.published_plan(session, TOMORROW).id == other
    assert "No se publicó: mientras mirabas esta página cambió lo que ven" in text_of(told.text)
    assert f"Los gestores ven el plan {other}, que publicó el sistema" in text_of(told.text)
    assert f'name="replaces" value="{other}"' in told.text
    desk.post(address.format(plan_id), data=seen | {"replaces": other})
    session.expire_all()
    assert queries.published_plan(session, TOMORROW).id == plan_id


def test_a_board_that_was_withdrawn_says_so_with_the_next_edit(session, day, client_as):
    plan_id, _rosa, _pedro, clients = day
    services.publish(session, SYSTEM, plan_id, today=TOMORROW, zone=ZONE)
    services.withdraw(session, SYSTEM, plan_id)
    session.commit()

    answer = edit(client_as(Role.DISPATCHER), plan_id, 0, "pin", client_id=clients[0])

    assert "Este plan se retiró: los gestores no ven ninguna ruta" in text_of(answer.text)


def test_undo_and_redo_tell_what_became_of_whose_edit_and_what_that_costs(session, day, client_as):
    plan_id, _rosa, _pedro, clients = day
    follow(session, plan_id, RemoveStop(clients[0]))
    session.commit()
    desk = client_as(Role.DISPATCHER)

    undone = text_of(edit(desk, plan_id, 1, "undo").text)
    redone = text_of(edit(desk, plan_id, 2, "redo").text)

    what = "de Sistema: Cliente 0-0 salió de la ruta de Rosa Vega"
    assert re.search(rf"Se deshizo, {what}\. \+.*? · \+1 parada", undone)
    assert re.search(rf"Se rehizo, {what}\. −.*? · −1 parada", redone)


def test_each_answer_says_anew_whether_the_plan_is_published(session, day, client_as):
    plan_id, _rosa, _pedro, clients = day
    services.publish(session, SYSTEM, plan_id, today=TOMORROW, zone=ZONE)
    session.commit()
    desk = client_as(Role.DISPATCHER)

    edited = edit(desk, plan_id, 0, "pin", client_id=clients[0]).text
    services.withdraw(session, SYSTEM, plan_id)
    session.commit()
    filtered = desk.get(f"/planes/{plan_id}/tablero/panel").text

    standing = r'(?s)<div id="board-standing" class="row" hx-swap-oob="true">(.*)</div>'
    assert "Publicado Con cambios sin publicar" in text_of(re.search(standing, edited)[1])
    assert text_of(re.search(standing, filtered)[1]).strip() == "Retirado"
    assert desk.get(f"/planes/{plan_id}/tablero").text.count("hx-swap-oob") == 0


def test_marks_of_the_board_go_with_the_published_plan(session, day, client_as):
    plan_id, _rosa, pedro, clients = day
    client = client_as(Role.DISPATCHER)
    edit(client, plan_id, 0, "lock", client_id=clients[0])

    client.post(f"/planes/{plan_id}/tablero/publicar", data={"version": 1})

    session.expire_all()
    published = queries.published_plan(session, TOMORROW)
    assert board_page(session, published.id).state.marks.locked == {clients[0]}
    assert pedro.id in board_page(session, published.id).state.routes


def test_the_board_asks_the_same_whatever_its_size(session, day, client_as, statements):
    plan_id, rosa, _pedro, _clients = day
    client = client_as(Role.SUPERVISOR)
    counts = []
    more = make_row(session, 12, column=4)
    left_out = NewSkipped(make_row(session, 1, column=5)[0].id, rosa.id, SkipCause.MAX_STOPS, {})
    for plan in (plan_id, make_board(session, [(rosa, more)], [left_out])):
        session.expunge_all()  # nothing is known from before
        del statements[:]
        client.get(f"/planes/{plan}/tablero")
        counts.append(sum(one.startswith("SELECT") for one in statements))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("part", ["mapa.json", "panel", ""])
def test_the_board_counts_no_figures_that_it_does_not_show(day, client_as, statements, part):
    client, path = client_as(Role.SUPERVISOR), f"/planes/{day[0]}/tablero/{part}".rstrip("/")
    del statements[:]

    assert client.get(path).status_code == 200

    assert [one for one in statements if "sum(route.travel_s)" in one] == []
    assert [one for one in statements if "GROUP BY skipped_client.plan_id" in one] == []


@pytest.fixture
def crowded(monkeypatch):
    """A board of two collectors counts as one of many."""
    monkeypatch.setattr(views, "MOST_LANES", 1)


def test_of_many_collectors_a_board_shows_the_stops_asked_for(session, day, client_as, crowded):
    plan_id, rosa, pedro, _clients = day
    desk, path = client_as(Role.DISPATCHER), f"/planes/{plan_id}/tablero"

    page = desk.get(f"{path}?gestor={rosa.id}").text
    both = desk.get(f"{path}/panel?gestor={rosa.id}&gestor={pedro.id}").text
    drawn = desk.get(f"{path}/mapa.json?gestor={rosa.id}").json

    own, others = order_of(session, plan_id, rosa), order_of(session, plan_id, pedro)
    assert all(f'data-client="{one}" data-position' in page for one in own)
    assert not any(f'data-client="{one}" data-position' in page for one in others)
    assert f"gestor={pedro.id}" in page
    assert all(f'data-client="{one}" data-position' in both for one in (*own, *others))
    assert [one["id"] for one in drawn["stops"]] == own
    assert len(drawn["lines"]) == 2


def test_a_lane_opens_when_it_gets_a_stop(session, day, client_as, crowded):
    plan_id, rosa, pedro, clients = day
    answer = edit(
        client_as(Role.DISPATCHER),
        plan_id,
        0,
        "move",
        client_id=clients[0],
        collector_id=pedro.id,
        gestor=rosa.id,
    )

    assert f'data-lanes="{" ".join(map(str, sorted((rosa.id, pedro.id))))}"' in answer.text


def test_what_was_proved_of_a_route_is_told_until_it_is_edited(session, day, client_as):
    plan_id, rosa, pedro, clients = day
    bound = {"upper_cents": 1_000, "made_cents": 990, "relaxed": []}
    plan = session.get_one(Plan, plan_id)
    plan.parameters = {**plan.parameters, "bounds": {str(rosa.id): bound, str(pedro.id): bound}}
    session.commit()
    client = client_as(Role.DISPATCHER)

    before = client.get(f"/planes/{plan_id}/tablero").text
    edit(client, plan_id, 0, "remove", client_id=clients[0])
    after = client.get(f"/planes/{plan_id}/tablero").text
    client.post(f"/planes/{plan_id}/tablero/publicar", data={"version": 1})

    assert [page.count("bajo lo mejor") for page in (before, after)] == [2, 1]
    session.expire_all()
    published = queries.published_plan(session, TOMORROW)
    assert "bounds" not in published.parameters
