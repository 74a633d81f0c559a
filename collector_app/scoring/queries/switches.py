"""For whom scores are switched off: the last decision about each client."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.scoring.models import ScoringDecision


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision with who took it; None is the system."""

    client_id: int
    is_scored: bool
    reason: str
    decided_by: str | None
    decided_at: datetime


def switched_off(session: Session) -> dict[int, DecisionRow]:
    """Return the clients who are not to be scored, with the decision that says so."""
    last = select(func.max(ScoringDecision.id)).group_by(ScoringDecision.client_id)
    found = session.execute(
        _decisions().where(ScoringDecision.id.in_(last), ScoringDecision.is_scored.is_(False))
    )
    return {row.client_id: DecisionRow(*row) for row in found}


def decisions_of(session: Session, client_id: int) -> list[DecisionRow]:
    """Return every decision about a client, newest first."""
    found = session.execute(
        _decisions()
        .where(ScoringDecision.client_id == client_id)
        .order_by(ScoringDecision.id.desc())
    )
    return [DecisionRow(*row) for row in found]


def _decisions() -> Select[int, bool, str, str, datetime]:
    return select(
        ScoringDecision.client_id,
        ScoringDecision.is_scored,
        ScoringDecision.reason,
        User.full_name,
        ScoringDecision.decided_at,
    ).outerjoin(User, User.id == ScoringDecision.decided_by)
