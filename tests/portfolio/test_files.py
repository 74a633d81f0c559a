"""The cartera as a file: what the list shows, safe to open, and written down."""

import csv
import io
import json

import openpyxl
import pytest
from sqlalchemy import select

from collector_app.audit.models import AuditEntry
from collector_app.core.actor import Role
from tests.factories import make_client


def lines_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.fixture
def cartera(session, stopped_clock):
    found = make_client(session, name="Ana Ruiz", municipality="Tlalpan", lat=19.3, lon=-99.2)
    make_client(session, name="=HYPERLINK(0)", municipality="Coyoacán", lat=None, lon=None)
    session.commit()
    return found


def test_the_file_holds_what_the_list_is_filtered_to(client_as, cartera):
    desk = client_as(Role.SUPERVISOR)

    (line,) = lines_of(desk.get("/cartera/lista.csv?municipio=Tlalpan"))

    assert (line["Número"], line["Nombre"]) == (cartera.external_id, "Ana Ruiz")
    assert len(lines_of(desk.get("/cartera/lista.csv"))) == 2


def test_no_name_becomes_a_formula(client_as, cartera):
    desk = client_as(Role.DISPATCHER)

    names = {line["Nombre"] for line in lines_of(desk.get("/cartera/lista.csv"))}
    book = openpyxl.load_workbook(io.BytesIO(desk.get("/cartera/lista.xlsx").data))

    assert names == {"Ana Ruiz", "'=HYPERLINK(0)"}
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_on_a_map_clients_lie_where_they_live_longitude_first(client_as, cartera):
    told = json.loads(client_as(Role.ADMIN).get("/cartera/lista.geojson").data)

    places = {one["properties"]["name"]: one["geometry"] for one in told["features"]}
    assert places["Ana Ruiz"] == {"type": "Point", "coordinates": [-99.2, 19.3]}
    assert places["=HYPERLINK(0)"] is None


def test_it_is_written_down_who_took_how_many_away(client_as, session, cartera):
    client_as(Role.SUPERVISOR).get("/cartera/lista.xlsx?municipio=Tlalpan")

    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.event == "list.downloaded"))
    assert entry.actor_id is not None
    assert (entry.facts["format"], entry.facts["rows"]) == ("xlsx", 1)


def test_the_buttons_keep_the_filter(client_as, cartera):
    page = client_as(Role.SUPERVISOR).get("/cartera?municipio=Tlalpan").text

    for kind in ("xlsx", "csv", "geojson"):
        assert f"/cartera/lista.{kind}?municipio=Tlalpan" in page


def test_a_collector_takes_no_list_away(client_as, cartera):
    assert client_as(Role.COLLECTOR).get("/cartera/lista.csv").status_code == 403
