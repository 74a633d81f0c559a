"""Edits of a draft as pure functions: the draft and its clients in, what changes out."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

import numpy as np
import shapely
from scipy.spatial import cKDTree

from collector_app.core.errors import NotFound
from collector_app.studio.barriers import street_barrier
from collector_app.studio.colouring import new_zone
from collector_app.studio.division import divide, rebalance, split
from collector_app.studio.grounds import NO_LAND, Land
from collector_app.studio.places import NOBODY, Places
from collector_app.studio.rules import (
    NEW_ZONE,
    AssignCollector,
    Barrier,
    BarStreet,
    BindClients,
    DivideAll,
    DivideByHours,
    DraftState,
    DraftZone,
    DrawBarrier,
    Effect,
    FreeClients,
    LiftBarrier,
    LockZone,
    MergeZones,
    MoveClients,
    NothingToFree,
    NothingToMove,
    Order,
    PlaceStrangers,
    Rebalance,
    RedrawZone,
    RenameZone,
    Ring,
    SplitZone,
    ZoneLocked,
)
from collector_app.zones.workload import on_plane_m
from routing import zoning


def effect_of(
    order: Order,
    state: DraftState,
    places: Places,
    by_hand: Mapping[int, int] | None = None,
    land: Land = NO_LAND,
    ends_early: Callable[[], bool] = zoning.never,
) -> Effect:
    """Return what an order changes; the functions below say what each may be refused for.

    Parameters
    ----------
    by_hand : mapping of int to int, optional
        The zone that people put clients into, which `Rebalance` respects.
    land : Land, optional
        The streets that make clients neighbours, and their colonias.
    ends_early : callable
        Asked while clients are divided anew, which then ends with the best zones so far.
    """
    match order:
        case MoveClients() | BindClients() | FreeClients() | PlaceStrangers():
            effect = _of_clients(order, state, places)
        case MergeZones() | SplitZone() | RedrawZone():
            effect = _of_borders(order, state, places, land)
        case DivideAll() | DivideByHours():
            effect = divide(order, state, places, land, ends_early=ends_early)
        case Rebalance():
            effect = rebalance(state, places, by_hand or {}, land)
        case DrawBarrier() | BarStreet() | LiftBarrier():
            effect = Effect(barriers=_barriers(order, state, land))
        case _:
            effect = _of_one_zone(order, state)
    return effect


def _of_clients(
    order: MoveClients | BindClients | FreeClients | PlaceStrangers,
    state: DraftState,
    places: Places,
) -> Effect:
    match order:
        case MoveClients(client_ids, to):
            return move(state, places, client_ids, to)
        case BindClients(client_ids, to):
            return bind(state, places, client_ids, to)
        case FreeClients(client_ids):
            return free(state, client_ids)
        case PlaceStrangers():
            return place_strangers(state, places)


def _of_borders(
    order: MergeZones | SplitZone | RedrawZone, state: DraftState, places: Places, land: Land
) -> Effect:
    match order:
        case MergeZones(key, into):
            return merge(state, key, into)
        case SplitZone(key):
            return split(state, _open_zone(state, key), places, land)
        case RedrawZone(key, ring):
            return redraw(state, places, key, ring)


def _barriers(
    order: DrawBarrier | BarStreet | LiftBarrier, state: DraftState, land: Land
) -> tuple[Barrier, ...]:
    match order:
        case DrawBarrier(name, line):
            return (*state.barriers, Barrier(name, (tuple(line),)))
        case BarStreet(street):
            return (*state.barriers, street_barrier(land.streets, street))
        case LiftBarrier(position):
            if not 0 <= position < len(state.barriers):
                message = f"no barrier {position} in this draft"
                raise NotFound(message)
            return state.barriers[:position] + state.barriers[position + 1 :]


def _of_one_zone(order: Order, state: DraftState) -> Effect:
    match order:
        case LockZone(key, is_locked):
            changed = replace(_zone(state, key), is_locked=is_locked)
        case RenameZone(key, name):
            changed = replace(_zone(state, key), name=name)
        case AssignCollector(key, collector_id):
            changed = replace(_zone(state, key), collector_id=collector_id)
        case _:
            return Effect()  # a note
    return Effect(zones=(changed,))


def move(state: DraftState, places: Places, client_ids: Iterable[int], to: int) -> Effect:
    """Let clients join a zone, or a new one; those of locked zones stay where they are.

    Raises
    ------
    NotFound, ZoneLocked, NothingToMove
        When there is no such zone, it is locked, or no client would change.
    """
    _check_clients(places, client_ids)
    added = new_zone(state) if to == NEW_ZONE else None
    target = added or _open_zone(state, to)
    moved = dict.fromkeys(_movable(state, client_ids, target.key), target.key)
    if not moved:
        raise NothingToMove(zone=target.name)
    return Effect(zones=(added,) if added else (), moved=moved)


def bind(state: DraftState, places: Places, client_ids: Iterable[int], to: int) -> Effect:
    """Let clients join a zone and stay there whatever is divided anew.

    Raises
    ------
    NotFound, ZoneLocked, NothingToMove
        When there is no such zone, it is locked, or all of them are bound to it already.
    """
    _check_clients(places, client_ids)
    target = _open_zone(state, to)
    locked = {key for key, zone in state.zones.items() if zone.is_locked}
    bound = tuple(
        one
        for one in client_ids
        if state.zone_of.get(one) not in locked
        and not (one in state.bound and state.zone_of.get(one) == to)
    )
    if not bound:
        raise NothingToMove(zone=target.name)
    joining = {one: to for one in bound if state.zone_of.get(one) != to}
    return Effect(moved=joining, bound=bound)


def free(state: DraftState, client_ids: Iterable[int]) -> Effect:
    """Let clients be divided like all others again.

    Raises
    ------
    NothingToFree
        When none of them is bound.
    """
    freed = tuple(one for one in client_ids if one in state.bound)
    if not freed:
        raise NothingToFree
    return Effect(freed=freed)


def merge(state: DraftState, key: int, into: int) -> Effect:
    """Let all clients of a zone join another; the zone ends."""
    gone, target = _open_zone(state, key), _open_zone(state, into)
    if gone is target:
        raise NothingToMove(zone=target.name)
    return Effect(gone=(key,), moved=dict.fromkeys(state.members(key), into))


def redraw(state: DraftState, places: Places, key: int, ring: Ring) -> Effect:
    """Give a zone the border that somebody drew.

    Clients inside join it. Its clients outside join the zone of their nearest neighbour there; a
    border that crosses itself is read as the area that it encloses.

    Raises
    ------
    NotFound, ZoneLocked, NothingToMove
    """
    zone = _open_zone(state, key)
    area = shapely.make_valid(shapely.Polygon([(lon, lat) for lat, lon in ring]))
    is_inside = shapely.contains_xy(area, places.degrees[:, 1], places.degrees[:, 0])
    joining = dict.fromkeys(_movable(state, places.ids[is_inside].tolist(), key), key)
    leaving = [
        one
        for one in places.ids[~is_inside].tolist()
        if state.zone_of.get(one) == key and one not in state.bound
    ]
    kept = state.after(Effect(moved=joining)).without(leaving)
    moved = joining | _nearest(kept, places, leaving, never=key)
    if not moved:
        raise NothingToMove(zone=zone.name)
    return Effect(moved=moved)


def crosses_itself(ring: Ring) -> bool:
    """Tell whether a border that somebody drew crosses itself."""
    return not shapely.is_valid(shapely.Polygon([(lon, lat) for lat, lon in ring]))


def place_strangers(state: DraftState, places: Places) -> Effect:
    """Let clients whom no zone holds join that of their nearest neighbour.

    Raises
    ------
    NothingToMove
        When every client has a zone, or every zone is locked.
    """
    strangers = [one for one in places.ids.tolist() if one not in state.zone_of]
    moved = _nearest(state, places, strangers)
    if not moved:
        raise NothingToMove
    return Effect(moved=moved)


def _zone(state: DraftState, key: int) -> DraftZone:
    if key not in state.zones:
        message = f"no zone {key} in this draft"
        raise NotFound(message)
    return state.zones[key]


def _check_clients(places: Places, client_ids: Iterable[int]) -> None:
    unknown = [one for one in client_ids if one not in places.row_of]
    if unknown:
        message = f"clients {unknown[:5]} are not in this draft"
        raise NotFound(message)


def _open_zone(state: DraftState, key: int) -> DraftZone:
    zone = _zone(state, key)
    if zone.is_locked:
        raise ZoneLocked(zone=zone.name)
    return zone


def _movable(state: DraftState, client_ids: Iterable[int], to: int) -> list[int]:
    """Return the clients who would change: not there yet, not bound, not in a locked zone."""
    stays = {to, *(key for key, zone in state.zones.items() if zone.is_locked)}
    return [
        one for one in client_ids if one not in state.bound and state.zone_of.get(one) not in stays
    ]


def _nearest(
    state: DraftState, places: Places, client_ids: Collection[int], never: int = NOBODY
) -> dict[int, int]:
    """Return for each client the zone of the nearest one that has an open zone."""
    labels = places.labels(state.zone_of)
    open_keys = [key for key, zone in state.zones.items() if not zone.is_locked and key != never]
    is_member = np.isin(labels, open_keys)
    if not client_ids or not is_member.any():
        return {}
    plane_m = on_plane_m(places.points(range(len(places.ids))))
    rows = [places.row_of[one] for one in client_ids]
    _far, near = cKDTree(plane_m[is_member]).query(plane_m[rows])
    joined = labels[is_member][near].tolist()
    return dict(zip(client_ids, joined, strict=True))
