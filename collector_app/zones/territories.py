"""The bridge to `routing.zoning`: clients become places, territories become proposed zones.

Longitude comes before latitude only in the outlines, because GeoJSON wants it so.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from collector_app.zones.queries import LocatedClient
from collector_app.zones.rules import ProposedZone
from collector_app.zones.workload import on_plane_m
from routing.geo import Point

NAME_LENGTH = 80  # of the column
DECIMALS = 6  # of a degree: a decimetre
# Farther from any other client than this, a location is more likely wrong than remote.
FARTHEST_NEIGHBOUR_M = 25_000.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Zones as drawn, how many were asked for, and with which number they can be drawn again.

    Attributes
    ----------
    barriers : tuple of dict
        What they do not cross, each with a name and lines; as their rows keep them.
    kept_crossings : int
        Where they may cross a barrier, because nothing else holds their clients together.
    """

    zones: tuple[ProposedZone, ...]
    seed: int
    asked: int = 0
    barriers: tuple[Mapping[str, Any], ...] = ()
    kept_crossings: int = 0

    def figures(self) -> dict[str, Any]:
        """Return the figures of the whole: zones, clients, hours, imbalance, pieces."""
        return {
            "zones": len(self.zones),
            "asked": self.asked,
            "seed": self.seed,
            "clients": sum(len(zone.client_ids) for zone in self.zones),
            "month_h": sum(zone.month_h for zone in self.zones),
            "imbalance": max((zone.share for zone in self.zones), default=1.0) - 1.0,
            "money_imbalance": max((zone.money_share for zone in self.zones), default=1.0) - 1.0,
            "kept_crossings": self.kept_crossings,
            "broken": sum(zone.pieces > 1 for zone in self.zones),
        }


def names_of(
    members: Mapping[int, Sequence[LocatedClient]], kept: Mapping[int, str]
) -> dict[int, str]:
    """Return a name for each zone by key, numbered from north to south.

    Parameters
    ----------
    members : mapping of int to sequence of LocatedClient
        The clients of each zone, at least one.
    kept : mapping of int to str
        Names that zones have already; their numbers are not given again.
    """
    order = sorted(members, key=lambda key: -_middle_lat(members[key]))
    taken = {name.partition(" · ")[0] for name in kept.values()}
    free = (n for n in count(1) if f"Zona {n}" not in taken)
    return {key: kept.get(key) or _name(next(free), members[key]) for key in order}


def as_geojson(drawing: shapely.Geometry) -> dict[str, Any]:
    """Return a drawing as a GeoJSON geometry."""
    rounded = shapely.transform(drawing, lambda degrees: degrees.round(DECIMALS))
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return geometry


def _middle_lat(clients: Sequence[LocatedClient]) -> float:
    return sum(client.lat for client in clients) / len(clients)


def nearest_members(
    members: Sequence[LocatedClient], strangers: Sequence[LocatedClient]
) -> dict[int, int]:
    """Return the nearest member of each stranger, by id; those too far from any are left out."""
    if not members or not strangers:
        return {}
    plane_m = on_plane_m([Point(client.lat, client.lon) for client in (*members, *strangers)])
    distance_m, index = cKDTree(plane_m[: len(members)]).query(plane_m[len(members) :])
    return {
        stranger.id: members[int(near)].id
        for stranger, far_m, near in zip(strangers, distance_m, index, strict=True)
        if far_m <= FARTHEST_NEIGHBOUR_M
    }


def suggest_collectors(
    zones: Sequence[ProposedZone], collector_of: Mapping[int, int | None], collectors: Sequence[int]
) -> list[int | None]:
    """Return a collector for each zone so that as many clients as possible keep theirs.

    Parameters
    ----------
    collector_of : mapping of int to int or None
        Collector of each client today.
    collectors : sequence of int
        Who may answer for a zone; each is suggested once at most, for whom a zone was drawn first.
    """
    if not zones or not collectors:
        return [None] * len(zones)
    kept = np.zeros((len(zones), len(collectors)))
    column = {collector: j for j, collector in enumerate(collectors)}
    for row, zone in enumerate(zones):
        for collector, clients in Counter(
            collector_of.get(client_id) for client_id in zone.client_ids
        ).items():
            if collector in column:
                kept[row, column[collector]] = clients
        if zone.collector_id in column:
            kept[row, column[zone.collector_id]] += len(collector_of) + 1
    suggestion: list[int | None] = [None] * len(zones)
    for row, col in zip(*linear_sum_assignment(kept, maximize=True), strict=True):
        suggestion[int(row)] = collectors[int(col)]
    return suggestion


def _name(number: int, clients: Sequence[LocatedClient]) -> str:
    places = Counter(
        place for client in clients if (place := client.neighbourhood or client.municipality)
    )
    name = f"Zona {number}"
    if places:
        most = max(places.values())
        name += f" · {min(place for place, count in places.items() if count == most)}"
    return name[:NAME_LENGTH]
