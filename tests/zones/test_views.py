import html
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from collector_app.core import jobs
from collector_app.core.actor import Actor, Role
from collector_app.web import long_select
from collector_app.zones.models import ZoneProposal
from collector_app.zones.queries import owners, zones_on
from collector_app.zones.services import accept_proposal
from tests.factories import make_client, make_user
from tests.zones.factories import make_zone
from tests.zones.proposals import make_proposal

TODAY = date(2026, 3, 10)
TOMORROW = TODAY + timedelta(days=1)
DISPATCHER = Actor(user_id=None, role=Role.DISPATCHER)
# What tells a dispatcher that nothing is there, or that something can be done.
PROPOSE = "Proponer zonas"


def choices(from_on, *pairs):
    """The fields of the form: the zone and its collector, row by row."""
    fields = {"from_on": from_on.isoformat()}
    for n, (zone_id, collector_id) in enumerate(pairs):
        fields |= {f"zones-{n}-zone_id": zone_id, f"zones-{n}-collector_id": collector_id}
    return fields


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<script.*?</script>|<[^>]+>", " ", page, flags=re.S))


# The zones of today


def test_without_clients_the_page_says_what_to_do_first(session, client_as):
    page = client_as(Role.DISPATCHER).get("/zonas").text

    assert "Todavía no hay clientes en el mapa" in page
    assert PROPOSE not in page


def test_with_clients_but_no_zones_the_page_offers_to_draw_them(session, client_as):
    make_client(session)

    page = client_as(Role.DISPATCHER).get("/zonas").text

    assert "Aún no hay zonas" in page
    assert PROPOSE in page


def test_the_number_of_zones_offered_is_that_of_the_collectors(session, client_as):
    make_client(session)
    make_user(session)
    make_user(session)
    make_user(session, active=False)

    page = client_as(Role.DISPATCHER).get("/zonas/proponer").text

    assert re.search(r'name="zone_count"[^>]* value="2"', page)


def test_the_table_says_everything_the_map_shows(session, client_as):
    rosa = make_user(session, full_name="Rosa Vega")
    clients = [make_client(session) for _ in range(3)]
    make_zone(session, clients[:2], rosa, name="Zona 1 · Centro")
    make_zone(session, clients[2:], name="Zona 2 · Puerto")
    make_client(session, lat=None, lon=None)
    make_client(session)

    text = text_of(client_as(Role.SUPERVISOR).get("/zonas").text)

    assert re.search(r"Zona 1 Centro Rosa Vega 2 \d+ h (pareja|[+-]\d+ %)", text)
    assert re.search(r"Zona 2 Puerto Sin gestor Sin gestor 1 \d+ h", text)
    assert "Clientes sin zona 1" in text
    assert "Sin ubicación 1" in text


def test_a_supervisor_reads_and_changes_nothing(session, client_as):
    zone = make_zone(session, [make_client(session)], make_user(session))
    proposal = make_proposal(session, [make_client(session)])
    supervisor = client_as(Role.SUPERVISOR)

    pages = [supervisor.get("/zonas").text, supervisor.get(f"/zonas/propuestas/{proposal.id}").text]

    assert all(PROPOSE not in page and "<select" not in page for page in pages)
    for address in ("gestores", "proponer", "propuestas/1/aceptar", "propuestas/1/descartar"):
        assert supervisor.post(f"/zonas/{address}").status_code == 403
    assert owners(session, TODAY)[next(iter(owners(session, TODAY)))].zone_id == zone.id


def test_collectors_do_not_see_the_zones(session, client_as):
    assert client_as(Role.COLLECTOR).get("/zonas").status_code == 403


