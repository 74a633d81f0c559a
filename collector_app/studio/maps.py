"""The map of a draft: an empty one, and what its script asks for and draws."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from collector_app.studio.outlines import outlines
from collector_app.studio.places import NOBODY
from collector_app.studio.queries import DraftPage, EditRow, cell_of
from collector_app.web import maps
from collector_app.web.maps.chart import Chart
from collector_app.web.words import label


def studio_map(page: DraftPage) -> Chart:
    """Return the map of a draft without its zones: they change with every edit."""
    points = [(lat, lon) for lat, lon in page.places.degrees.tolist()]
    return maps.new_map(name=_("Mapa del borrador"), points=points, shape="tall")


def map_places(page: DraftPage) -> dict[str, Any]:
    """Return where the clients are, in columns, and in which H3 cell each of them."""
    degrees = page.places.degrees
    cells = [cell_of(lat, lon) for lat, lon in degrees.tolist()]
    return {
        "ids": page.places.ids.tolist(),
        "lats": degrees[:, 0].tolist(),
        "lons": degrees[:, 1].tolist(),
        "cells": cells,
    }


def map_state(page: DraftPage) -> dict[str, Any]:
    """Return the zones as they are drawn now and the zone of each client, by row."""
    shapes = outlines(page.state, page.places)
    return {
        "version": page.row.version,
        "zones": [
            {
                "key": key,
                "name": zone.name,
                "colour": zone.colour,
                "is_locked": zone.is_locked,
                "outline": shapes.get(key),
            }
            for key, zone in sorted(page.state.zones.items())
        ],
        "zone_of": page.places.labels(page.state.zone_of).tolist(),
        "nobody": NOBODY,
    }


def said_of(edit: EditRow) -> str:
    """Return what an edit did, in words."""
    said = label(edit.kind)
    if edit.moved:
        moved = ngettext(
            "%(num)s cliente cambia de zona", "%(num)s clientes cambian de zona", edit.moved
        )
        said = f"{said}: {moved}"
    return said
