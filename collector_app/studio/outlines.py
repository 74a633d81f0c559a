"""How the zones of a draft are drawn: borders without gaps or overlaps, each client in its own."""

import json
from collections.abc import Mapping
from typing import Any

import shapely

from collector_app.studio.borders import Area
from collector_app.studio.figures import measure
from collector_app.studio.grounds import Land
from collector_app.studio.places import NOBODY, Places
from collector_app.studio.rules import DraftState
from collector_app.zones.rules import ProposedZone
from collector_app.zones.territories import as_geojson
from routing import zoning
from routing.geo import Point


def outlines(state: DraftState, places: Places) -> dict[int, dict[str, Any]]:
    """Return the drawing of each zone that has clients, GeoJSON by key.

    Clients whom no zone holds take part, so that no zone is drawn over them.
    """
    labels = places.labels(state.zone_of).tolist()
    keys = sorted(set(labels))
    position = {key: at for at, key in enumerate(keys)}
    points = places.points(range(len(labels)))
    drawn = zoning.outline(
        zoning.Zoning(
            places=tuple(
                zoning.Place(str(client), point, 1.0)
                for client, point in zip(places.ids.tolist(), points, strict=True)
            ),
            zone_of={
                str(client): position[key]
                for client, key in zip(places.ids.tolist(), labels, strict=True)
            },
            centres=(Point(0.0, 0.0),) * len(keys),
            figures=(),
            imbalance=0.0,
        )
    )
    return {key: as_geojson(drawn[position[key]]) for key in keys if key != NOBODY}


def zone_areas(state: DraftState, places: Places, names: Mapping[int, str]) -> list[Area]:
    """Return the zones that have clients as areas of a file.

    Parameters
    ----------
    names : mapping of int to str
        Full names of collectors by id.
    """
    return [
        Area(
            name=state.zones[key].name,
            shape=shapely.from_geojson(json.dumps(shape)),
            place="",
            collector=names.get(state.zones[key].collector_id or 0),
            colour=state.zones[key].colour,
        )
        for key, shape in outlines(state, places).items()
    ]


def proposed_zones(state: DraftState, places: Places, land: Land) -> list[tuple[int, ProposedZone]]:
    """Return the zones that have clients as they can be put in force, with their keys."""
    shapes = outlines(state, places)
    figures = {one.zone.key: one for one in measure(state, state, places, land).zones}
    return [
        (
            key,
            ProposedZone(
                name=state.zones[key].name,
                colour=state.zones[key].colour,
                outline=shape,
                client_ids=tuple(state.members(key)),
                month_h=figures[key].month_h,
                share=figures[key].share,
                pieces=figures[key].pieces,
                money_share=figures[key].money_share,
                collector_id=state.zones[key].collector_id,
                month_km=figures[key].month_km,
                overdue_cents=figures[key].overdue_cents,
                mean_distance_m=figures[key].mean_distance_m,
                tour_m=figures[key].tour_m,
            ),
        )
        for key, shape in shapes.items()
    ]
