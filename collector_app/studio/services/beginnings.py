"""How a draft begins: with the zones of today, or with those that the system proposed."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.payments.queries import debts
from collector_app.studio.models import ZoneDraft
from collector_app.studio.places import Places
from collector_app.studio.queries import last_bounds
from collector_app.studio.rules import Barrier, DraftOrigin, DraftState, DraftZone
from collector_app.studio.services.edits import EDITORS
from collector_app.zones.queries import (
    collectors,
    located,
    owners,
    proposal_page,
    zone_of_client,
    zones_on,
)
from collector_app.zones.rules import NobodyToPlace
from collector_app.zones.territories import suggest_collectors
from routing.geo import Point


def begin_from_today(
    session: Session, actor: Actor, name: str, day: date, zone: ZoneInfo
) -> ZoneDraft:
    """Begin a draft with the zones in force on a day.

    Raises
    ------
    NobodyToPlace
        When no client has a location.
    """
    state = state_today(session, day)
    return begin(session, actor, name, DraftOrigin.TODAY, state, places_now(session, day, zone))


def state_today(session: Session, day: date) -> DraftState:
    """Return the zones in force on a day; collectors who left are in charge of none.

    Whom the last published draft bound stays bound, and its barriers stand.
    """
    active = {one.id for one in collectors(session)}
    zones = {
        row.id: DraftZone(
            row.id, row.name, row.colour, row.collector_id if row.collector_id in active else None
        )
        for row in zones_on(session, day)
    }
    zone_of = zone_of_client(session, day)
    bound, barriers = last_bounds(session)
    return DraftState(zones, zone_of, bound & zone_of.keys(), barriers)


def begin_from_proposal(
    session: Session, actor: Actor, proposal_id: int, day: date, zone: ZoneInfo
) -> ZoneDraft:
    """Begin a draft with proposed zones, each with the collector who knows most of its clients.

    The barriers that they were drawn with stand.

    Raises
    ------
    NotFound, NobodyToPlace
        When there is no such proposal, or no client has a location.
    """
    page = proposal_page(session, proposal_id)
    now = {client: owner.collector_id for client, owner in owners(session, day).items()}
    suggested = suggest_collectors(page.zones, now, [one.id for one in collectors(session)])
    zones = {
        key: DraftZone(key, zone.name, zone.colour, collector_id)
        for key, (zone, collector_id) in enumerate(zip(page.zones, suggested, strict=True), start=1)
    }
    zone_of = {
        client_id: key for key, zone in enumerate(page.zones, 1) for client_id in zone.client_ids
    }
    name = f"Propuesta {proposal_id}"
    barriers = tuple(Barrier.from_json(one) for one in page.barriers)
    state = DraftState(zones, zone_of, barriers=barriers)
    return begin(session, actor, name, DraftOrigin.PROPOSAL, state, places_now(session, day, zone))


def begin(
    session: Session,
    actor: Actor,
    name: str,
    origin: DraftOrigin,
    start: DraftState,
    places: Places,
    findings: tuple[Mapping[str, object], ...] = (),
) -> ZoneDraft:
    """Keep a draft with its clients, and the zones it begins with as far as they hold these."""
    actor.require(*EDITORS)
    known = start.only(places.ids.tolist())
    draft = ZoneDraft(
        name=name,
        origin=origin,
        created_at=clock.now(),
        created_by=actor.user_id,
        places=places.as_json(),
        start=known.as_json(),
        findings=[dict(one) for one in findings],
    )
    session.add(draft)
    audit.log(
        session,
        actor,
        "draft.begun",
        draft,
        origin=origin,
        zones=len(known.zones),
        clients=len(places.ids),
    )
    return draft


def places_now(session: Session, day: date, zone: ZoneInfo) -> Places:
    """Return the clients who have a location now, with what they owe on a day.

    Raises
    ------
    NobodyToPlace
        When there are none.
    """
    clients = located(session)
    if not clients:
        raise NobodyToPlace
    owed = debts(session, day, zone)
    overdue = {client: debt.overdue_cents for client, debt in owed.items()}
    return Places.of([(one.id, Point(one.lat, one.lon)) for one in clients], overdue)
