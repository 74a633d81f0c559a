"""Edits that the zoning engine makes: divide all anew, or make even around what people did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from collector_app.studio.colouring import new_zone
from collector_app.studio.grounds import (
    NO_LAND,
    Land,
    bound_zones,
    capacities,
    ground_of,
    ground_of_some,
)
from collector_app.studio.places import NOBODY, Places
from collector_app.studio.rules import (
    DayTooShort,
    DivideAll,
    DivideByHours,
    DraftState,
    DraftZone,
    Effect,
    NothingToEven,
    ZoneTooSmall,
)
from collector_app.zones.rules import check_zone_count
from collector_app.zones.workload import USUAL_MONTH
from routing import zoning
from routing.errors import InvalidProblem
from routing.geo import Point

SEED = 1  # the same draft divides the same way


@dataclass(frozen=True, slots=True)
class Seats:
    """The zones to divide into, in the engine's order, and what is asked of each."""

    zones: tuple[DraftZone, ...]
    wishes: tuple[zoning.ZoneWish, ...]


def divide(
    order: DivideAll | DivideByHours,
    state: DraftState,
    places: Places,
    land: Land,
    seed: int = SEED,
    ends_early: Callable[[], bool] = zoning.never,
) -> Effect:
    """Divide the clients of open zones, and those without one, anew.

    New zones go on under the keys, names and collectors of today's under which most clients stay.
    Work and money are shared by what their collectors can take; bound clients stay in their zones.
    When there are fewer locations than zones were asked for, each location is a zone; when no more
    zones were asked for than are locked, everybody else makes up one zone beside them. Once
    `ends_early` says so, the best zones so far are taken.

    Raises
    ------
    BadZoneCount, NobodyToPlace
        When no zone can be drawn.
    NothingToEven, DayTooShort
        When everybody is in a locked zone, or no number of zones keeps below the hours.
    """
    locked = [key for key, zone in state.zones.items() if zone.is_locked]
    labels = places.labels(state.zone_of)
    rows = np.flatnonzero(~np.isin(labels, locked)).tolist()
    locations = len(np.unique(places.degrees[rows], axis=0))
    asked = order.zones if isinstance(order, DivideAll) else 1
    if locked and len(places.ids) and not rows:
        raise NothingToEven
    check_zone_count(asked, max(asked, locations) if locations else 0)
    ground = ground_of_some(
        places, rows, land, whole_colonias=order.whole_colonias, barriers=state.barriers
    )
    if isinstance(order, DivideAll):
        count = min(max(asked - len(locked), 1), len(ground.units.work))
        seats = _seats(state, count, land, around_starts=order.around_starts)
        zoned = ground.propose(count, wishes=seats.wishes, seed=seed, ends_early=ends_early)
    else:
        zoned = _below(ground, order.most_day_h, seed, state, land, ends_early)
        seats = _seats(state, len(zoned.centres), land)
        asked = 0
    effect = _renamed(ground, zoned, seats, state, places)
    if not (effect.moved or effect.gone or effect.zones):
        raise NothingToEven
    return Effect(effect.zones, effect.gone, effect.moved, asked=asked)


def rebalance(
    state: DraftState,
    places: Places,
    by_hand: Mapping[int, int],
    land: Land,
    *,
    takes_in_strangers: bool = False,
) -> Effect:
    """Make the zones even with the fewest clients in another; locks and hands are respected.

    Parameters
    ----------
    by_hand : mapping of int to int
        The zone that people put clients into: they stay there.
    takes_in_strangers : bool
        Clients without a zone join one, too.

    Raises
    ------
    NothingToEven
        When no client would change.
    """
    keys = sorted(set(state.zone_of.values()))
    number = {key: n for n, key in enumerate(keys)}
    today = {str(client): number[key] for client, key in state.zone_of.items()}
    held = [str(one) for one, key in by_hand.items() if state.zone_of.get(one) == key]
    if len(keys) < 2:
        raise NothingToEven
    zones = [state.zones[key] for key in keys]
    zoned = (
        ground_of(places, land, state.barriers)
        .binding(bound_zones(state, number))
        .rezone(
            today,
            len(keys),
            wishes=[
                zoning.ZoneWish(capacity, is_locked=zone.is_locked)
                for zone, capacity in zip(zones, _capacities(zones, land), strict=True)
            ],
            held=held,
        )
    )
    moved = {
        client: keys[zone]
        for client in places.ids.tolist()
        if (takes_in_strangers or client in state.zone_of)
        and keys[zone := zoned.zone_of[str(client)]] != state.zone_of.get(client)
    }
    if not moved:
        raise NothingToEven
    return Effect(moved=moved)


