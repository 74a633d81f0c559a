"""Whole lists as files: every row once, readable where people open them, and safe to open."""

import csv
import io
import json

import openpyxl
import pytest
from sqlalchemy import select

from collector_app.api.resources import RESOURCES
from collector_app.api.rules import MEDIA_TYPES, FileFormat
from collector_app.api.views.access import FILES_PER_MINUTE
from collector_app.core import clock
from collector_app.portfolio.models import Credit, CreditorWord
from tests.compliance.factories import give_credits, make_creditor
from tests.factories import make_client, owes_in


def lines_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_every_list_comes_as_every_file_that_it_offers(call, field, name):
    for wanted in RESOURCES[name].formats:
        answer = call(f"{name}?format={wanted}")

        assert answer.status_code == 200
        assert answer.data
        assert answer.mimetype == MEDIA_TYPES[wanted]
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}.{wanted}"
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_sheet_has_the_fields_of_the_rows_as_columns(call, field):
    client = field[0]
    (line,) = lines_of(call("clients?format=csv"))
    titles, cells = openpyxl.load_workbook(
        io.BytesIO(call("clients?format=xlsx").data)
    ).active.iter_rows(values_only=True)
    (row,) = call("clients").json["rows"]

    assert set(line) == set(titles) == set(row) - {"credits"}  # a cell holds no list of things
    assert line["number"] == client.external_id
    assert line["overdue_cents"] == "150000"
    assert dict(zip(titles, cells, strict=True))["overdue_cents"] == 150_000


def test_files_name_the_creditors_of_a_client_in_one_cell(call, session, field):
    client = field[0]
    session.add(Credit(client_id=client.id, external_id="CR-OTRO", product="Auto"))
    session.flush()
    give_credits(session, client, make_creditor(session, "cl", "Banco Austral"))
    other = session.scalars(select(Credit).where(Credit.external_id == "CR-OTRO")).one()
    shop = make_creditor(session, None, "Tiendas")
    session.add(CreditorWord(credit_id=other.id, creditor_id=shop.id, told_at=clock.now()))
    session.commit()

    (line,) = lines_of(call("clients?format=csv"))
    (place,) = call("clients?format=geojson").json["features"]

    assert line["creditors"] == "Banco Austral; Tiendas"
    assert place["properties"]["creditors"] == "Banco Austral; Tiendas"
    assert "credits" not in place["properties"]


@pytest.mark.parametrize("name", ["clients", "payments", "plans", "promises"])
def test_files_name_the_currency_of_their_money(call, session, field, name):
    owes_in(session, field[0], "USD")
    session.commit()

    assert [line["currency"] for line in lines_of(call(f"{name}?format=csv"))] == ["USD"]
    if name == "clients":
        (place,) = call("clients?format=geojson").json["features"]
        assert place["properties"]["currency"] == "USD"


def test_a_plan_is_a_line_for_each_stop(call, field):
    (line,) = lines_of(call("plans?format=csv"))

    (plan,) = call("plans").json["rows"]
    (route,) = plan["routes"]
    assert line["plan_id"] == str(plan["id"])
    assert line["client_id"] == str(route["stops"][0]["client_id"])
    assert line["collector_id"] == str(route["collector_id"])


def test_a_map_has_the_clients_where_they_live_longitude_first(call, session, field):
    client = field[0]
    nowhere = make_client(session, lat=None, lon=None)
    session.commit()

    told = json.loads(call("clients?format=geojson").data)

    places = {one["id"]: one["geometry"] for one in told["features"]}
    assert told["type"] == "FeatureCollection"
    assert places[client.id] == {"type": "Point", "coordinates": [client.lon, client.lat]}
    assert places[nowhere.id] is None


def test_a_map_of_zones_has_their_outlines_and_no_second_copy_of_them(call, field):
    zone = field[1]

    (feature,) = json.loads(call("zones?format=geojson").data)["features"]

    assert feature["geometry"] == zone.outline
    assert feature["properties"]["client_count"] == 1
    assert "outline" not in feature["properties"]


@pytest.mark.parametrize("name", ["=HYPERLINK(0)", "+1+1", "@SUM(A1)", "\t=1"])
def test_a_name_never_becomes_a_formula(call, session, name):
    make_client(session, name=name)
    session.commit()

    (line,) = lines_of(call("clients?format=csv"))
    sheet = openpyxl.load_workbook(io.BytesIO(call("clients?format=xlsx").data)).active
    cells = {title.value: cell for title, cell in zip(*sheet.iter_rows(), strict=True)}

    assert line["name"] == "'" + name
    assert cells["name"].data_type == "s"


def test_a_file_holds_every_row_once_however_many_pages_it_takes(call, session, monkeypatch):
    monkeypatch.setattr("collector_app.api.files.MOST_ROWS", 3)
    made = [make_client(session).id for _ in range(10)]
    session.commit()

    assert [int(one["id"]) for one in lines_of(call("clients?format=csv"))] == sorted(made)
    rest = lines_of(call(f"clients?format=csv&after={made[5]}"))
    assert [int(one["id"]) for one in rest] == sorted(made)[6:]


def test_a_list_without_rows_is_a_file_all_the_same(call, stopped_clock):
    assert lines_of(call("visits?format=csv")) == []
    assert json.loads(call("visits?format=geojson").data)["features"] == []


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("text/csv", "text/csv"),
        ("application/geo+json, application/json;q=0.5", "application/geo+json"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
    ],
)
def test_the_header_accept_chooses_as_the_address_does(call, field, accept, mimetype):
    answer = call("clients", accept=accept)

    assert answer.data
    assert answer.mimetype == mimetype
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("query", "field_name"),
    [
        ("promises?format=geojson", "format"),
        ("clients?format=pdf", "format"),
        ("clients?format=csv&limit=5", "limit"),
        ("clients?format=csv&page=1", "page"),
    ],
)
def test_a_file_that_cannot_be_made_is_refused_by_name(call, stopped_clock, query, field_name):
    answer = call(query)

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == field_name


def test_a_key_takes_so_many_files_a_minute_and_goes_on_with_pages(call, stopped_clock):
    for _ in range(FILES_PER_MINUTE):
        assert lines_of(call(f"zones?format={FileFormat.CSV}")) == []

    assert call(f"zones?format={FileFormat.CSV}").status_code == 429
    assert call("zones").status_code == 200
