"""Drafts that begin with the polygons of a file or of the city, and zones that leave as files."""

import json
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import shapely

from collector_app.core.actor import Role
from collector_app.studio import queries, services
from collector_app.studio.borders import BORDER_FORMATS, Area, read_borders
from collector_app.studio.models import ZoneDraft
from collector_app.studio.rules import (
    BorderFault,
    DraftOrigin,
    NobodyInside,
    TooManyAreas,
)
from collector_app.studio.services import FirstBorders
from tests.factories import make_client, make_user
from tests.studio.drafts import OFFICE, make_draft
from tests.zones.factories import make_zone
from tests.zones.test_views import TODAY, text_of

ZONE = ZoneInfo("America/Mexico_City")

NORTH = shapely.box(-71.30, -29.92, -71.20, -29.88)
SOUTH = shapely.box(-71.30, -29.97, -71.20, -29.93)


@pytest.fixture
def town(session):
    """Three clients in the north, two in the south, one far out."""
    return [
        make_client(session, lat=lat, lon=-71.25 - n / 1000)
        for n, lat in enumerate((-29.90, -29.901, -29.902, -29.95, -29.951, -29.99))
    ]


def begin(session, *areas, zone_count=None, origin=DraftOrigin.FILE):
    first = FirstBorders("Polígonos", origin, areas, zone_count)
    draft = services.begin_from_borders(session, OFFICE, first, TODAY, ZONE)
    session.flush()
    return queries.draft_page(session, draft.id)


def test_each_area_with_clients_becomes_a_zone(session, town):
    page = begin(session, Area("Norte", NORTH, ""), Area("Sur", SOUTH, ""))

    assert page.row.origin is DraftOrigin.FILE
    assert [
        (zone.name, len(page.state.members(key))) for key, zone in page.state.zones.items()
    ] == [
        ("Norte", 3),
        ("Sur", 2),
    ]
    assert [(one.fault, one.clients) for one in page.findings] == [(BorderFault.OUTSIDE, 1)]


def test_the_collector_that_a_file_names_answers_for_the_zone(session, town):
    ana = make_user(session, full_name="Ana Díaz")

    page = begin(
        session,
        Area("Norte", NORTH, "", collector="ana díaz"),
        Area("Sur", SOUTH, "", collector="Quién Sabe"),
    )

    assert [zone.collector_id for zone in page.state.zones.values()] == [ana.id, None]
    assert page.findings[-1].fault is BorderFault.NO_COLLECTOR
    assert page.findings[-1].other == "Quién Sabe"


def test_areas_are_joined_whole_into_even_zones(session, town):
    strips = [
        Area(f"AGEB {n}", shapely.box(-71.3, south, -71.2, south + 0.001), "")
        for n, south in enumerate((-29.9005, -29.9015, -29.9025, -29.9505, -29.9515))
    ]

    page = begin(session, *strips, zone_count=2)

    assert len(page.state.zones) == 2
    assert set(page.state.zone_of) == {client.id for client in town}


def test_borders_without_any_client_are_refused(session, town):
    with pytest.raises(NobodyInside):
        begin(session, Area("Lejos", shapely.box(0, 0, 1, 1), ""))


def test_more_areas_than_zones_are_refused_unless_they_are_joined(session, town, monkeypatch):
    monkeypatch.setattr("collector_app.studio.services.from_borders.MAX_ZONES", 1)

    with pytest.raises(TooManyAreas) as refusal:
        begin(session, Area("Norte", NORTH, ""), Area("Sur", SOUTH, ""))

    assert refusal.value.facts == {"areas": 2, "most": 1}


# -- pages


def upload(client, data, **fields):
    sent = {"name": "De archivo", "file": (BytesIO(data), "zonas.geojson"), **fields}
    return client.post("/zonas/borradores/de-archivo", data=sent)


def collection(*shapes):
    features = [
        {"properties": {"nombre": f"Z{n}"}, "geometry": json.loads(shapely.to_geojson(shape))}
        for n, shape in enumerate(shapes)
    ]
    return json.dumps({"features": features}).encode()


def test_a_file_becomes_a_draft_that_says_what_was_odd(session, town, client_as):
    office = client_as(Role.DISPATCHER)
    bow = shapely.Polygon([(-71.3, -29.97), (-71.2, -29.93), (-71.2, -29.97), (-71.3, -29.93)])

    answer = upload(office, collection(NORTH, bow))

    page = text_of(office.get(answer.location).text)
    assert "El borde de Z1 se cruza a sí mismo cerca de -29.95, -71.25" in page
    assert "quedó fuera de todos los polígonos" in page or "quedaron fuera de todos" in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no", "no es GeoJSON"),
        (b"{", "No se pudo leer el archivo en «JSON»"),
        (collection(shapely.box(0, 0, 1, 1)), "Ninguno de tus clientes vive dentro"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_beside_its_field(
    session, town, client_as, data, said
):
    answer = upload(client_as(Role.SUPERVISOR), data)

    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert session.query(ZoneDraft).count() == 0


def test_without_a_file_it_is_asked_for(town, client_as):
    answer = client_as(Role.DISPATCHER).post("/zonas/borradores/de-archivo", data={"name": "x"})

    assert answer.status_code == 422
    assert "Elige el archivo con los polígonos." in answer.text


def test_a_draft_begins_with_the_colonias_of_the_city_in_use(session, city, client_as):
    make_client(session, lat=-29.8991, lon=-71.2282)
    office = client_as(Role.DISPATCHER)

    page = office.get("/zonas/borradores/de-poligonos").text
    answer = office.post("/zonas/borradores/de-ciudad", data={"city-name": "Colonias"})

    assert "De las colonias de la ciudad" in page
    assert answer.status_code == 303
    (draft,) = session.query(ZoneDraft)
    assert draft.origin is DraftOrigin.CITY
    assert [zone["name"] for zone in draft.start["zones"]] == ["Santa Ana"]


def test_without_a_city_nothing_is_offered_and_the_order_is_refused(town, client_as):
    office = client_as(Role.DISPATCHER)

    assert "De las colonias" not in office.get("/zonas/borradores/de-poligonos").text
    answer = office.post("/zonas/borradores/de-ciudad", data={"city-name": "Colonias"})
    assert answer.status_code == 503


@pytest.mark.parametrize("kind", BORDER_FORMATS)
def test_zones_that_leave_as_a_file_come_back_with_every_client_where_they_were(
    session, town, client_as, kind
):
    ana = make_user(session, full_name="Ana Díaz")
    make_zone(session, town[:3], ana, name="Norte")
    make_zone(session, town[3:], name="Sur")
    draft = make_draft(session)
    before = queries.draft_page(session, draft.id).state

    answer = client_as(Role.SUPERVISOR).get(f"/zonas/borradores/{draft.id}/bordes?formato={kind}")
    after = begin(session, *read_borders(answer.data)).state

    def by_name(state):
        return {client: state.zones[key].name for client, key in state.zone_of.items()}

    assert by_name(after) == by_name(before)
    assert [zone.collector_id for zone in after.zones.values()] == [ana.id, None]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_format_that_is_none_is_refused_with_those_there_are(session, town, client_as):
    draft = make_draft(session)

    answer = client_as(Role.SUPERVISOR).get(f"/zonas/borradores/{draft.id}/bordes?formato=dwg")

    assert answer.status_code == 422
    assert "geojson, kml, shapefile" in answer.text
