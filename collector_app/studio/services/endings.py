"""How a draft ends: its zones take the place of those in force, or it is put aside."""

from datetime import date

from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.edits import check_version
from collector_app.studio import queries
from collector_app.studio.grounds import NO_LAND, Land
from collector_app.studio.outlines import proposed_zones
from collector_app.studio.places import Places
from collector_app.studio.rules import DraftState, DraftWithoutZones
from collector_app.studio.services.edits import EDITORS, open_draft
from collector_app.zones.services import AcceptedZones, replace_zones

PUBLISHERS = (Role.DISPATCHER, Role.ADMIN, Role.SYSTEM)


def publish_draft(
    session: Session,
    actor: Actor,
    draft_id: int,
    seen: int,
    day: date,
    note: str = "",
    land: Land = NO_LAND,
) -> AcceptedZones:
    """Put the zones of a draft in force from a day on; what was before is kept with its days.

    Zones without clients are left out. Clients whom no zone holds join that of their nearest
    neighbour.

    Raises
    ------
    NotFound, DraftClosed, StaleDraft
        When there is no such draft, it is closed, or others edited it meanwhile.
    DraftWithoutZones, StaleProposal, DayIsOver, NotACollector
        When its zones can't begin on that day.
    """
    actor.require(*PUBLISHERS)
    draft = open_draft(session, draft_id)
    history = queries.history(session, draft_id)
    check_version(seen, history.version)
    state = history.replayed.state(DraftState.from_json(draft.start))
    zones = proposed_zones(state, Places.from_json(draft.places), land)
    if not zones:
        raise DraftWithoutZones
    accepted = replace_zones(
        session,
        actor,
        [zone for _key, zone in zones],
        day,
        {at: state.zones[key].collector_id for at, (key, _zone) in enumerate(zones)},
    )
    draft.published_at = clock.now()
    draft.published_from_on = day
    audit.log(
        session,
        actor,
        "draft.published",
        draft,
        from_on=day.isoformat(),
        version=history.version,
        zone_ids=list(accepted.zone_ids),
        note=note,
    )
    return accepted


def discard_draft(session: Session, actor: Actor, draft_id: int) -> None:
    """Put a draft aside; its rows are kept."""
    actor.require(*EDITORS)
    draft = open_draft(session, draft_id)
    draft.discarded_at = clock.now()
    audit.log(session, actor, "draft.discarded", draft)
