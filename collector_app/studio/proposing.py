"""Proposals of zones: today's zones divided anew, with all that the studio can ask for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from collector_app.studio import queries
from collector_app.studio.barriers import street_barrier
from collector_app.studio.colouring import new_zone
from collector_app.studio.division import SEED, divide
from collector_app.studio.grounds import Land
from collector_app.studio.outlines import proposed_zones
from collector_app.studio.places import Places
from collector_app.studio.rules import DivideAll, DraftState, Effect, NothingToEven
from collector_app.studio.services.beginnings import places_now, state_today
from collector_app.zones.colours import colours
from collector_app.zones.queries import CollectorRow, LocatedClient, collectors, located
from collector_app.zones.territories import Drawing, names_of
from routing.travel.streets.pack import Pack


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
    seed : int
        The same number draws the same zones.
    """

    division: DivideAll
    locked_zone_ids: tuple[int, ...] = ()
    barred_streets: tuple[str, ...] = ()
    seed: int = SEED


def draw_proposal(
    session: Session, wish: ProposalWish, day: date, streets: Pack | None = None
) -> Drawing:
    """Draw zones over the clients with a location, even in work and in overdue money.

    Collectors without a zone come first where more zones than today's are asked for.

    Raises
    ------
    NobodyToPlace, BadZoneCount, LocksTakeAllZones, NoSuchStreet
        When they can't be drawn.
    """
    clients = located(session)
    land = queries.land_now(session, day, streets)
    if wish.division.whole_colonias:
        land = replace(land, colonia_of=queries.colonia_of(clients))
    state = _with_idle(state_today(session, day), wish, collectors(session))
    barriers = tuple(street_barrier(streets, name) for name in wish.barred_streets)
    state = replace(state, barriers=barriers)
    return drawn(wish, state, places_now(session, day), land, clients)


def drawn(
    wish: ProposalWish,
    state: DraftState,
    places: Places,
    land: Land,
    clients: Sequence[LocatedClient],
) -> Drawing:
    """Divide a state anew and name its open zones from north to south."""
    try:
        divided = state.after(divide(wish.division, state, places, land, wish.seed))
    except NothingToEven:  # nothing is better than what there is
        divided = state
    zones = proposed_zones(_named(divided, places, clients), places, land)
    return Drawing(tuple(zone for _key, zone in zones), wish.seed, asked=wish.division.zones)


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
