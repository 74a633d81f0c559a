"""The clients of a draft as ground that the zoning engine divides; made once for many edits."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock

import numpy as np

from collector_app.studio.places import Places
from collector_app.studio.rules import DraftState
from routing import zoning
from routing.travel.streets.pack import Pack

KEPT = 2  # drafts; that of 100,000 clients takes some 100 MB
COVERED = 0.9  # of the clients must lie within a city pack for its streets to say who is neighbours

_made: OrderedDict[tuple[bytes, str], zoning.Ground] = OrderedDict()
_making = Lock()


@dataclass(frozen=True, slots=True)
class Land:
    """What is known of where clients live, beyond their coordinates.

    Attributes
    ----------
    streets : Pack or None
        The city in use.
    colonia_of : mapping of int to str
        Colonia of each client whose address names it.
    """

    streets: Pack | None = None
    colonia_of: Mapping[int, str] = field(default_factory=dict)


NO_LAND = Land()


def ground_of(places: Places, land: Land) -> zoning.Ground:
    """Return the clients with their work and money, joined along streets when a city is in use.

    The places of a draft never change, so the same ground serves all its edits: a process keeps
    those of the last drafts.
    """
    streets = land.streets if land.streets and _covers(land.streets, places) else None
    key = _digest(places), streets.info.version if streets else ""
    with _making:
        if key not in _made:
            everybody = range(len(places.ids))
            _made[key] = zoning.Ground(engine_places(places, everybody), pack=streets)
            if len(_made) > KEPT:
                _made.popitem(last=False)
        _made.move_to_end(key)
        return _made[key]


def ground_of_some(
    places: Places, rows: Sequence[int], land: Land, *, whole_colonias: bool
) -> zoning.Ground:
    """Return some clients as ground, with those of one colonia as one when that is asked for."""
    streets = land.streets if land.streets and _covers(land.streets, places) else None
    groups = land.colonia_of if whole_colonias else {}
    return zoning.Ground(engine_places(places, rows, groups), pack=streets)


def pieces(state: DraftState, places: Places, land: Land) -> dict[int, int]:
    """Return in how many parts that don't hang together each zone with clients lies, by key."""
    keys = sorted(set(state.zone_of.values()))
    if not keys:
        return {}
    number = {key: n for n, key in enumerate(keys)}
    zone_of = {str(client): number[key] for client, key in state.zone_of.items()}
    figures = ground_of(places, land).assess(zone_of, len(keys)).figures
    return {keys[one.zone]: one.pieces for one in figures}


def engine_places(
    places: Places, rows: Sequence[int], group_of: Mapping[int, str] | None = None
) -> list[zoning.Place]:
    """Return clients as the engine knows them: minutes of a month and centavos overdue."""
    groups = group_of or {}
    return [
        zoning.Place(
            str(client), point, float(minutes), float(max(cents, 0)), groups.get(int(client))
        )
        for client, point, minutes, cents in zip(
            places.ids[rows].tolist(),
            places.points(rows),
            places.minutes[rows].tolist(),
            places.cents[rows].tolist(),
            strict=True,
        )
    ]


def _covers(streets: Pack, places: Places) -> bool:
    south, west, north, east = streets.info.bounds
    lat, lon = places.degrees[:, 0], places.degrees[:, 1]
    inside = (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)
    return bool(np.mean(inside) >= COVERED)


def _digest(places: Places) -> bytes:
    told = blake2b(digest_size=16)
    for column in (places.ids, places.degrees, places.minutes, places.cents):
        told.update(column.tobytes())
    return told.digest()
