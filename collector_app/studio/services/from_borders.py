"""A draft that begins with borders: those of a file, or the colonias of the city in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from collector_app.core.actor import Actor
from collector_app.studio.borders import Area, mended
from collector_app.studio.borders.membership import NO_AREA, area_of, counted
from collector_app.studio.division import divide
from collector_app.studio.grounds import Land
from collector_app.studio.models import ZoneDraft
from collector_app.studio.places import Places
from collector_app.studio.rules import (
    BorderFault,
    BorderFinding,
    DivideAll,
    DraftOrigin,
    DraftState,
    DraftZone,
    NobodyInside,
    TooManyAreas,
)
from collector_app.studio.services.beginnings import begin, places_now
from collector_app.zones.colours import PALETTE, colours
from collector_app.zones.queries import CollectorRow, collectors
from collector_app.zones.rules import MAX_ZONES
from routing.geo import Point
from routing.travel.streets.pack import Pack


@dataclass(frozen=True, slots=True)
class FirstBorders:
    """What a draft begins with.

    Attributes
    ----------
    name : str
        Of the draft.
    zone_count : int or None
        Into how many even zones whole areas are joined; None for a zone each.
    """

    name: str
    origin: DraftOrigin
    areas: Sequence[Area]
    zone_count: int | None = None


def begin_from_borders(
    session: Session,
    actor: Actor,
    first: FirstBorders,
    day: date,
    zone: ZoneInfo,
    streets: Pack | None = None,
) -> ZoneDraft:
    """Begin a draft in which each area that holds clients is a zone, or areas joined into so many.

    Raises
    ------
    NobodyToPlace, NobodyInside
        When no client has a location, or none lies in any area.
    TooManyAreas
        When more areas hold clients than there may be zones, and they are not to be joined.
    BadZoneCount, TooManyZones
        When they can't be joined into that many.
    """
    places = places_now(session, day, zone)
    sound, findings = mended(first.areas)
    inside = area_of(sound, places.degrees)
    if (inside == NO_AREA).all():
        raise NobodyInside(areas=len(first.areas))
    findings = counted(findings, sound, inside, places.degrees)
    staff = collectors(session)
    if first.zone_count is None:
        state, unknown = _zone_by_area(sound, inside, places, staff)
        findings += unknown
    else:
        state = _joined(sound, inside, places, first.zone_count, streets)
    told = tuple(one.as_json() for one in findings)
    return begin(session, actor, first.name, first.origin, state, places, told)


def _zone_by_area(
    areas: Sequence[Area],
    inside: NDArray[np.int64],
    places: Places,
    staff: Sequence[CollectorRow],
) -> tuple[DraftState, list[BorderFinding]]:
    held = np.unique(inside[inside != NO_AREA]).tolist()
    if len(held) > MAX_ZONES:
        raise TooManyAreas(areas=len(held), most=MAX_ZONES)
    painted = _colours(areas, held, inside, places)
    id_of = {one.name.casefold(): one.id for one in staff}
    unknown = [
        BorderFinding(BorderFault.NO_COLLECTOR, areas[n].name, other=who)
        for n in held
        if (who := areas[n].collector) and who.casefold() not in id_of
    ]
    zones = {
        key: DraftZone(
            key, areas[n].name, painted[n], id_of.get((areas[n].collector or "").casefold())
        )
        for key, n in enumerate(held, start=1)
    }
    key_of = {n: key for key, n in enumerate(held, start=1)}
    zone_of = {
        client: key_of[n]
        for client, n in zip(places.ids.tolist(), inside.tolist(), strict=True)
        if n != NO_AREA
    }
    return DraftState(zones, zone_of), unknown


def _joined(
    areas: Sequence[Area],
    inside: NDArray[np.int64],
    places: Places,
    zone_count: int,
    streets: Pack | None,
) -> DraftState:
    """Return so many zones of whole areas; clients in no area go where their neighbours do."""
    group_of = {
        client: areas[n].name
        for client, n in zip(places.ids.tolist(), inside.tolist(), strict=True)
        if n != NO_AREA
    }
    nothing = DraftState({}, {})
    order = DivideAll(zone_count, whole_colonias=True)
    return nothing.after(divide(order, nothing, places, Land(streets, group_of)))


def _colours(
    areas: Sequence[Area], held: Sequence[int], inside: NDArray[np.int64], places: Places
) -> Mapping[int, str]:
    """Return the colours that a file gives, or such that neighbours differ."""
    if all(areas[n].colour in PALETTE for n in held):
        return {n: areas[n].colour or PALETTE[0] for n in held}
    rows = np.flatnonzero(inside != NO_AREA)
    points = [Point(*place) for place in places.degrees[rows].tolist()]
    position = {n: at for at, n in enumerate(held)}
    found = colours(points, [position[n] for n in inside[rows].tolist()], len(held))
    return dict(zip(held, found, strict=True))
