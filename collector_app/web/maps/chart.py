"""The map itself: Leaflet without Folium's libraries from other hosts, over the city's streets."""

from collections.abc import Callable, Iterable

import folium
from flask import Flask, current_app
from flask_babel import gettext as _
from folium.template import Template

from collector_app.web.maps.texts import json_for_script, safe_text

LatLon = tuple[float, float]

OPENSTREETMAP = "© OpenStreetMap contributors"
CREDIT_URL = "https://www.openstreetmap.org/copyright"
MIN_ZOOM = 8  # the base map has nothing for less
MAX_ZOOM = 19
START_ZOOM = 13
_HOOK = "base_map"  # key in app.extensions


class Chart(folium.Map):  # type: ignore[misc]  # folium has no types
    """A Folium map that renders a named region, and a script that needs Leaflet alone."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - the name and the shape are Folium's
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="{{ this.css_class }}" id="{{ this.get_name() }}"
            role="region" aria-label="{{ this.spoken_name }}"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        const {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
            center: {{ this.location|tojson }},
            crs: L.CRS.{{ this.crs }},
            ...{{ this.options|tojavascript }}
        });
        fieldMap.dress({{ this.get_name() }}, {{ this.manners }});
        {% endmacro %}
        """
    )

    def __init__(self, name: str, centre: LatLon, bounds: list[LatLon] | None, shape: str) -> None:
        super().__init__(
            location=centre,
            zoom_start=START_ZOOM,
            tiles=None,
            zoom_control=False,
            minZoom=MIN_ZOOM,
            maxZoom=MAX_ZOOM,
        )
        self.spoken_name = safe_text(name)
        self.css_class = f"map {shape}".strip()
        self.has_base = False
        self.manners = json_for_script(manners(bounds))


class BaseMap(folium.MacroElement):  # type: ignore[misc]  # folium has no types
    """The streets of the city, or a note that there are none."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        fieldMap.base({{ this._parent.get_name() }}, {{ this.data }});
        {% endmacro %}
        """
    )

    def __init__(self, streets: dict[str, str | None]) -> None:
        super().__init__()
        self._name = "base_map"
        self.data = json_for_script(streets)


def streets_below() -> dict[str, str | None]:
    """Return where a page's script finds the streets.

    ``tiles`` is the address of the tile server that the settings name; without one, ``url`` is the
    file of the city in use, or None; ``missing`` is what to say when there is nothing to draw,
    ``torn`` when a part of the file does not come: without signal, before the phone keeps all.
    """
    missing = _("Sin mapa de calles para esta ciudad: solo se ven los puntos.")
    tiles = current_app.config["TILE_URL"]
    if tiles:
        return {"tiles": tiles, "missing": missing}
    find_url = current_app.extensions.get(_HOOK)
    torn = _("Faltan calles en este mapa. Ábrelo otra vez con señal.")
    return {"url": find_url() if find_url else None, "missing": missing, "torn": torn}


def manners(bounds: list[LatLon] | None) -> dict[str, object]:
    """Return what every map is told: where to look first, whom to credit, words of buttons."""
    words = {"closer": _("Acercar"), "further": _("Alejar"), "close": _("Cerrar")}
    credit = {"text": OPENSTREETMAP, "url": CREDIT_URL}
    own = current_app.config["TILE_ATTRIBUTION"]
    if current_app.config["TILE_URL"] and own:
        credit = {"text": own, "url": CREDIT_URL if own == OPENSTREETMAP else ""}
    return {"bounds": bounds, "attribution": credit, "words": words}


def offer_base_map(app: Flask, find_url: Callable[[], str | None]) -> None:
    """Tell maps where the streets are; `find_url` returns None while no city is in use.

    `web` stands below the area that knows the city, hence this hook for `app.py`.
    """
    app.extensions[_HOOK] = find_url


def new_map(
    *,
    name: str,
    points: Iterable[LatLon] = (),
    centre: LatLon | None = None,
    base: bool = True,
    shape: str = "",
) -> Chart:
    """Return an empty map that shows all points.

    Parameters
    ----------
    name : str
        What screen readers call it: "Ruta de hoy de Ana".
    points : (lat, lon) pairs
        What must be in sight at first.
    centre : (lat, lon)
        Where to look when there are no points.
    base : bool
        Whether to draw the streets.
    shape : str
        ``""`` 28 rem high, ``"tall"`` as high as the window of the desk, ``"full"`` the phone's
        whole screen between bar and dock.
    """
    bounds = bounds_of(points)
    middle = _middle(bounds) if bounds else (centre or (0.0, 0.0))
    chart = Chart(name, middle, bounds, shape)
    if base:
        streets = streets_below()
        chart.has_base = bool(streets.get("url"))
        chart.add_child(BaseMap(streets))
    return chart


def bounds_of(points: Iterable[LatLon]) -> list[LatLon] | None:
    """Return the south-western and the north-eastern corner of points, None of no points."""
    lats, lons = zip(*points, strict=True) if (points := list(points)) else ((), ())
    return [(min(lats), min(lons)), (max(lats), max(lons))] if lats else None


def _middle(bounds: list[LatLon]) -> LatLon:
    (south, west), (north, east) = bounds
    return (south + north) / 2, (west + east) / 2
