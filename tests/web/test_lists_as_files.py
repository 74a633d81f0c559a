"""Lists of the desk as files: what the page shows, all pages of it, and nothing that runs."""

import csv
import io
import json
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlalchemy import select

from collector_app.absences.rules import AbsenceKind
from collector_app.absences.services import record_absence
from collector_app.audit.models import AuditEntry
from collector_app.complaints.rules import ComplaintData, ComplaintKind
from collector_app.complaints.services import take_complaint
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.payments.services import annul_payment, record_payment
from collector_app.violations.queries import judge
from collector_app.violations.services import keep_verdict
from collector_app.visits.rules import Outcome, PersonMet
from tests.agreements.factories import make_agreement
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = date(2026, 3, 10)
FORMULA = "=HYPERLINK(0)"
PAGE_OF = {
    "/convenios/lista": "/convenios",
    "/zonas/seguimiento/zonas": "/zonas/seguimiento",
    "/zonas/seguimiento/colonias": "/zonas/seguimiento",
    "/zonas/seguimiento/clientes/lista": "/zonas/seguimiento/clientes",
    "/faltas/lista": "/faltas",
    "/quejas/lista": "/quejas",
    "/usuarios/lista": "/usuarios",
    "/recibos/lista": "/recibos",
    "/ausencias/lista": "/ausencias",
}
ON_A_MAP = [path for path in PAGE_OF if "colonias" in path or "seguimiento/clientes" in path]


@pytest.fixture
def house(session, stopped_clock):
    """One of everything, each with a name that a spreadsheet would take for a formula."""
    collector = make_user(session, full_name=FORMULA)
    supervisor = actor_of(make_user(session, Role.SUPERVISOR))
    debtor = make_client(session, name=FORMULA, neighbourhood="+Centro", address="@calle")
    make_zone(session, [debtor], collector, name="-Norte")
    make_agreement(session, supervisor, debtor)
    at_five = clock.at_second(TUESDAY, 5 * 3600, ZONE)
    make_visit(
        session,
        make_client(session, name=FORMULA),
        collector,
        started_at=at_five,
        received_at=at_five,
        person_met=PersonMet.NOBODY,
        outcome=Outcome.NOT_HOME,
    )
    keep_verdict(
        session,
        Actor.system("test"),
        judge(session, TUESDAY, TUESDAY, ZONE),
        TUESDAY,
        TUESDAY,
        ZONE,
    )
    told = ComplaintData(debtor.id, ComplaintKind.ILL_TREATMENT, "=me gritó", collector.id)
    take_complaint(session, supervisor, told, zone=ZONE)
    record_payment(session, actor_of(collector), payment_fact(debtor), zone=ZONE)
    record_absence(
        session, supervisor, collector.id, AbsenceKind.LEAVE, TUESDAY, TUESDAY, "-trámite"
    )
    session.commit()
    return collector, debtor


def lines_of(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize("path", PAGE_OF)
def test_a_page_offers_its_list_as_a_file_in_each_form(client_as, house, path):
    page = client_as(Role.ADMIN).get(PAGE_OF[path]).text

    kinds = ("csv", "xlsx", "geojson") if path in ON_A_MAP else ("csv", "xlsx")
    for kind in kinds:
        assert f"{path}.{kind}" in page


@pytest.mark.parametrize("path", PAGE_OF)
def test_no_cell_of_a_file_becomes_a_formula(client_as, house, path):
    desk = client_as(Role.ADMIN)

    lines = lines_of(desk.get(f"{path}.csv"))
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{path}.xlsx").data))

    assert lines
    cells = [cell for line in lines for cell in line.values() if cell]
    assert any(cell.startswith("'") for cell in cells)
    assert not [cell for cell in cells if cell[0] in "=+-@"]
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
    assert "f" not in kinds
    assert book.active.max_row == len(lines) + 1


@pytest.mark.parametrize("path", PAGE_OF)
def test_who_took_a_file_away_is_written_down(client_as, session, house, path):
    lines = lines_of(client_as(Role.ADMIN).get(f"{path}.csv"))

    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.event == "list.downloaded"))
    assert (entry.facts["format"], entry.facts["rows"]) == ("csv", len(lines))


