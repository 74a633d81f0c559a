"""What people decide about scores: for whom they are switched off, and on again."""

from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.compliance.services import DecisionUnexplained
from collector_app.core import clock
from collector_app.core.actor import OFFICE, Actor
from collector_app.core.errors import NotFound
from collector_app.portfolio.models import Client
from collector_app.scoring.models import ScoringDecision
from collector_app.scoring.queries import decisions_of


def switch_scoring(
    session: Session, actor: Actor, client_id: int, reason: str, *, is_scored: bool
) -> None:
    """Score a client or stop scoring them, from the next plan on.

    Plans that exist keep their prizes. Saying what already holds changes nothing.

    Raises
    ------
    NotAllowed
        Unless somebody of the office asks.
    NotFound
        If there is no such client.
    DecisionUnexplained
        If nothing explains it.
    """
    actor.require(*OFFICE)
    if session.get(Client, client_id) is None:
        message = f"no client {client_id}"
        raise NotFound(message)
    if not reason.strip():
        raise DecisionUnexplained("reason", "why this is decided")
    before = decisions_of(session, client_id)
    if is_scored is (before[0].is_scored if before else True):
        return
    decision = ScoringDecision(
        client_id=client_id,
        is_scored=is_scored,
        reason=reason.strip(),
        decided_by=actor.user_id,
        decided_at=clock.now(),
    )
    session.add(decision)
    event = "scoring.switched_on" if is_scored else "scoring.switched_off"
    audit.log(session, actor, event, decision, client_id=client_id)
