"""Clients without a zone join that of their nearest neighbour."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.audit.batches import log_rows
from collector_app.core.actor import Actor
from collector_app.core.bulk import insert_all
from collector_app.zones import territories
from collector_app.zones.models import Zone, ZoneMembership
from collector_app.zones.periods import hold_zones
from collector_app.zones.queries import (
    in_force,
    located,
    next_memberships,
    zone_of_client,
    zone_starts,
)
from collector_app.zones.rules import until
from collector_app.zones.services.refusals import WRITERS, check_day

PLACED = "zone.clients_placed"


@dataclass(frozen=True, slots=True)
class Placement:
    """Clients who joined the zone of their nearest neighbour, and those too far from any."""

    placed: int
    too_far: int


def place_new_clients(session: Session, actor: Actor, day: date) -> Placement:
    """Let clients without a zone join the one of their nearest neighbour, from a day on.

    To be called after an import. Zones that begin on a later day receive them, too.
    """
    actor.require(*WRITERS)
    check_day(day)
    hold_zones(session, day)
    placement = place(session, actor, [day, *zone_starts(session, day)])
    if placement.placed:
        audit.log(
            session,
            actor,
            PLACED,
            f"zone:{day.isoformat()}",
            placed=placement.placed,
            too_far=placement.too_far,
        )
    return placement


def place(session: Session, actor: Actor, days: Iterable[date]) -> Placement:
    """Place whoever has no zone on the first of each of the spans that begin on these days."""
    placed: set[int] = set()
    too_far: set[int] = set()
    for day in days:
        joined, left = _place_on(session, actor, day)
        placed |= joined
        too_far |= left
    return Placement(placed=len(placed), too_far=len(too_far - placed))


def _place_on(session: Session, actor: Actor, day: date) -> tuple[set[int], set[int]]:
    zone_of = zone_of_client(session, day)
    everybody = located(session)
    members = [client for client in everybody if client.id in zone_of]
    strangers = [client for client in everybody if client.id not in zone_of]
    nearest = territories.nearest_members(members, strangers)
    zones = session.scalars(select(Zone).where(in_force(Zone, day)))
    ends = {zone.id: zone.to_on for zone in zones}
    returns = next_memberships(session, day)
    joining = [
        {
            "client_id": client_id,
            "zone_id": zone_of[near],
            "from_on": day,
            "to_on": until(ends[zone_of[near]], returns.get(client_id)),
        }
        for client_id, near in nearest.items()
    ]
    join(session, actor, PLACED, joining)
    return set(nearest), {one.id for one in strangers} - set(nearest)


def join(session: Session, actor: Actor, why: str, joining: Sequence[Mapping[str, object]]) -> None:
    """Put clients into zones: columns of `ZoneMembership`, the same in each."""
    log_rows(session, actor, why, ZoneMembership, insert_all(session, ZoneMembership, joining))
