import re

import pytest

from collector_app.accounts.models import User
from collector_app.core.actor import Role
from collector_app.studio import queries
from collector_app.studio.models import ZoneDraft
from collector_app.studio.rules import EditKind, MergeZones, MoveClients
from collector_app.zones.queries import zones_on
from tests.factories import make_client, make_user
from tests.planning.factories import HOUR_S, make_workday
from tests.studio.drafts import follow, make_draft
from tests.zones.factories import make_zone
from tests.zones.proposals import make_proposal
from tests.zones.test_views import TODAY, TOMORROW, text_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def town(session):
    up = [make_client(session, lat=-29.90 - n / 900, name=f"Clienta {n}") for n in range(3)]
    down = [make_client(session, lat=-29.95 - n / 900, neighbourhood="Puerto") for n in range(2)]
    rosa = make_user(session, full_name="Rosa Vega")
    return make_zone(session, up, rosa, name="Norte"), make_zone(session, down, name="Sur"), up


@pytest.fixture
def draft(session, town):
    return make_draft(session)


def edit(client, draft, version, kind, **fields):
    data = {"version": version, "kind": kind, **fields}
    return client.post(f"/zonas/borradores/{draft.id}/cambios", data=data, headers=HTMX)


def test_a_draft_begins_from_the_page(session, town, client_as):
    answer = client_as(Role.DISPATCHER).post("/zonas/borradores", data={"name": "Marzo"})

    (draft,) = session.query(ZoneDraft)
    assert answer.location == f"/zonas/borradores/{draft.id}"
    assert "Marzo" in client_as(Role.SUPERVISOR).get("/zonas/borradores").text


def test_a_draft_without_name_is_asked_for_one(session, town, client_as):
    answer = client_as(Role.DISPATCHER).post("/zonas/borradores", data={"name": " "})

    assert answer.status_code == 422
    assert "Ponle un nombre." in answer.text


def test_a_proposal_is_opened_in_the_studio(session, town, client_as):
    proposal = make_proposal(session, town[2])

    answer = client_as(Role.DISPATCHER).post(f"/zonas/borradores/de-propuesta/{proposal.id}")

    page = client_as(Role.DISPATCHER).get(answer.location).text
    assert "Zona 1 · Centro" in text_of(page)


def test_the_table_says_what_the_map_shows(draft, client_as):
    text = text_of(client_as(Role.SUPERVISOR).get(f"/zonas/borradores/{draft.id}").text)

    assert re.search(r"Norte Rosa Vega 3 \d+ h .+? \d\.\d \d+ \$4,500\.00 0", text)
    assert re.search(r"Sur Sin gestor 2 \d+ h", text)


def test_an_edit_answers_with_the_new_figures_and_says_what_it_did(draft, town, client_as):
    _north, south, up = town
    answer = edit(
        client_as(Role.DISPATCHER), draft, 0, "move", zone=south.id, chosen=f"{up[0].id},{up[1].id}"
    )

    assert answer.status_code == 200
    assert 'data-version="1"' in answer.text
    assert "Mover clientes: 2 clientes cambian de zona" in text_of(answer.text)
    assert answer.text.lstrip().startswith("<section")  # the panel alone


def test_an_edit_on_an_old_page_changes_nothing_and_shows_what_is_new(
    session, draft, town, client_as
):
    _north, south, up = town
    follow(session, draft, MoveClients((up[0].id,), south.id))
    session.commit()

    answer = edit(client_as(Role.DISPATCHER), draft, 0, "move", zone=south.id, chosen=str(up[1].id))

    assert answer.status_code == 409
    assert "Otra persona cambió este borrador" in answer.text
    assert 'data-version="1"' in answer.text
    assert queries.history(session, draft.id).version == 1


