"""Kept figures: one answer, and how old all of them are."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.figures.models import KeptFigures
from collector_app.figures.rules import Age, Question, may_be_shown, read_back


def answer(session: Session, question: Question, now: datetime) -> tuple[Any, datetime] | None:
    """Return kept figures and when they were read; None without any that may be shown."""
    found = session.execute(
        select(KeptFigures.content, KeptFigures.read_at).where(
            KeptFigures.question == question.name, KeptFigures.asked == question.key
        )
    ).one_or_none()
    if found is None or not may_be_shown(found.read_at, now):
        return None
    try:
        return read_back(question, found.content), found.read_at
    except msgspec.ValidationError:
        return None


def ages(session: Session) -> list[Age]:
    """Return how old each kept answer is."""
    return [Age(*row) for row in session.execute(select(KeptFigures.read_at, KeptFigures.took_s))]