def test_a_name_from_the_cartera_stays_text(session, client_as):
    evil = "<img src=x onerror=alert(1)>${alert(2)}`{{ 7 * 7 }}"
    client = make_client(session, name=evil, neighbourhood=evil)
    make_zone(session, [client], make_user(session, full_name=evil), name=evil)
    proposal = make_proposal(session, [client])
    dispatcher = client_as(Role.DISPATCHER)

    pages = [dispatcher.get("/zonas").text, dispatcher.get(f"/zonas/propuestas/{proposal.id}").text]

    assert all("<img src=x" not in page for page in pages)
    scripts = "".join(re.findall(r"<script nonce.*?</script>", "".join(pages), re.S))
    assert "alert(2)" in scripts
    assert "${alert" not in scripts
    assert "`" not in scripts


# Who answers for each zone


def test_a_dispatcher_saves_several_collectors_at_once(session, client_as):
    rosa, luis = make_user(session), make_user(session)
    up, down = make_client(session), make_client(session)
    first, second = make_zone(session, [up], luis), make_zone(session, [down])

    answer = client_as(Role.DISPATCHER).post(
        "/zonas/gestores", data=choices(TOMORROW, (first.id, rosa.id), (second.id, luis.id))
    )

    assert answer.status_code == 303
    assert owners(session, TODAY)[up.id].collector_id == luis.id
    assert owners(session, TOMORROW)[up.id].collector_id == rosa.id
    assert owners(session, TOMORROW)[down.id].collector_id == luis.id


def test_a_zone_can_be_left_without_collector_on_the_page(session, client_as):
    client = make_client(session)
    zone = make_zone(session, [client], make_user(session))

    client_as(Role.ADMIN).post("/zonas/gestores", data=choices(TODAY, (zone.id, 0)))

    assert owners(session, TODAY)[client.id].collector_id is None


@pytest.mark.parametrize(("days", "status"), [(0, 303), (-1, 422)], ids=["today", "yesterday"])
def test_the_change_begins_today_at_the_earliest(session, client_as, days, status):
    zone = make_zone(session, [make_client(session)])
    chosen = choices(TODAY + timedelta(days=days), (zone.id, make_user(session).id))

    answer = client_as(Role.DISPATCHER).post("/zonas/gestores", data=chosen)

    assert answer.status_code == status


def test_somebody_who_is_no_collector_is_refused(session, client_as):
    supervisor = make_user(session, Role.SUPERVISOR)
    client = make_client(session)
    zone = make_zone(session, [client])

    answer = client_as(Role.DISPATCHER).post(
        "/zonas/gestores", data=choices(TODAY, (zone.id, supervisor.id))
    )

    assert answer.status_code == 422
    assert owners(session, TODAY)[client.id].collector_id is None


def test_a_collector_who_left_is_pointed_out(session, client_as):
    gone = make_user(session, full_name="Iván Soto", active=False)
    make_zone(session, [make_client(session)], gone)

    page = client_as(Role.DISPATCHER).get("/zonas").text

    assert "Iván Soto ya no está activo" in page


def test_a_form_of_zones_that_were_replaced_shows_those_of_now(session, client_as):
    make_zone(session, [make_client(session)], name="Zona 1 · Centro")

    answer = client_as(Role.DISPATCHER).post("/zonas/gestores", data={"from_on": "mañana"})

    assert answer.status_code == 422
    assert "Alguien lo cambió mientras tanto" in answer.text
    assert "Gestor de Zona 1 · Centro" in answer.text


# Clients without a zone


def test_clients_without_zone_join_that_of_their_neighbour_at_the_push_of_a_button(
    session, client_as
):
    zone = make_zone(session, [make_client(session)])
    near, far = make_client(session), make_client(session, lat=-20.0)
    dispatcher = client_as(Role.DISPATCHER)
    assert "/zonas/sin-zona" in dispatcher.get("/zonas").text

    dispatcher.post("/zonas/sin-zona")

    assert owners(session, TODAY)[near.id].zone_id == zone.id
    assert far.id not in owners(session, TODAY)
    page = dispatcher.get("/zonas").text
    assert "1 cliente entró a una zona." in page
    assert "1 cliente está a más de 25 km de todos" in page


