"""Maps: what is rendered, and that no text can become code on the way."""

import html
import json
import re

import folium
import pytest
from folium.plugins import MarkerCluster
from hypothesis import given
from hypothesis import strategies as st

from collector_app.web import maps
from collector_app.web.maps.texts import json_for_script

HERE = (-29.9027, -71.2519)
EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "${alert(1)}",
    "`+alert(1)+`",
    "</script><script>alert(1)</script>",
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{# gone #}",
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "'); alert(1); ('",
    "&lt;b&gt;",
    "a\u2028b",
]


@pytest.fixture(autouse=True)
def _request(app):
    with app.test_request_context("/"):
        yield


@pytest.fixture
def chart():
    return maps.new_map(name="Ruta", points=[HERE])


def stop(**changes) -> maps.Stop:
    label = maps.Label("Clienta", ("Calle 1",), "/phone/parada/7")
    values = {"id": 7, "lat": HERE[0], "lon": HERE[1], "number": 3, "state": "next", "label": label}
    return maps.Stop(**{**values, **changes})


def calls(parts: maps.MapParts) -> dict[str, object]:
    """The data of each call of our script, by function."""
    script = parts.script.removesuffix("});</script>")
    found = re.findall(r"^fieldMap\.(\w+)\(map_\w+, (.*)\);$", script, re.MULTILINE)
    return {name: json.loads(data) for name, data in found}


def test_a_map_needs_leaflet_and_our_own_files_alone(chart):
    parts = maps.embed(chart)

    addresses = re.findall(r'(?:src|href)="([^"?]+)', parts.head)
    assert [re.sub("/scripts/[^/]+", "", one) for one in addresses] == [
        "/static/vendor/leaflet/leaflet.css",
        "/static/maps/maps.css",
        "/static/vendor/leaflet/leaflet.js",
        "/static/maps/field_map.js",
    ]
    assert "://" not in (parts.head + parts.body)
    assert set(re.findall(r"https?://[^\"/]+", parts.script)) == {"https://www.openstreetmap.org"}


def test_every_script_carries_the_nonce_and_nothing_has_inline_styles(app, chart):
    maps.add_stops(chart, [stop()])
    parts = maps.embed(chart)
    policy = app.process_response(app.make_response("")).headers["Content-Security-Policy"]

    nonce = re.search(r'<script nonce="([\w-]+)">', parts.script)[1]
    assert f"'nonce-{nonce}'" in policy
    assert "<style" not in parts.head + parts.body + parts.script
    assert "style=" not in parts.head + parts.body + parts.script


def test_the_map_is_a_region_with_a_name(chart):
    assert 'role="region" aria-label="Ruta"' in maps.embed(chart).body


def test_the_map_shows_all_its_points_at_first():
    chart = maps.new_map(name="x", points=iter([(-30.0, -71.0), (-29.0, -72.0)]))

    assert calls(maps.embed(chart))["dress"]["bounds"] == [[-30.0, -72.0], [-29.0, -71.0]]


def test_a_map_without_points_looks_at_its_centre():
    chart = maps.new_map(name="x", centre=(19.4, -99.1))

    assert calls(maps.embed(chart))["dress"]["bounds"] is None
    assert "center: [19.4, -99.1]" in maps.embed(chart).script


def test_streets_are_credited_whether_drawn_or_not(chart):
    assert (
        calls(maps.embed(chart))["dress"]["attribution"]["text"] == "© OpenStreetMap contributors"
    )


def test_without_a_city_there_is_a_note_and_no_renderer(chart):
    parts = maps.embed(chart)

    assert calls(parts)["base"]["url"] is None
    assert "Sin mapa de calles" in calls(parts)["base"]["missing"]
    assert "protomaps" not in parts.head


def test_with_a_city_the_renderer_is_loaded_before_our_script(app, monkeypatch):
    monkeypatch.setitem(app.extensions, "base_map", lambda: "/ciudad/base.pmtiles")
    parts = maps.embed(maps.new_map(name="x", points=[HERE]))

    assert calls(parts)["base"]["url"] == "/ciudad/base.pmtiles"
    assert parts.head.index("protomaps-leaflet.js") < parts.head.index("field_map.js")


def test_a_stop_travels_as_data(chart):
    maps.add_stops(chart, [stop()])

    assert calls(maps.embed(chart))["stops"] == [
        {
            "id": 7,
            "lat": -29.9027,
            "lon": -71.2519,
            "number": 3,
            "state": "next",
            "label": {
                "title": "Clienta",
                "lines": ["Calle 1"],
                "url": "/phone/parada/7",
                "link": "Ver más",
            },
        }
    ]


