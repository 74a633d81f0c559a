"""Proposals of zones: drawn, kept, accepted or put aside."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.errors import NotFound
from collector_app.zones import territories
from collector_app.zones.models import ZoneProposal
from collector_app.zones.rules import ProposalClosed, ProposedZone
from collector_app.zones.services.refusals import WRITERS
from collector_app.zones.services.succession import ACCEPTED, AcceptedZones, replace_zones


def record_proposal(
    session: Session,
    actor: Actor,
    drawn: territories.Drawing,
    job_id: str | None = None,
    alternative_to: ZoneProposal | None = None,
) -> ZoneProposal:
    """Keep zones that were drawn outside a transaction; a job that runs again finds its own.

    Parameters
    ----------
    alternative_to : ZoneProposal, optional
        Today's zones made even, which stand beside these to choose from.
    """
    actor.require(*WRITERS)
    if job_id:
        kept = session.scalar(select(ZoneProposal).where(ZoneProposal.job_id == job_id))
        if kept:
            return kept
    proposal = ZoneProposal(
        created_at=clock.now(),
        created_by=actor.user_id,
        job_id=job_id,
        alternative_to_id=alternative_to.id if alternative_to else None,
        barriers=[dict(one) for one in drawn.barriers],
        zones=[zone.as_json() for zone in drawn.zones],
        figures=drawn.figures(),
    )
    session.add(proposal)
    session.flush()
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
    """Replace all zones from a day on by those of a proposal, as `replace_zones` does.

    Whatever stood beside it to choose from is put aside.

    Raises
    ------
    NotFound, ProposalClosed
        When there is no such proposal, or it was accepted or discarded.
    StaleProposal, DayIsOver, NotACollector
        As `replace_zones`.
    """
    actor.require(*WRITERS)
    proposal = _open_proposal(session, proposal_id)
    zones = [ProposedZone.from_json(kept) for kept in proposal.zones]
    accepted = replace_zones(session, actor, zones, day, collector_of_zone)
    proposal.accepted_at = clock.now()
    for other in _beside(session, proposal):
        other.discarded_at = clock.now()
        audit.log(session, actor, "zone.discarded", other)
    audit.log(
        session,
        actor,
        ACCEPTED,
        proposal,
        from_on=day.isoformat(),
        zone_ids=list(accepted.zone_ids),
        collectors=[collector_of_zone.get(position) for position in range(len(zones))],
        newcomers=accepted.newcomers.placed,
    )
    return accepted


def _beside(session: Session, proposal: ZoneProposal) -> Sequence[ZoneProposal]:
    """Return the open proposals that were drawn beside one."""
    return session.scalars(
        select(ZoneProposal)
        .where(
            or_(
                ZoneProposal.alternative_to_id == proposal.id,
                ZoneProposal.id == proposal.alternative_to_id,
            ),
            ZoneProposal.accepted_at.is_(None),
            ZoneProposal.discarded_at.is_(None),
        )
        .order_by(ZoneProposal.id)
        .with_for_update()
    ).all()


def _open_proposal(session: Session, proposal_id: int) -> ZoneProposal:
    proposal = session.get(ZoneProposal, proposal_id, with_for_update=True)
    if proposal is None:
        message = f"no proposal {proposal_id}"
        raise NotFound(message)
    if proposal.accepted_at or proposal.discarded_at:
        message = f"proposal {proposal_id} was accepted or discarded"
        raise ProposalClosed(message)
    return proposal