def test_nobody_is_offered_to_join_when_all_have_a_zone(session, client_as):
    make_zone(session, [make_client(session)])

    assert "/zonas/sin-zona" not in client_as(Role.DISPATCHER).get("/zonas").text


# Proposing


def test_asking_for_zones_starts_a_job_and_shows_how_it_goes(session, client_as):
    make_client(session)
    dispatcher = make_user(session, Role.DISPATCHER)

    answer = client_as(dispatcher).post("/zonas/proponer", data={"zone_count": 1})

    assert answer.status_code == 303
    job = jobs.status(answer.location.rsplit("/", 1)[-1])
    assert job.kind == "zones_propose"
    assert job.started_by == dispatcher.id
    assert job.arguments["zone_count"] == 1
    assert job.arguments["job_id"] == job.job_id


@pytest.mark.parametrize("wish", ["", "0", "201", "muchas"])
def test_a_number_of_zones_that_makes_no_sense_is_explained(session, client_as, wish):
    make_client(session)

    answer = client_as(Role.DISPATCHER).post("/zonas/proponer", data={"zone_count": wish})

    assert answer.status_code == 422
    assert "Falta corregir algo" in answer.text


def test_lines_that_are_not_crossed_go_with_the_order_by_name(session, client_as):
    make_client(session)
    lines = "Río: -29.90,-71.25 -29.91,-71.25\n\n-29.92,-71.20 -29.93,-71.21"

    answer = client_as(Role.DISPATCHER).post(
        "/zonas/proponer", data={"zone_count": 1, "lines": lines}
    )

    told = jobs.status(answer.location.rsplit("/", 1)[-1]).arguments["barriers"]
    assert told == [
        {"name": "Río", "lines": [[[-29.90, -71.25], [-29.91, -71.25]]]},
        {"name": "Línea 3", "lines": [[[-29.92, -71.20], [-29.93, -71.21]]]},
    ]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("Río: -29.90,-71.25", "Río: al menos 2 esquinas distintas"),
        ("Río: -29.90,-71.25 -29.90,-71.25", "Río: al menos 2 esquinas distintas"),
        ("Río: -29.90,-71.25 norte", "Río: latitud,longitud en grados en la esquina 2, no «norte»"),
        ("-129.90,-71.25 -29.9,-71.2", "Línea 2: latitud,longitud en grados en la esquina 1"),
        ("Río:", "Río: al menos 2 esquinas distintas"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_lost(session, client_as, row, complaint):
    make_client(session)
    lines = f"Canal: -29.90,-71.25 -29.91,-71.25\n{row}"

    answer = client_as(Role.DISPATCHER).post(
        "/zonas/proponer", data={"zone_count": 1, "lines": lines}
    )

    assert answer.status_code == 422
    assert complaint in html.unescape(answer.text)
    assert lines in html.unescape(answer.text).replace("\r\n", "\n")


def test_from_todays_zones_as_many_are_asked_for_as_there_are(session, client_as):
    make_zone(session, [make_client(session)])
    dispatcher = client_as(Role.DISPATCHER)
    wish = {"from_today": "y", "zone_count": 2}

    refused = dispatcher.post("/zonas/proponer", data=wish)
    answer = dispatcher.post("/zonas/proponer", data=wish | {"zone_count": 1})

    assert refused.status_code == 422
    assert "Hoy hay 1 zona" in refused.text
    assert jobs.status(answer.location.rsplit("/", 1)[-1]).arguments["from_today"]


def test_the_page_to_propose_begins_with_as_many_zones_as_today(session, client_as):
    make_zone(session, [make_client(session)])
    make_zone(session, [make_client(session)])

    page = client_as(Role.DISPATCHER).get("/zonas/proponer").text

    assert re.search(r'name="zone_count"[^>]*value="2"', page)


def test_without_clients_on_the_map_there_is_nothing_to_propose(client_as):
    assert "Importar" in client_as(Role.DISPATCHER).get("/zonas/proponer").text


# A proposal


def test_todays_zones_made_even_stand_beside_a_cold_division_to_choose_from(session, client_as):
    rosa, luis = make_user(session, full_name="Rosa"), make_user(session, full_name="Luis")
    clients = [make_client(session) for _ in range(6)]
    make_zone(session, clients[:4], rosa)
    make_zone(session, clients[4:], luis)
    even = make_proposal(session, clients[:3], clients[3:])
    cold = make_proposal(session, [*clients[:2], clients[5]], clients[2:5], alternative_to=even)

    for shown, other in ((even, cold), (cold, even)):
        page = client_as(Role.DISPATCHER).get(f"/zonas/propuestas/{shown.id}").text
        text = text_of(page)
        assert "Dos maneras para elegir Dato Las de hoy, emparejadas Reparto nuevo" in text
        assert "Clientes que cambian de gestor 1 3" in text
        assert "Distancia media al centro de la zona, km 1.20 1.20" in text
        assert "Recorridos por todos los clientes, km 18 18" in text
        assert f'href="/zonas/propuestas/{other.id}"' in page
        assert "La ves ahora" in text


def test_a_cold_division_is_listed_alone_once_the_one_beside_it_is_put_aside(session, client_as):
    clients = [make_client(session) for _ in range(2)]
    even = make_proposal(session, clients)
    cold = make_proposal(session, clients, alternative_to=even)
    dispatcher = client_as(Role.DISPATCHER)
    both = dispatcher.get("/zonas").text

    dispatcher.post(f"/zonas/propuestas/{even.id}/descartar")

    assert f'href="/zonas/propuestas/{cold.id}"' not in both
    assert f'href="/zonas/propuestas/{cold.id}"' in dispatcher.get("/zonas").text


def test_choosing_one_of_two_ways_puts_the_other_aside(session, client_as):
    clients = [make_client(session) for _ in range(2)]
    even = make_proposal(session, clients)
    cold = make_proposal(session, clients, alternative_to=even)

    accept_proposal(session, DISPATCHER, cold.id, TODAY, {})

    assert cold.accepted_at
    assert even.discarded_at
    assert "Hay una propuesta" not in client_as(Role.DISPATCHER).get("/zonas").text


def test_a_proposal_is_shown_beside_the_zones_of_today(session, client_as):
    rosa, luis = make_user(session, full_name="Rosa"), make_user(session, full_name="Luis")
    clients = [make_client(session) for _ in range(4)]
    make_zone(session, clients, rosa)
    proposal = make_proposal(session, clients[:3], clients[3:])

    page = client_as(Role.DISPATCHER).get(f"/zonas/propuestas/{proposal.id}").text

    text = text_of(page)
    assert "Cambian de gestor 1 25 %" in text
    assert "Siguen con el mismo 3" in text
    chosen = re.findall(r'<option selected value="(\d+)">', page)
    assert chosen == [str(rosa.id), str(luis.id)]
    assert page.count('role="region" aria-label="Mapa') == 2


def test_collectors_who_end_without_a_zone_are_pointed_out(session, client_as):
    make_user(session, full_name="Rosa"), make_user(session, full_name="Luis")
    proposal = make_proposal(session, [make_client(session)])

    page = client_as(Role.DISPATCHER).get(f"/zonas/propuestas/{proposal.id}").text

    assert "Rosa queda sin zona: dale una, o pide más zonas." in text_of(page)


def test_the_changes_follow_the_collectors_chosen(session, client_as):
    rosa, luis = make_user(session), make_user(session)
    clients = [make_client(session) for _ in range(4)]
    make_zone(session, clients, rosa)
    proposal = make_proposal(session, clients[:3], clients[3:])
    chosen = choices(TODAY, (0, luis.id), (1, 0))

    page = client_as(Role.DISPATCHER).get(
        f"/zonas/propuestas/{proposal.id}/cambios", query_string=chosen
    )

    assert "Cambian de gestor 4" in text_of(page.text)
    assert "1 zona no tiene gestor" in page.text
    assert owners(session, TODAY)[clients[0].id].collector_id == rosa.id


def test_a_dispatcher_accepts_a_proposal(session, client_as):
    rosa = make_user(session)
    client = make_client(session)
    make_zone(session, [client])
    proposal = make_proposal(session, [client])
    dispatcher = client_as(Role.DISPATCHER)

    answer = dispatcher.post(
        f"/zonas/propuestas/{proposal.id}/aceptar", data=choices(TOMORROW, (0, rosa.id))
    )

    assert answer.status_code == 303
    assert owners(session, TOMORROW)[client.id].collector_id == rosa.id
    page = dispatcher.get("/zonas").text
    assert "Listo: queda 1 zona." in page
    assert "empiezan otras zonas" in page


def test_a_stale_proposal_says_why_it_is_refused(session, client_as):
    proposal = make_proposal(session, [make_client(session)])
    make_client(session)
    dispatcher = client_as(Role.DISPATCHER)
    address = f"/zonas/propuestas/{proposal.id}"

    answer = dispatcher.post(f"{address}/aceptar", data=choices(TODAY, (0, 0)))

    assert answer.location == address
    assert "1 de 2 clientes llegaron después" in dispatcher.get(address).text
    assert zones_on(session, TODAY) == []


def test_a_day_that_passed_is_refused_on_the_page(session, client_as):
    proposal = make_proposal(session, [make_client(session)])
    yesterday = TODAY - timedelta(days=1)

    answer = client_as(Role.DISPATCHER).post(
        f"/zonas/propuestas/{proposal.id}/aceptar", data=choices(yesterday, (0, 0))
    )

    assert answer.status_code == 422
    assert "Ese día ya pasó" in answer.text


def test_a_proposal_can_be_put_aside(session, client_as):
    proposal = make_proposal(session, [make_client(session)])
    dispatcher = client_as(Role.DISPATCHER)

    dispatcher.post(f"/zonas/propuestas/{proposal.id}/descartar")

    session.expire_all()
    assert session.scalar(select(ZoneProposal.discarded_at)) is not None
    page = dispatcher.get(f"/zonas/propuestas/{proposal.id}").text
    assert "Se descartó" in page
    assert "Aceptar la propuesta" not in page


def test_an_accepted_proposal_can_only_be_read(session, client_as):
    proposal = make_proposal(session, [make_client(session)])
    accept_proposal(session, DISPATCHER, proposal.id, TODAY, {})

    page = client_as(Role.DISPATCHER).get(f"/zonas/propuestas/{proposal.id}").text

    assert "Se aceptó" in page
    assert "<select" not in page


def test_open_proposals_are_offered_on_the_page_of_the_zones(session, client_as):
    proposal = make_proposal(session, [make_client(session)])

    page = client_as(Role.SUPERVISOR).get("/zonas").text

    assert f'href="/zonas/propuestas/{proposal.id}"' in page


def test_an_unknown_proposal_is_a_404(session, client_as):
    assert client_as(Role.DISPATCHER).get("/zonas/propuestas/99").status_code == 404


def test_with_many_collectors_the_page_holds_their_list_once(client_as, session, monkeypatch):
    monkeypatch.setattr(long_select, "MOST_REPEATED", 2)
    people = [make_user(session, full_name=f"Gestora {n}") for n in range(5)]
    for who in people:
        make_zone(session, [make_client(session)], who)
    session.commit()

    page = client_as(Role.DISPATCHER).get("/zonas").text
    read = client_as(Role.SUPERVISOR).get("/zonas").text

    assert page.count(">Gestora 3</option>") == 2  # in its own row, and in the whole list
    assert page.count('id="shared-choices"') == 1
    assert "shared-choices" not in read
    assert "Gestora 3" in read