@pytest.mark.parametrize("text", EVIL)
def test_a_name_arrives_as_it_was_written(chart, text):
    label = maps.Label(text, (text,))
    outline = {"type": "Point", "coordinates": [1.0, 2.0]}
    maps.add_stops(chart, [stop(label=label)])
    maps.add_people(chart, [maps.Person(1, *HERE, initials=text, label=label)])
    maps.add_places(chart, [maps.Place("start", *HERE, kind="start", label=label)])
    maps.add_line(chart, [HERE], label=label)
    maps.add_zones(chart, [maps.Zone(1, "#aabbcc", outline, label)])
    maps.add_dots(chart, [maps.Dot(*HERE, kind="a", id=1, title=text)], {"a": "--bad"})

    parts = maps.embed(chart)
    data = calls(parts)

    assert data["stops"][0]["label"] == {"title": text, "lines": [text]}
    assert data["people"][0]["initials"] == text
    assert data["places"][0]["label"]["title"] == text
    assert data["lines"][0]["label"]["title"] == text
    assert data["zones"][0]["label"]["title"] == text
    assert data["dots"]["rows"][0][4] == text
    assert parts.script.count("<") == 2  # of <script> and </script>
    assert "`" not in parts.script
    assert "${" not in parts.script


@pytest.mark.parametrize("text", EVIL)
def test_the_name_of_the_map_stays_a_name(text):
    body = maps.embed(maps.new_map(name=text, points=[HERE])).body

    assert body.count("<") == 2  # of <div> and </div>
    assert re.sub("<[^>]*>", "", body).strip() == ""
    assert html.unescape(re.search(r'aria-label="([^"]*)"', body)[1]) == text


def test_folium_itself_runs_a_name_as_a_template():
    """The control: this is why texts are escaped for Jinja too."""
    naive = folium.Map(tiles=None)
    folium.Marker(HERE, popup=folium.Popup("{{ 7*7 }}")).add_to(naive)

    rendered = naive.get_root().render()

    assert "49" in rendered
    assert "{{ 7*7 }}" not in rendered


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists) | st.text())
def test_json_for_scripts_is_the_same_data_and_never_code(data):
    written = json_for_script({"a": data, "b": {"c": data}})

    assert json.loads(written) == {"a": data, "b": {"c": data}}
    for opening in ("{{", "{%", "{#", "</", "<!", "${", "`", "\u2028"):
        assert opening not in written


@given(st.text())
def test_safe_text_is_text_in_html_and_in_a_template_literal(text):
    safe = maps.safe_text(text)

    assert not set("<>\"'`$\\{}") & set(safe)
    assert html.unescape(safe).replace("\r", "\n") == text.replace("\r", "\n")


@pytest.mark.parametrize(
    "element",
    [
        folium.Marker(HERE, popup="x"),
        folium.Popup("x"),
        folium.GeoJson({"type": "FeatureCollection", "features": []}),
        folium.TileLayer("https://tiles.example/{z}/{x}/{y}.png", attr="x"),
        MarkerCluster(),
    ],
)
def test_what_folium_would_write_as_code_is_refused(chart, element):
    chart.add_child(element)

    with pytest.raises(maps.UnsafeMap, match=type(element).__name__):
        maps.embed(chart)


def test_a_popup_hidden_below_one_of_our_layers_is_refused(chart):
    maps.add_stops(chart, [stop()])
    layer = next(reversed(chart._children.values()))
    layer.add_child(folium.Popup("x"))

    with pytest.raises(maps.UnsafeMap, match="Popup"):
        maps.embed(chart)


@pytest.mark.parametrize("colour", ["red", "#fff", "url(x)", '"><', "--x;y"])
def test_only_colours_are_colours(chart, colour):
    with pytest.raises(ValueError, match="expected #rrggbb"):
        maps.add_dots(chart, [], {"a": colour})


@pytest.mark.parametrize("state", ["", "Next", "a b\n", 'x"y', "a  b"])
def test_only_class_names_are_states(chart, state):
    with pytest.raises(ValueError, match="CSS class"):
        maps.add_stops(chart, [stop(state=state)])


def test_outlines_are_rounded_to_a_metre(chart):
    outline = {"type": "Polygon", "coordinates": [[[-71.25190001, -29.9027499]] * 4], "extra": 1}
    maps.add_zones(chart, [maps.Zone(1, "#aabbcc", outline, maps.Label("Centro"))])

    geometry = calls(maps.embed(chart))["zones"][0]["geometry"]
    assert geometry == {"type": "Polygon", "coordinates": [[[-71.2519, -29.90275]] * 4]}


def test_the_encoding_of_lines_is_googles():
    # The example of the format's documentation.
    points = [(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)]

    assert maps.encode_line(points) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


def test_live_news_have_the_shape_of_the_map():
    person = maps.Person(1, *HERE, initials="AR", label=maps.Label("Ana Ruiz"))
    news = maps.live_answer([stop()], [person])

    assert news["stops"][0]["state"] == "next"
    assert news["people"][0]["label"] == {"title": "Ana Ruiz"}


def test_a_route_of_forty_stops_is_light(chart):
    label = maps.Label("Comercial La Esperanza", ("Av. Francisco de Aguirre 1203", "$1,250.00"))
    maps.add_stops(chart, [stop(id=n, number=n, label=label) for n in range(1, 41)])
    maps.add_line(chart, [(-29.9 + n / 9000, -71.25 + n / 8000) for n in range(700)])

    parts = maps.embed(chart)

    assert len(parts.head + parts.body + parts.script) < 20_000