@pytest.mark.parametrize("path", ON_A_MAP)
def test_on_a_map_each_line_has_its_place_longitude_first(client_as, house, path):
    told = json.loads(client_as(Role.ADMIN).get(f"{path}.geojson").data)

    for one in told["features"]:
        place = one["geometry"]["coordinates"]
        lon, lat = place[0][0] if one["geometry"]["type"] == "Polygon" else place
        assert (round(lon, 1), round(lat, 1)) == (-71.3, -29.9)


def test_a_colonia_is_outlined_counterclockwise_and_closed(client_as, house):
    told = json.loads(client_as(Role.ADMIN).get("/zonas/seguimiento/colonias.geojson").data)

    (ring,) = told["features"][0]["geometry"]["coordinates"]
    assert ring[0] == ring[-1]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
    assert area > 0


def test_clients_whom_nobody_visited_are_those_of_the_zone_asked_for(client_as, session, house):
    other = make_client(session, name="Ana Ruiz")
    zone = make_zone(session, [other], name="Sur")
    desk = client_as(Role.SUPERVISOR)

    (line,) = lines_of(desk.get(f"/zonas/seguimiento/clientes/lista.csv?zona={zone.id}"))

    assert (line["Cliente"], line["Zona"], line["Saldo vencido"]) == ("Ana Ruiz", "Sur", "1500.0")


def test_faltas_are_those_that_the_list_is_filtered_to(client_as, house):
    desk = client_as(Role.SUPERVISOR)

    (line,) = lines_of(desk.get("/faltas/lista.csv"))
    assert line["Cuándo"].startswith("2026-03-10T05:00")
    assert not lines_of(desk.get("/faltas/lista.csv?state=confirmed"))
    assert desk.get("/faltas/lista.csv?first=2026-03-10&to=2026-03-01").status_code == 422


def test_receipts_of_some_days_with_those_that_were_annulled(client_as, session, house):
    collector, debtor = house
    paid = record_payment(session, actor_of(collector), payment_fact(debtor), zone=ZONE)
    annul_payment(session, actor_of(make_user(session, Role.ADMIN)), paid.id, "doble", zone=ZONE)
    desk = client_as(Role.SUPERVISOR)

    lines = lines_of(desk.get("/recibos/lista.csv?first=2026-03-01&to=2026-03-10"))

    assert sorted((one["Importe"], one["Anulado"]) for one in lines) == [
        ("350.0", "No"),
        ("350.0", "Sí"),
    ]
    yesterday = TUESDAY - timedelta(days=1)
    assert not lines_of(desk.get(f"/recibos/lista.csv?first={yesterday}&to={yesterday}"))


@pytest.mark.parametrize(
    "days", ["first=2026-03-10&to=2026-03-09", "first=2024-03-10&to=2026-03-10", "first=ayer&to="]
)
def test_receipts_of_days_that_make_no_sense_say_what_is_wrong(client_as, house, days):
    answer = client_as(Role.SUPERVISOR).get(f"/recibos/lista.csv?{days}")

    assert answer.status_code == 422
    assert "Falta corregir algo" in answer.text


def test_an_agreement_tells_what_was_agreed_and_how_it_stands(client_as, house):
    (line,) = lines_of(client_as(Role.SUPERVISOR).get("/convenios/lista.csv"))

    told = line["Adeudo"], line["Descuento"], line["Total"], line["Pagos"], line["Primer pago"]
    assert told == ("1500.0", "150.0", "1350.0", "5", "2026-03-10")


@pytest.mark.parametrize("path", PAGE_OF)
def test_a_collector_takes_no_list_of_the_desk_away(client_as, house, path):
    assert client_as(Role.COLLECTOR).get(f"{path}.csv").status_code == 403
