"""Folium maps for our pages: local scripts, the offline streets, and names that can't run as code.

A view makes a map, puts things on it and hands its parts to the template::

    from collector_app.web import maps

    chart = maps.new_map(name=_("Ruta de hoy"), points=[(stop.lat, stop.lon) for stop in stops])
    maps.add_line(chart, path)
    maps.add_stops(chart, [maps.Stop(id=1, lat=..., lon=..., number=1, state="next",
                                     label=maps.Label(client.name, (client.address,)))])
    return render_template("...", map=maps.embed(chart))

    {% block head %}{{ map.head }}{% endblock %}
    {{ map.body }}                        <- beside a list that says everything the map shows
    {% block script %}{{ map.script }}{% endblock %}

Anything in the page with ``data-map-shows="stop-1"`` (or person-, place-, zone-) opens that popup.
Only the elements made here may be put on such a map: Folium's own popups, tooltips and icons write
texts into HTML, JavaScript and even Jinja unescaped, so `embed` refuses them.
"""

from collector_app.web.maps.chart import new_map, offer_base_map
from collector_app.web.maps.drawing import drawing
from collector_app.web.maps.embedding import MapParts, UnsafeMap, embed
from collector_app.web.maps.layers import (
    Cell,
    Dot,
    Label,
    Line,
    Person,
    Place,
    Stop,
    Zone,
    add_cells,
    add_cloud,
    add_dots,
    add_line,
    add_lines,
    add_live,
    add_people,
    add_places,
    add_stops,
    add_zones,
    live_answer,
)
from collector_app.web.maps.texts import encode_line, safe_text

__all__ = [
    "Cell",
    "Dot",
    "Label",
    "Line",
    "MapParts",
    "Person",
    "Place",
    "Stop",
    "UnsafeMap",
    "Zone",
    "add_cells",
    "add_cloud",
    "add_dots",
    "add_line",
    "add_lines",
    "add_live",
    "add_people",
    "add_places",
    "add_stops",
    "add_zones",
    "drawing",
    "embed",
    "encode_line",
    "live_answer",
    "new_map",
    "offer_base_map",
    "safe_text",
]
