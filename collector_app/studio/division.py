"""Edits that the zoning engine makes: divide all anew, or make even around what people did."""

from collections.abc import Collection, Mapping

import numpy as np

from collector_app.studio.colouring import new_zone
from collector_app.studio.grounds import Land, ground_of, ground_of_some
from collector_app.studio.places import NOBODY, Places
from collector_app.studio.rules import (
    DayTooShort,
    DivideAll,
    DivideByHours,
    DraftState,
    DraftZone,
    Effect,
    LocksTakeAllZones,
    NothingToEven,
)
from collector_app.zones.rules import check_zone_count
from collector_app.zones.workload import USUAL_MONTH
from routing import zoning
from routing.errors import InvalidProblem

SEED = 1  # the same draft divides the same way


def divide(
    order: DivideAll | DivideByHours, state: DraftState, places: Places, land: Land
) -> Effect:
    """Divide the clients of open zones, and those without one, anew.

    New zones go on under the keys, names and collectors of today's under which most clients stay.

    Raises
    ------
    BadZoneCount, NobodyToPlace, TooManyZones
        When that many zones can't be drawn.
    LocksTakeAllZones, DayTooShort
        When the locks leave no zone to draw, or no number of zones keeps below the hours.
    """
    locked = {key for key, zone in state.zones.items() if zone.is_locked}
    labels = places.labels(state.zone_of)
    rows = np.flatnonzero(~np.isin(labels, list(locked))).tolist()
    locations = len(np.unique(places.degrees[rows], axis=0))
    if isinstance(order, DivideAll):
        check_zone_count(order.zones, locations + len(locked))
        if order.zones <= len(locked):
            raise LocksTakeAllZones(locked=len(locked), least=len(locked) + 1)
    else:
        check_zone_count(1, locations)
    ground = ground_of_some(places, rows, land, whole_colonias=order.whole_colonias)
    zoned = (
        _into(ground, order.zones - len(locked))
        if isinstance(order, DivideAll)
        else _below(ground, order.most_day_h)
    )
    return _renamed(zoned, state, places, locked)


def rebalance(state: DraftState, places: Places, by_hand: Mapping[int, int], land: Land) -> Effect:
    """Make the zones even with the fewest clients in another; locks and hands are respected.

    Parameters
    ----------
    by_hand : mapping of int to int
        The zone that people put clients into: they stay there.

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
    zoned = ground_of(places, land).rezone(
        today,
        len(keys),
        wishes=[zoning.ZoneWish(is_locked=state.zones[key].is_locked) for key in keys],
        held=held,
    )
    moved = {
        client: keys[zone]
        for client, key in state.zone_of.items()
        if keys[zone := zoned.zone_of[str(client)]] != key
    }
    if not moved:
        raise NothingToEven
    return Effect(moved=moved)


def _into(ground: zoning.Ground, count: int) -> zoning.Zoning:
    check_zone_count(count, len(ground.units.work))
    return ground.propose(count, seed=SEED)


def _below(ground: zoning.Ground, most_day_h: float) -> zoning.Zoning:
    most_min = most_day_h * 60 * USUAL_MONTH.workdays
    try:
        return zoning.fewest(ground, most_min, seed=SEED)
    except InvalidProblem as error:
        heaviest_h = float(ground.units.work[:, 0].max()) / 60 / USUAL_MONTH.workdays
        raise DayTooShort(str(error), asked=most_day_h, heaviest=round(heaviest_h, 1)) from error


def _renamed(
    zoned: zoning.Zoning, state: DraftState, places: Places, locked: Collection[int]
) -> Effect:
    """Return new zones under the keys of those they go on from; others end or are added."""
    was_open = sorted(set(state.zones) - set(locked))
    position = {key: at for at, key in enumerate(was_open)}
    before = {
        str(client): position[key] for client, key in state.zone_of.items() if key in position
    }
    goes_on = zoning.matched(zoned, before)
    key_of: dict[int, int] = {}
    added: list[DraftZone] = []
    for zone in range(len(zoned.centres)):
        if (at := goes_on.get(zone)) is not None:
            key_of[zone] = was_open[at]
        else:
            made = new_zone(state.after(Effect(zones=tuple(added))))
            added.append(made)
            key_of[zone] = made.key
    labels = dict(zip(places.ids.tolist(), places.labels(state.zone_of).tolist(), strict=True))
    joined = {int(client): key_of[zone] for client, zone in zoned.zone_of.items()}
    moved = {one: key for one, key in joined.items() if labels.get(one, NOBODY) != key}
    gone = tuple(key for key in was_open if key not in key_of.values())
    if not (moved or gone or added):
        raise NothingToEven
    return Effect(zones=tuple(added), gone=gone, moved=moved)
