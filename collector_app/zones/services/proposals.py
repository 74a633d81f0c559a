"""Proposals of zones: drawn, kept, accepted or put aside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.zones import territories
from collector_app.zones.models import Zone, ZoneAssignment, ZoneMembership, ZoneProposal
from collector_app.zones.periods import end_before, hold_zones
from collector_app.zones.queries import located
from collector_app.zones.rules import ProposalClosed, ProposedZone, check_newcomers
from collector_app.zones.services.assignments import answer_for
from collector_app.zones.services.newcomers import Placement, place
from collector_app.zones.services.refusals import WRITERS, check_collectors, check_day


@dataclass(frozen=True, slots=True)
class AcceptedZones:
    """The zones that now exist, in the order of the proposal, and what became of newcomers."""

    zone_ids: tuple[int, ...]
    newcomers: Placement


def propose_zones(session: Session, actor: Actor, k: int, seed: int = 1) -> ZoneProposal:
    """Draw `k` zones over the clients with a location; nothing changes until they are accepted.

    Raises
    ------
    BadZoneCount, NobodyToPlace, TooManyZones
        When that many zones can't be drawn.
    """
    actor.require(*WRITERS)
    return record_proposal(session, actor, territories.draw(located(session), k, seed=seed))


def record_proposal(
    session: Session, actor: Actor, drawn: territories.Drawing, job_id: str | None = None
) -> ZoneProposal:
    """Keep zones that were drawn outside a transaction; a job that runs again finds its own."""
    actor.require(*WRITERS)
    if job_id:
        kept = session.scalar(select(ZoneProposal).where(ZoneProposal.job_id == job_id))
        if kept:
            return kept
    proposal = ZoneProposal(
        created_at=clock.now(),
        created_by=actor.user_id,
        job_id=job_id,
        zones=[zone.as_json() for zone in drawn.zones],
        figures=drawn.figures(),
    )
    session.add(proposal)
    audit.log(session, actor, "zone.proposed", proposal, **drawn.figures())
    return proposal


def discard_proposal(session: Session, actor: Actor, proposal_id: int) -> None:
    """Put a proposal aside; its row is kept."""
    actor.require(*WRITERS)
    proposal = _open_proposal(session, proposal_id)
    proposal.discarded_at = clock.now()
    audit.log(session, actor, "zone.discarded", proposal)


def accept_proposal(
    session: Session,
    actor: Actor,
    proposal_id: int,
    day: date,
    collector_of_zone: Mapping[int, int | None],
) -> AcceptedZones:
    """Replace all zones from a day on by those of a proposal.

    Zones, memberships and assignments that reach that day end the day before; those planned for
    later days never begin. Clients who came after the proposal was drawn join the zone of their
    nearest neighbour.

    Parameters
    ----------
    collector_of_zone : mapping of int to int or None
        Collector by position of the zone in the proposal, from 0; a zone left out has nobody. One
        collector may answer for several zones.

    Raises
    ------
    NotFound, ProposalClosed
        When there is no such proposal, or it was accepted or discarded.
    StaleProposal
        When too many clients came after it was drawn.
    DayIsOver, NotACollector
        When the day has passed, or somebody named is no active collector.
    """
    actor.require(*WRITERS)
    proposal = _open_proposal(session, proposal_id)
    zones = [ProposedZone.from_json(kept) for kept in proposal.zones]
    check_day(day)
    _check_positions(collector_of_zone, len(zones))
    check_collectors(session, collector_of_zone.values())
    _check_fresh(session, zones)
    hold_zones(session, day)
    for kind in (ZoneAssignment, ZoneMembership, Zone):
        end_before(session, kind, day)
    rows = [
        _open_zone(session, zone, day, collector_of_zone.get(position))
        for position, zone in enumerate(zones)
    ]
    newcomers = place(session, [day])
    proposal.accepted_at = clock.now()
    audit.log(
        session,
        actor,
        "zone.accepted",
        proposal,
        from_on=day.isoformat(),
        zone_ids=[row.id for row in rows],
        collectors=[collector_of_zone.get(position) for position in range(len(zones))],
        newcomers=newcomers.placed,
    )
    return AcceptedZones(tuple(row.id for row in rows), newcomers)


def _open_proposal(session: Session, proposal_id: int) -> ZoneProposal:
    proposal = session.get(ZoneProposal, proposal_id, with_for_update=True)
    if proposal is None:
        message = f"no proposal {proposal_id}"
        raise NotFound(message)
    if proposal.accepted_at or proposal.discarded_at:
        message = f"proposal {proposal_id} was accepted or discarded"
        raise ProposalClosed(message)
    return proposal


def _check_positions(collector_of_zone: Mapping[int, int | None], zone_count: int) -> None:
    unknown = sorted(set(collector_of_zone) - set(range(zone_count)))
    if unknown:
        raise InvalidInput("zone", f"0-{zone_count - 1}", positions=unknown)


def _check_fresh(session: Session, zones: Iterable[ProposedZone]) -> None:
    now = {client.id for client in located(session)}
    then = {client_id for zone in zones for client_id in zone.client_ids}
    check_newcomers(len(now - then), len(now))


def _open_zone(
    session: Session, proposed: ProposedZone, day: date, collector_id: int | None
) -> Zone:
    zone = Zone(name=proposed.name, colour=proposed.colour, outline=proposed.outline, from_on=day)
    session.add(zone)
    session.flush()
    session.execute(
        insert(ZoneMembership),
        [
            {"zone_id": zone.id, "client_id": client_id, "from_on": day}
            for client_id in proposed.client_ids
        ],
    )
    answer_for(session, zone, collector_id, day)
    return zone
