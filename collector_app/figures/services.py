"""Writing down what was added up, and forgetting what nobody will ask again."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from collector_app.figures.models import KeptFigures
from collector_app.figures.rules import Age, Question


def keep(session: Session, question: Question, content: bytes, age: Age) -> None:
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
        )
    )


def forget_before(session: Session, instant: datetime) -> None:
    """Delete the answers that were read before an instant: of other days, or no longer slow."""
    session.execute(delete(KeptFigures).where(KeptFigures.read_at < instant))
