"""A plan as a file: a line for each stop, a line on the map for each route."""

import csv
import io
import json

import pytest
from sqlalchemy import select

from collector_app.audit.models import AuditEntry
from collector_app.core.actor import Actor, Role
from collector_app.planning.services import store_plan
from tests.factories import make_client, make_user
from tests.planning.factories import CENTRE, new_plan
from tests.zones.factories import make_zone


def stored(session) -> int:
    collector = make_user(session)
    clients = [make_client(session, overdue_cents=150_000) for _ in range(2)]
    make_zone(session, clients, collector)
    plan_id = store_plan(session, Actor.system("test"), new_plan(collector, clients))
    session.commit()
    return plan_id


def test_a_plan_is_a_line_for_each_stop_in_pesos_and_local_hours(client_as, session, stopped_clock):
    plan_id = stored(session)

    answer = client_as(Role.DISPATCHER).get(f"/planes/{plan_id}/rutas.csv")

    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(line["Orden"], line["Llega"]) for line in lines] == [("1", "10:00"), ("2", "10:20")]
    assert lines[0]["Recuperación esperada"] == "310.0"


def test_a_plan_on_a_map_has_the_lines_of_its_routes(client_as, session, stopped_clock):
    plan_id = stored(session)

    told = json.loads(client_as(Role.SUPERVISOR).get(f"/planes/{plan_id}/rutas.geojson").data)

    (route,) = told["features"]
    assert route["geometry"]["type"] == "LineString"
    lon, lat = route["geometry"]["coordinates"][0]
    assert (lat, lon) == pytest.approx(CENTRE, abs=1e-5)
    assert route["properties"]["stops"] == 2
    assert session.scalar(select(AuditEntry.facts).where(AuditEntry.event == "list.downloaded"))


def test_a_plan_that_is_not_there_is_not_found(client_as, stopped_clock):
    assert client_as(Role.SUPERVISOR).get("/planes/999/rutas.csv").status_code == 404
