"""The bridge to `routing.zoning`: clients become places, territories become proposed zones.

Longitude comes before latitude only in the outlines, because GeoJSON wants it so.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from collector_app.zones.colours import colours
from collector_app.zones.queries import LocatedClient
from collector_app.zones.rules import ProposedZone, check_zone_count, imbalance
from collector_app.zones.workload import month_minutes, on_plane_m
from routing import zoning
from routing.geo import Point
from routing.travel.streets.pack import Pack

NAME_LENGTH = 80  # of the column
DECIMALS = 6  # of a degree: a decimetre
# Farther from any other client than this, a location is more likely wrong than remote.
FARTHEST_NEIGHBOUR_M = 25_000.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Zones as drawn, and with which numbers they can be drawn again."""

    zones: tuple[ProposedZone, ...]
    seed: int

    def figures(self) -> dict[str, Any]:
        """Return the figures of the whole: zones, clients, hours, imbalance, pieces."""
        loads = [zone.month_h for zone in self.zones]
        return {
            "zones": len(self.zones),
            "seed": self.seed,
            "clients": sum(len(zone.client_ids) for zone in self.zones),
            "month_h": sum(loads),
            "imbalance": imbalance(loads),
            "broken": sum(zone.pieces > 1 for zone in self.zones),
        }


def draw(
    clients: Sequence[LocatedClient],
    zone_count: int,
    *,
    seed: int = 1,
    value_cents: Mapping[int, int] | None = None,
    streets: Pack | None = None,
) -> Drawing:
    """Draw balanced zones in one piece over the clients.

    Parameters
    ----------
    value_cents : mapping of int to int, centavos, optional
        Overdue money by client, balanced second.
    streets : Pack, optional
        The city in use: zones hang together along its streets.

    Raises
    ------
    BadZoneCount, NobodyToPlace, TooManyZones
        When that many zones can't be drawn.
    """
    points = [Point(client.lat, client.lon) for client in clients]
    check_zone_count(zone_count, len(set(points)))
    minutes = month_minutes(points)
    values = value_cents or {}
    found = zoning.propose(
        [
            zoning.Place(str(client.id), point, float(weight), float(values.get(client.id, 0)))
            for client, point, weight in zip(clients, points, minutes, strict=True)
        ],
        zone_count,
        seed=seed,
        pack=streets,
    )
    return Drawing(_proposed(clients, found), seed)


def _proposed(clients: Sequence[LocatedClient], found: zoning.Zoning) -> tuple[ProposedZone, ...]:
    """Return the zones, numbered from north to south, with names and colours."""
    members: list[list[LocatedClient]] = [[] for _ in found.centres]
    for client in clients:
        members[found.zone_of[str(client.id)]].append(client)
    order = sorted(range(len(members)), key=lambda zone: -_middle_lat(members[zone]))
    position = {zone: number for number, zone in enumerate(order)}
    outlines = zoning.outline(found)
    painted = colours(
        [Point(client.lat, client.lon) for client in clients],
        [position[found.zone_of[str(client.id)]] for client in clients],
        len(order),
    )
    return tuple(
        ProposedZone(
            name=_name(number, members[zone]),
            colour=painted[number - 1],
            outline=as_geojson(outlines[zone]),
            client_ids=tuple(client.id for client in members[zone]),
            month_h=found.figures[zone].weight / 60,
            share=found.figures[zone].share,
            pieces=found.figures[zone].pieces,
        )
        for number, zone in enumerate(order, start=1)
    )


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
        Who may answer for a zone; each is suggested once at most.
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
