"""What people decide about zones: propose them, accept them, put a collector in charge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import InvalidInput, NotFound, StaleData
from collector_app.zones import territories
from collector_app.zones.models import Zone, ZoneAssignment, ZoneMembership, ZoneProposal
from collector_app.zones.periods import end_before, hold_zones
from collector_app.zones.queries import (
    in_force,
    located,
    next_memberships,
    zone_of_client,
    zone_starts,
)
from collector_app.zones.rules import (
    DayIsOver,
    NotACollector,
    ProposalClosed,
    ProposedZone,
    check_newcomers,
    until,
)

WRITERS = (Role.DISPATCHER, Role.ADMIN, Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Placement:
    """Clients who joined the zone of their nearest neighbour, and those too far from any."""

    placed: int
    too_far: int


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
    _check_day(day)
    _check_positions(collector_of_zone, len(zones))
    _check_collectors(session, collector_of_zone.values())
    _check_fresh(session, zones)
    hold_zones(session, day)
    for kind in (ZoneAssignment, ZoneMembership, Zone):
        end_before(session, kind, day)
    rows = [
        _open_zone(session, zone, day, collector_of_zone.get(position))
        for position, zone in enumerate(zones)
    ]
    newcomers = _place(session, [day])
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
    _check_day(day)
    zone = session.get(Zone, zone_id, with_for_update=True)
    if zone is None:
        message = f"no zone {zone_id}"
        raise NotFound(message)
    if zone.to_on is not None and zone.to_on < max(day, zone.from_on):
        message = f"zone {zone_id} ends on {zone.to_on}"
        raise StaleData(message)
    _check_collectors(session, [collector_id])
    first_on = max(day, zone.from_on)
    before = session.scalar(
        select(ZoneAssignment).where(
            ZoneAssignment.zone_id == zone_id, in_force(ZoneAssignment, first_on)
        )
    )
    before_id = before.collector_id if before else None
    if before and before_id == collector_id and before.to_on == zone.to_on:
        return
    end_before(session, ZoneAssignment, first_on, ZoneAssignment.zone_id == zone_id)
    _answer_for(session, zone, collector_id, first_on)
    audit.log(
        session,
        actor,
        "zone.assigned",
        zone,
        before=before_id,
        after=collector_id,
        from_on=first_on.isoformat(),
    )


def place_new_clients(session: Session, actor: Actor, day: date) -> Placement:
    """Let clients without a zone join the one of their nearest neighbour, from a day on.

    To be called after an import. Zones that begin on a later day receive them, too.
    """
    actor.require(*WRITERS)
    _check_day(day)
    hold_zones(session, day)
    placement = _place(session, [day, *zone_starts(session, day)])
    if placement.placed:
        audit.log(
            session,
            actor,
            "zone.clients_placed",
            f"zone:{day.isoformat()}",
            placed=placement.placed,
            too_far=placement.too_far,
        )
    return placement


def _open_proposal(session: Session, proposal_id: int) -> ZoneProposal:
    proposal = session.get(ZoneProposal, proposal_id, with_for_update=True)
    if proposal is None:
        message = f"no proposal {proposal_id}"
        raise NotFound(message)
    if proposal.accepted_at or proposal.discarded_at:
        message = f"proposal {proposal_id} was accepted or discarded"
        raise ProposalClosed(message)
    return proposal


def _check_day(day: date) -> None:
    """Refuse a day that is over everywhere on Earth; forms refuse their own yesterday."""
    if day < (clock.now() - timedelta(hours=12)).date():
        message = f"{day} is over"
        raise DayIsOver(message, day=day.isoformat())


def _check_positions(collector_of_zone: Mapping[int, int | None], zone_count: int) -> None:
    unknown = sorted(set(collector_of_zone) - set(range(zone_count)))
    if unknown:
        raise InvalidInput("zone", f"0-{zone_count - 1}", positions=unknown)


def _check_collectors(session: Session, collector_ids: Iterable[int | None]) -> None:
    wanted = {one for one in collector_ids if one is not None}
    active = select(User.id).where(User.role == Role.COLLECTOR, User.active, User.id.in_(wanted))
    others = wanted - set(session.scalars(active))
    if others:
        message = f"no active collectors: {sorted(others)}"
        raise NotACollector(message, users=sorted(others))


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
    _answer_for(session, zone, collector_id, day)
    return zone


def _answer_for(session: Session, zone: Zone, collector_id: int | None, from_on: date) -> None:
    if collector_id is not None:
        session.add(
            ZoneAssignment(
                zone_id=zone.id, collector_id=collector_id, from_on=from_on, to_on=zone.to_on
            )
        )
        session.flush()


def _place(session: Session, days: Iterable[date]) -> Placement:
    placed: set[int] = set()
    too_far: set[int] = set()
    for day in days:
        joined, left = _place_on(session, day)
        placed |= joined
        too_far |= left
    return Placement(placed=len(placed), too_far=len(too_far - placed))


def _place_on(session: Session, day: date) -> tuple[set[int], set[int]]:
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
    if joining:
        session.execute(insert(ZoneMembership), joining)
    return set(nearest), {one.id for one in strangers} - set(nearest)