def test_without_script_an_edit_leads_back_to_the_page(draft, town, client_as):
    dispatcher = client_as(Role.DISPATCHER)
    address = f"/zonas/borradores/{draft.id}"

    answer = dispatcher.post(
        f"{address}/cambios", data={"version": 0, "kind": "lock", "zone": town[0].id}
    )

    assert answer.location == address
    assert "Bloqueada" in dispatcher.get(address).text


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("move", {"zone": 1}, "elige al menos uno"),
        ("move", {"zone": 1, "chosen": "1,dos"}, "elige al menos uno"),
        ("move", {"chosen": "1"}, "la zona"),
        ("redraw", {"zone": 1, "ring": "-29,-71 -30,-72"}, "al menos 3 esquinas"),
        ("redraw", {"zone": 1, "ring": "-29,-71 -30,-72 no"}, "en la esquina 3, no «no»"),
        ("redraw", {"zone": 1, "ring": "-29,-71 -30,-72 -129,0"}, "en la esquina 3, no «-129,0»"),
        ("rename", {"zone": 1, "name": "  "}, "escríbelo"),
        ("note", {"note": " "}, "escríbela"),
        ("merge", {"zone": 1}, "la otra zona"),
    ],
)
def test_what_an_edit_lacks_is_named(draft, client_as, kind, fields, expected):
    answer = edit(client_as(Role.DISPATCHER), draft, 0, kind, **fields)

    assert answer.status_code == 422
    assert expected in answer.text


@pytest.mark.parametrize("fields", [{"kind": "explode", "version": 0}, {"kind": "undo"}])
def test_an_edit_of_no_known_kind_or_version_is_refused(session, draft, client_as, fields):
    answer = client_as(Role.DISPATCHER).post(
        f"/zonas/borradores/{draft.id}/cambios", data=fields, headers=HTMX
    )

    assert answer.status_code == 422
    assert queries.history(session, draft.id).version == 0


def test_clients_are_chosen_by_zone_colonia_and_name(draft, town, client_as):
    dispatcher = client_as(Role.DISPATCHER)
    address = f"/zonas/borradores/{draft.id}/clientes"

    def names(query):
        return re.findall(r"Elegir a ([^\"]+)\"", dispatcher.get(f"{address}?{query}").text)

    assert len(names("")) == 5
    assert names(f"zona={town[0].id}&q=clienta+1") == ["Clienta 1"]
    assert len(names("colonia=Puerto")) == 2
    assert names("zona=0") == []
    assert len(names("zona=x")) == 5


def test_all_of_a_list_are_moved_at_once(session, draft, town, client_as):
    _north, south, _up = town
    client = client_as(Role.DISPATCHER)
    page = client.get(f"/zonas/borradores/{draft.id}/clientes?colonia=Centro").text
    everybody = re.search(r'name="chosen" value="([\d,]+)"', page)[1]

    edit(client, draft, 0, "move", zone=south.id, chosen=everybody)

    assert len(queries.draft_page(session, draft.id).state.members(south.id)) == 5


def test_the_map_gets_an_outline_for_each_zone_and_the_zone_of_each_client(draft, town, client_as):
    supervisor = client_as(Role.SUPERVISOR)
    places = supervisor.get(f"/zonas/borradores/{draft.id}/lugares.json").json
    state = supervisor.get(f"/zonas/borradores/{draft.id}/mapa.json").json

    assert len(places["ids"]) == len(places["cells"]) == len(state["zone_of"]) == 5
    assert [zone["name"] for zone in state["zones"]] == ["Norte", "Sur"]
    assert all(zone["outline"]["type"] in ("Polygon", "MultiPolygon") for zone in state["zones"])
    assert state["version"] == 0


def test_every_kind_of_edit_is_followed_or_refused_with_a_reason(session, draft, client_as):
    dispatcher = client_as(Role.DISPATCHER)

    for kind in EditKind:
        version = queries.history(session, draft.id).version
        session.rollback()
        assert edit(dispatcher, draft, version, kind.value).status_code < 500, kind


def test_a_draft_is_published_with_its_date(session, draft, client_as):
    answer = client_as(Role.DISPATCHER).post(
        f"/zonas/borradores/{draft.id}/publicar",
        data={"version": 0, "from_on": TOMORROW.isoformat(), "note": "Marzo"},
    )

    assert answer.location == "/zonas"
    assert len(zones_on(session, TOMORROW)) == 2


