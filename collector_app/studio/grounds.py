"""The clients of a draft as ground that the zoning engine divides; made once for many edits."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock

import numpy as np
import shapely

from collector_app.studio.places import Places
from collector_app.studio.rules import Barrier, DraftState, Effect, Strength
from collector_app.zones.capacities import relative
from routing import zoning
from routing.travel.streets.pack import Pack

KEPT = 3  # of the last drafts, with and without barriers; that of 100,000 clients takes some 100 MB
COVERED = 0.9  # of the clients must lie within a city pack for its streets to say who is neighbours

_made: OrderedDict[tuple[bytes, str, tuple[Barrier, ...]], zoning.Ground] = OrderedDict()
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
    strengths : mapping of int to Strength
        What collectors can take and where they set off, by id.
    """

    streets: Pack | None = None
    colonia_of: Mapping[int, str] = field(default_factory=dict)
    strengths: Mapping[int, Strength] = field(default_factory=dict)


NO_LAND = Land()


def ground_of(places: Places, land: Land, barriers: tuple[Barrier, ...] = ()) -> zoning.Ground:
    """Return the clients with their work and money, joined along streets when a city is in use.

    The places of a draft never change, so the same ground serves all its edits: a process keeps
    those of the last drafts.
    """
    streets = land.streets if land.streets and _covers(land.streets, places) else None
    known = _digest(places), streets.info.version if streets else ""
    with _making:
        bare = _kept((*known, ()), lambda: _bare(places, streets))
        if not barriers:
            return bare
        return _kept((*known, barriers), lambda: bare.behind(shapes_of(barriers)))


def _bare(places: Places, streets: Pack | None) -> zoning.Ground:
    return zoning.Ground(engine_places(places, range(len(places.ids))), pack=streets)


def _kept(
    key: tuple[bytes, str, tuple[Barrier, ...]], make: Callable[[], zoning.Ground]
) -> zoning.Ground:
    if key not in _made:
        _made[key] = make()
        if len(_made) > KEPT:
            _made.popitem(last=False)
    _made.move_to_end(key)
    return _made[key]


def ground_of_some(
    places: Places,
    rows: Sequence[int],
    land: Land,
    *,
    whole_colonias: bool,
    barriers: tuple[Barrier, ...] = (),
) -> zoning.Ground:
    """Return some clients as ground, with those of one colonia as one when that is asked for."""
    streets = land.streets if land.streets and _covers(land.streets, places) else None
    groups = land.colonia_of if whole_colonias else {}
    return zoning.Ground(
        engine_places(places, rows, groups), pack=streets, barriers=shapes_of(barriers)
    )


def shapes_of(barriers: Iterable[Barrier]) -> list[shapely.Geometry]:
    """Return barriers as lines, longitude first."""
    return [
        shapely.linestrings([(lon, lat) for lat, lon in line])
        for barrier in barriers
        for line in barrier.lines
    ]


def capacities(
    collector_ids: Iterable[int | None], strengths: Mapping[int, Strength]
) -> list[float]:
    """Return what the zones of some collectors can take beside one another, 1.0 on average."""
    hours = [
        strengths[who].month_h if who is not None and who in strengths else None
        for who in collector_ids
    ]
    return relative(hours)


def shapes(state: DraftState, places: Places, land: Land) -> dict[int, zoning.ZoneFigures]:
    """Return how each zone with clients lies, by key: pieces, distances, a tour through all."""
    keys = sorted(set(state.zone_of.values()))
    if not keys:
        return {}
    number = {key: n for n, key in enumerate(keys)}
    zone_of = {str(client): number[key] for client, key in state.zone_of.items()}
    ground = ground_of(places, land, state.barriers).binding(bound_zones(state, number))
    figures = ground.assess(zone_of, len(keys)).figures
    return {keys[one.zone]: one for one in figures}


def parted_by(state: DraftState, places: Places, land: Land, key: int) -> list[int]:
    """Return the locked zones each of which alone holds the pieces of a zone apart."""
    locked = [other for other, zone in state.zones.items() if zone.is_locked and other != key]
    return [
        other
        for other in locked
        if shapes(
            state.after(Effect(moved=dict.fromkeys(state.members(other), key))), places, land
        )[key].pieces
        == 1
    ]


def bound_zones(state: DraftState, number: Mapping[int, int]) -> dict[str, int]:
    """Return the number of the zone of each bound client, by the engine's id."""
    return {str(one): number[key] for one in state.bound if (key := state.zone_of[one]) in number}


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