def split(state: DraftState, zone: DraftZone, places: Places, land: Land) -> Effect:
    """Divide a zone into two of even work, each of one piece among all clients of the draft.

    Its clients alone say where it is best cut in two. Whether a half hangs together depends on who
    lives between: halves that don't are mended where all clients lie, and no other zone changes.

    Raises
    ------
    ZoneTooSmall
        When its clients share one location.
    """
    rows = [places.row_of[one] for one in state.members(zone.key) if one in places.row_of]
    if len(set(places.points(rows))) < 2:
        raise ZoneTooSmall(zone=zone.name)
    other = replace(new_zone(state), collector_id=None)
    halves = (
        ground_of_some(places, rows, land, whole_colonias=False, barriers=state.barriers)
        .binding({str(one): 0 for one in state.members(zone.key) if one in state.bound})
        .propose(2, seed=zone.key)
    )
    cut = {int(client): other.key for client, half in halves.zone_of.items() if half == 1}
    apart = state.after(Effect(zones=(other,), moved=cut))
    keys = sorted(set(apart.zone_of.values()))
    number = {key: n for n, key in enumerate(keys)}
    mended = (
        ground_of(places, land, state.barriers)
        .binding(bound_zones(apart, number))
        .rezone(
            {str(client): number[key] for client, key in apart.zone_of.items()},
            len(keys),
            wishes=[zoning.ZoneWish(is_locked=key not in {zone.key, other.key}) for key in keys],
        )
    )
    leaving = [
        one for one in state.members(zone.key) if mended.zone_of[str(one)] == number[other.key]
    ]
    return Effect(zones=(other,), moved=dict.fromkeys(leaving, other.key))


def _seats(state: DraftState, count: int, land: Land, *, around_starts: bool = False) -> Seats:
    """Return the open zones of today with most clients, and new ones while there are too few."""
    sizes = dict.fromkeys(state.zones, 0)
    for key in state.zone_of.values():
        sizes[key] += 1
    was_open = [zone for zone in state.zones.values() if not zone.is_locked]
    zones = sorted(was_open, key=lambda zone: (-sizes[zone.key], zone.key))[:count]
    so_far = state
    while len(zones) < count:
        zones.append(new_zone(so_far))
        so_far = so_far.after(Effect(zones=(zones[-1],)))
    zones.sort(key=lambda zone: zone.key)
    starts = (_start(zone, land) if around_starts else None for zone in zones)
    return Seats(
        tuple(zones),
        tuple(
            zoning.ZoneWish(capacity, start)
            for capacity, start in zip(_capacities(zones, land), starts, strict=True)
        ),
    )


def _capacities(zones: Sequence[DraftZone], land: Land) -> list[float]:
    return capacities([zone.collector_id for zone in zones], land.strengths)


def _start(zone: DraftZone, land: Land) -> Point | None:
    strength = land.strengths.get(zone.collector_id or 0)
    return Point(*strength.starts_from) if strength else None


def _below(
    ground: zoning.Ground,
    most_day_h: float,
    seed: int,
    state: DraftState,
    land: Land,
    ends_early: Callable[[], bool],
) -> zoning.Zoning:
    """Return as few zones as keep each below the hours a day, and within those of its collector."""
    most_min = most_day_h * 60 * USUAL_MONTH.workdays

    def own_min(count: int) -> list[float]:
        in_charge = (zone.collector_id for zone in _seats(state, count, NO_LAND).zones)
        known = (land.strengths.get(who or 0) for who in in_charge)
        return [most_min if one is None else one.month_h * 60 for one in known]

    try:
        return zoning.fewest(ground, most_min, own=own_min, seed=seed, ends_early=ends_early)
    except InvalidProblem as error:
        heaviest_h = float(ground.units.work[:, 0].max()) / 60 / USUAL_MONTH.workdays
        raise DayTooShort(str(error), asked=most_day_h, heaviest=round(heaviest_h, 1)) from error


def _renamed(
    ground: zoning.Ground, zoned: zoning.Zoning, seats: Seats, state: DraftState, places: Places
) -> Effect:
    """Return new zones under the keys of those they go on from; others end or are added.

    Clients bound to a zone return to it, and the others make up for them with the fewest moves.
    """
    number = {zone.key: n for n, zone in enumerate(seats.zones)}
    before = {str(one): number[key] for one, key in state.zone_of.items() if key in number}
    seat_of = zoning.matched(zoned, before, seats.wishes)
    named = {client: seat_of[zone] for client, zone in zoned.zone_of.items()}
    bound = {one: n for one, n in bound_zones(state, number).items() if one in named}
    if bound:
        zoned = ground.binding(bound).rezone(named | bound, len(number), wishes=seats.wishes)
        named = zoned.zone_of
    labels = dict(zip(places.ids.tolist(), places.labels(state.zone_of).tolist(), strict=True))
    joined = {int(client): seats.zones[n].key for client, n in named.items()}
    return Effect(
        zones=tuple(zone for zone in seats.zones if zone.key not in state.zones),
        gone=tuple(
            key for key, zone in state.zones.items() if not zone.is_locked and key not in number
        ),
        moved={one: key for one, key in joined.items() if labels.get(one, NOBODY) != key},
    )