@pytest.mark.parametrize(
    "fields",
    [{"version": "x", "from_on": "2026-03-11"}, {"version": 0, "from_on": "2026-03-09"}, {}],
)
def test_a_publication_without_version_or_with_a_day_that_passed_is_refused(
    session, draft, client_as, fields
):
    answer = client_as(Role.DISPATCHER).post(f"/zonas/borradores/{draft.id}/publicar", data=fields)

    assert answer.status_code == 422
    assert session.get(ZoneDraft, draft.id).published_at is None


def test_a_supervisor_adjusts_and_does_not_publish(draft, town, client_as):
    supervisor = client_as(Role.SUPERVISOR)

    assert edit(supervisor, draft, 0, "lock", zone=town[0].id).status_code == 200
    assert "Publicar" not in supervisor.get(f"/zonas/borradores/{draft.id}").text
    assert supervisor.post(f"/zonas/borradores/{draft.id}/publicar").status_code == 403


def test_a_published_draft_is_shown_and_not_changed(session, draft, town, client_as):
    client = client_as(Role.DISPATCHER)
    client.post(
        f"/zonas/borradores/{draft.id}/publicar",
        data={"version": 0, "from_on": TODAY.isoformat()},
    )

    assert edit(client, draft, 0, "lock", zone=town[0].id).status_code == 409
    page = client.get(f"/zonas/borradores/{draft.id}").text
    assert "Se publicó" in page
    assert "Deshacer" not in page


def test_a_name_from_outside_stays_text(session, client_as):
    evil = "<img src=x onerror=alert(1)>"
    client = make_client(session, name=evil, neighbourhood=evil)
    make_zone(session, [client], make_user(session, full_name=evil), name=evil)
    draft = make_draft(session, name=evil)
    dispatcher = client_as(Role.DISPATCHER)

    for path in ("", "/clientes"):
        assert "<img src=x" not in dispatcher.get(f"/zonas/borradores/{draft.id}{path}").text


def test_zones_are_proposed_anew_and_made_even_from_the_panel(session, town, draft, client_as):
    dispatcher = client_as(Role.DISPATCHER)

    divided = edit(dispatcher, draft, 0, "divide", zone_count="3")
    fewest = edit(dispatcher, draft, 1, "fewest", most_day_h="8")
    even = edit(dispatcher, draft, 2, "rebalance")

    assert divided.status_code == fewest.status_code == 200
    assert "Repartir en zonas nuevas: " in text_of(divided.text)
    assert len(queries.draft_page(session, draft.id).state.zones) == 1
    assert even.status_code == 409
    assert "No hubo a quién mover" in text_of(even.text)


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("divide", {}, "cuántas zonas: escríbelo"),
        ("divide", {"zone_count": "0"}, "0 zonas"),
        ("fewest", {}, "las horas al día: escríbelas"),
        ("fewest", {"most_day_h": "40"}, "De 1.0 a 16.0 horas."),
    ],
)
def test_a_division_that_cannot_be_made_says_what_was_expected(
    draft, client_as, kind, fields, said
):
    answer = edit(client_as(Role.DISPATCHER), draft, 0, kind, **fields)

    assert answer.status_code in (409, 422)
    assert said in text_of(answer.text)


def test_a_draft_is_shown_beside_the_zones_in_force(session, town, draft, client_as):
    follow(session, draft, MoveClients((town[2][0].id,), town[1].id))

    page = client_as(Role.SUPERVISOR).get(f"/zonas/borradores/{draft.id}/comparar").text

    assert "Rosa Vega 3 hoy → 2 con el borrador" in text_of(page)
    assert page.count('class="map') >= 2
    assert "no tiene jornada: le toca lo mismo que al promedio" in text_of(page)
    assert "Las horas de cada gestor van por la ley de la casa" in text_of(page)


def test_a_draft_that_leaves_a_collector_without_a_zone_says_so(session, town, draft, client_as):
    north, south, _up = town
    follow(session, draft, MergeZones(north.id, south.id))

    page = client_as(Role.SUPERVISOR).get(f"/zonas/borradores/{draft.id}/comparar").text

    assert "queda sin zona: dale una, o pide más zonas." in text_of(page)


