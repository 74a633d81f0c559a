"""A map as data alone, for pages whose own script draws it with Leaflet and without Folium.

The phone's map is one: its script can draw again what has changed without asking anybody.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from collector_app.web.maps.chart import (
    MAX_ZOOM,
    MIN_ZOOM,
    LatLon,
    bounds_of,
    manners,
    streets_below,
)
from collector_app.web.maps.layers import Place, Stop, line_data, places_data, stops_data


def drawing(
    *,
    path: Sequence[LatLon],
    kind: str,
    places: Iterable[Place],
    stops: Sequence[Stop],
) -> dict[str, Any]:
    """Return a route as JSON for ``static/phone/map.js``.

    Parameters
    ----------
    path : (lat, lon) pairs
        The line to draw; empty for none.
    kind : str
        Its look, as in `add_line`.
    """
    points = [*path, *((stop.lat, stop.lon) for stop in stops)]
    return {
        "manners": manners(bounds_of(points)),
        "zooms": [MIN_ZOOM, MAX_ZOOM],
        "streets": streets_below(),
        "lines": [line_data(path, kind)] if path else [],
        "places": places_data(places),
        "stops": stops_data(stops),
    }
