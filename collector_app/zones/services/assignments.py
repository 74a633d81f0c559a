"""Putting a collector in charge of a zone."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.audit.batches import log_rows
from collector_app.core.actor import Actor
from collector_app.core.errors import NotFound, StaleData
from collector_app.zones.models import Zone, ZoneAssignment
from collector_app.zones.periods import end_before
from collector_app.zones.queries import in_force
from collector_app.zones.services.refusals import WRITERS, check_collectors, check_day

ASSIGNED = "zone.assigned"


def assign_collector(
    session: Session, actor: Actor, zone_id: int, collector_id: int | None, day: date
) -> None:
    """Put a collector in charge of a zone from a day on, or nobody; who was before is kept.

    The last decision holds: changes that were planned for later days never begin.

    Raises
    ------
    NotFound, StaleData
        When there is no such zone, or other zones take its place by that day.
    DayIsOver, NotACollector
        When the day has passed, or that person is no active collector.
    """
    actor.require(*WRITERS)
    check_day(day)
    zone = session.get(Zone, zone_id, with_for_update=True)
    if zone is None:
        message = f"no zone {zone_id}"
        raise NotFound(message)
    if zone.to_on is not None and zone.to_on < max(day, zone.from_on):
        message = f"zone {zone_id} ends on {zone.to_on}"
        raise StaleData(message)
    check_collectors(session, [collector_id])
    first_on = max(day, zone.from_on)
    before = session.scalar(
        select(ZoneAssignment).where(
            ZoneAssignment.zone_id == zone_id, in_force(ZoneAssignment, first_on)
        )
    )
    before_id = before.collector_id if before else None
    if before and before_id == collector_id and before.to_on == zone.to_on:
        return
    own = ZoneAssignment.zone_id == zone_id
    end_before(session, actor, ASSIGNED, ZoneAssignment, first_on, own)
    answer_for(session, actor, zone, collector_id, first_on)
    audit.log(
        session,
        actor,
        ASSIGNED,
        f"zone:{zone_id}",
        before=before_id,
        after=collector_id,
        from_on=first_on.isoformat(),
    )


def answer_for(
    session: Session, actor: Actor, zone: Zone, collector_id: int | None, from_on: date
) -> None:
    """Open an assignment that lasts as long as its zone; None leaves the zone to nobody."""
    if collector_id is not None:
        opened = ZoneAssignment(
            zone_id=zone.id, collector_id=collector_id, from_on=from_on, to_on=zone.to_on
        )
        session.add(opened)
        session.flush()
        log_rows(session, actor, ASSIGNED, ZoneAssignment, [opened.id])