def test_a_draft_says_how_many_would_be_visited_by_nobody(session, draft, town, client_as):
    north, south, _up = town
    address = f"/zonas/borradores/{draft.id}"
    assert "2 clientes están en zonas sin gestor" in client_as(Role.SUPERVISOR).get(address).text

    follow(session, draft, MergeZones(south.id, north.id))

    assert "sin gestor: nadie" not in client_as(Role.SUPERVISOR).get(address).text


def test_a_lasso_that_crosses_itself_is_named_and_what_it_encloses_is_taken(draft, town, client_as):
    _north, south, _up = town
    bow = "-29,-72 -29,-70 -31,-72 -31,-70"

    answer = edit(client_as(Role.DISPATCHER), draft, 0, "redraw", zone=south.id, ring=bow)

    assert answer.status_code == 200
    assert "El lazo se cruza a sí mismo" in answer.text


def test_more_zones_than_places_are_drawn_as_far_as_they_go_and_that_is_said(draft, client_as):
    answer = edit(client_as(Role.DISPATCHER), draft, 0, "divide", zone_count=6)

    assert answer.status_code == 200
    assert "Se pidieron 6 zonas y no hay tantos lugares distintos" in answer.text
    assert answer.text.count("data-zone-row") == 5


def test_the_hours_that_each_collector_has_stand_beside_those_of_the_zone(
    session, draft, town, client_as
):
    rosa = session.query(User).filter_by(full_name="Rosa Vega").one()
    make_workday(session, rosa, ends_s=9 * HOUR_S + 60, weekdays="1000000")
    luis = make_user(session, full_name="Luis Mora")
    make_workday(session, luis)
    session.flush()

    page = text_of(client_as(Role.DISPATCHER).get(f"/zonas/borradores/{draft.id}").text)

    # Three minutes a month, one on each Monday, are less than three clients ask.
    assert "y su gestor tiene 0 h" in page
    assert "sin jornada" in page
    assert "Las horas de cada gestor van por la ley de la casa" in page
    assert "Luis Mora queda sin zona" in page


def test_a_collector_who_sets_off_far_from_everybody_is_named(session, draft, client_as):
    rosa = session.query(User).filter_by(full_name="Rosa Vega").one()
    make_workday(session, rosa, start_lat=19.4, start_lon=-99.1)
    session.flush()

    page = text_of(client_as(Role.DISPATCHER).get(f"/zonas/borradores/{draft.id}").text)

    assert "Rosa Vega sale de un lugar a más de 25 km de todos los clientes" in page


def test_a_barrier_is_drawn_listed_and_lifted(draft, client_as):
    dispatcher = client_as(Role.DISPATCHER)

    drawn = edit(dispatcher, draft, 0, "barrier", ring="-29.93,-71.3 -29.93,-71.2")
    lifted = edit(dispatcher, draft, 1, "passage", position=0)

    assert "Quitar Línea dibujada" in text_of(drawn.text)
    assert "solo se une cruzando una barrera" in text_of(drawn.text)
    assert lifted.status_code == 200
    assert "Quitar Línea dibujada" not in text_of(lifted.text)


def test_clients_are_bound_and_freed_from_the_list(session, draft, town, client_as):
    dispatcher, (_north, south, up) = client_as(Role.DISPATCHER), town
    page = f"/zonas/borradores/{draft.id}/clientes"

    edit(dispatcher, draft, 0, "bind", zone=south.id, client_ids=[up[0].id])
    bound = text_of(dispatcher.get(page).text)
    edit(dispatcher, draft, 1, "free", client_ids=[up[0].id])

    assert bound.count("Sur Fijo") == 1
    assert "Sur Fijo" not in text_of(dispatcher.get(page).text)


def test_all_of_a_block_are_listed_without_a_mouse(draft, town, client_as):
    dispatcher, (_north, _south, up) = client_as(Role.DISPATCHER), town
    page = f"/zonas/borradores/{draft.id}/clientes"
    block = re.search(
        r'href="([^"]*celda=[^"]*)"[^>]*>Su cuadra<[^(]*\(Clienta 0\)', dispatcher.get(page).text
    )

    listed = text_of(dispatcher.get(block[1]).text)

    assert "Clienta 0" in listed
    assert "Puerto" not in listed.partition("Solo los que viven")[2]
    assert up[0].name == "Clienta 0"
