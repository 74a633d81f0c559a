"""Proposals of zones: today's zones divided anew, with all that the studio can ask for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.studio import queries
from collector_app.studio.barriers import check_near, street_barrier
from collector_app.studio.colouring import new_zone
from collector_app.studio.division import SEED, divide, rebalance
from collector_app.studio.grounds import Land, ground_of
from collector_app.studio.outlines import proposed_zones
from collector_app.studio.places import Places
from collector_app.studio.rules import Barrier, DivideAll, DraftState, Effect, NothingToEven
from collector_app.studio.services.beginnings import places_now, state_today
from collector_app.zones.colours import colours
from collector_app.zones.queries import CollectorRow, LocatedClient, collectors, located
from collector_app.zones.territories import Drawing, names_of
from routing.travel.streets.pack import Pack
from routing.zoning import never


@dataclass(frozen=True, slots=True)
class ProposalWish:
    """What a proposal is asked for.

    Attributes
    ----------
    division : DivideAll
    locked_zone_ids : tuple of int
        Zones in force that stay as they are; they count among those asked for.
    barred_streets : tuple of str
        Names of streets that zones shall not cross.
    barriers : tuple of Barrier
        Lines that zones shall not cross.
    from_today : bool
        Make today's zones even with the fewest clients in another; the division then says nothing
        but how many zones there are to be.
    seed : int
        The same number draws the same zones.
    """

    division: DivideAll
    locked_zone_ids: tuple[int, ...] = ()
    barred_streets: tuple[str, ...] = ()
    barriers: tuple[Barrier, ...] = ()
    from_today: bool = False
    seed: int = SEED


def draw_proposal(
    session: Session,
    wish: ProposalWish,
    day: date,
    zone: ZoneInfo,
    streets: Pack | None = None,
    ends_early: Callable[[], bool] = never,
) -> Drawing:
    """Draw zones over the clients with a location, even in work and in overdue money.

    Collectors without a zone come first where more zones than today's are asked for. Barriers of
    the zones in force stand beside those that are asked for. Once
    `ends_early` says so, the best zones so far are drawn.

    Raises
    ------
    NobodyToPlace, BadZoneCount, NoSuchStreet, FarBarrier
        When they can't be drawn.
    """
    clients = located(session)
    land = queries.land_now(session, day, streets)
    if wish.division.whole_colonias:
        land = replace(land, colonia_of=queries.colonia_of(clients))
    state = _with_idle(state_today(session, day), wish, collectors(session))
    barred = tuple(street_barrier(streets, name) for name in wish.barred_streets)
    state = replace(
        state, barriers=tuple(dict.fromkeys((*state.barriers, *barred, *wish.barriers)))
    )
    places = places_now(session, day, zone)
    check_near(wish.barriers, places)
    return drawn(wish, state, places, land, clients, ends_early)


def drawn(
    wish: ProposalWish,
    state: DraftState,
    places: Places,
    land: Land,
    clients: Sequence[LocatedClient],
    ends_early: Callable[[], bool] = never,
) -> Drawing:
    """Make a state's zones even, or divide it anew and name its open zones from north to south."""
    try:
        if wish.from_today:
            effect = rebalance(state, places, {}, land, takes_in_strangers=True)
        else:
            effect = divide(wish.division, state, places, land, wish.seed, ends_early)
        divided = state.after(effect)
    except NothingToEven:  # nothing is better than what there is
        divided = state
    shown = _with_clients(divided) if wish.from_today else _named(divided, places, clients)
    return Drawing(
        tuple(zone for _key, zone in proposed_zones(shown, places, land)),
        wish.seed,
        asked=0 if wish.from_today else wish.division.zones,
        barriers=tuple(one.as_json() for one in state.barriers),
        kept_crossings=(
            ground_of(places, land, state.barriers).kept_crossings if state.barriers else 0
        ),
    )


def _with_idle(state: DraftState, wish: ProposalWish, staff: Sequence[CollectorRow]) -> DraftState:
    """Lock zones, and add empty ones for collectors who have none, as far as zones are asked."""
    locked = tuple(
        replace(zone, is_locked=True)
        for key, zone in state.zones.items()
        if key in wish.locked_zone_ids
    )
    state = state.after(Effect(zones=locked))
    in_charge = {zone.collector_id for zone in state.zones.values()}
    for one in staff:
        if one.id not in in_charge and len(state.zones) < wish.division.zones:
            state = state.after(Effect(zones=(replace(new_zone(state), collector_id=one.id),)))
    return state


def _with_clients(state: DraftState) -> DraftState:
    held = set(state.zone_of.values())
    return replace(state, zones={key: zone for key, zone in state.zones.items() if key in held})


def _named(state: DraftState, places: Places, clients: Sequence[LocatedClient]) -> DraftState:
    """Return the draft with its zones numbered, named and painted from north to south.

    Locked zones keep their names and colours; zones without clients are left out.
    """
    members: dict[int, list[LocatedClient]] = {}
    for client in clients:
        if (key := state.zone_of.get(client.id)) is not None:
            members.setdefault(key, []).append(client)
    kept = {key: zone.name for key, zone in state.zones.items() if zone.is_locked}
    names = names_of(members, kept)
    at = {key: number for number, key in enumerate(names)}
    labels = places.labels(state.zone_of).tolist()
    rows = [row for row, key in enumerate(labels) if key in at]
    painted = colours(places.points(rows), [at[labels[row]] for row in rows], len(names))
    zones = [
        replace(
            zone := state.zones[key],
            key=at[key] + 1,
            name=name,
            colour=zone.colour if zone.is_locked else painted[at[key]],
        )
        for key, name in names.items()
    ]
    return replace(
        state,
        zones={zone.key: zone for zone in zones},
        zone_of={one: at[key] + 1 for one, key in state.zone_of.items() if key in at},
    )
