"""Writing down what was added up, and forgetting what nobody will ask again."""

from datetime import datetime

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from collector_app.figures.models import KeptFigures
from collector_app.figures.rules import OLDEST_SHOWN, Age, Question


def keep(
    session: Session, question: Question, content: bytes, age: Age, *, is_chosen: bool = False
) -> None:
    """Put an answer in the place of the one before."""
    session.execute(
        delete(KeptFigures).where(
            KeptFigures.question == question.name, KeptFigures.asked == question.key
        )
    )
    session.add(
        KeptFigures(
            question=question.name,
            asked=question.key,
            content=content,
            read_at=age.read_at,
            took_s=age.took_s,
            is_chosen=is_chosen,
        )
    )


def forget_before(session: Session, instant: datetime, now: datetime) -> None:
    """Delete the answers of rounds before an instant: of other days, or no longer slow.

    Those that somebody chose live as long as they may be shown; a look makes them anew before.
    """
    session.execute(
        delete(KeptFigures).where(
            or_(
                ~KeptFigures.is_chosen & (KeptFigures.read_at < instant),
                KeptFigures.is_chosen & (KeptFigures.read_at < now - OLDEST_SHOWN),
            )
        )
    )
