"""Kept figures: one answer, and how old all of them are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.figures.models import KeptFigures
from collector_app.figures.rules import Age, Chosen, Question, may_be_shown, read_back


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


def age(session: Session, question: Question) -> Age | None:
    """Return how old a kept answer is, and how long it took to add up; None without one."""
    found = session.execute(
        select(KeptFigures.read_at, KeptFigures.took_s).where(
            KeptFigures.question == question.name, KeptFigures.asked == question.key
        )
    ).one_or_none()
    return None if found is None else Age(*found)


def ages(session: Session) -> list[Age]:
    """Return how old each kept answer of a round is."""
    rows = session.execute(
        select(KeptFigures.read_at, KeptFigures.took_s).where(~KeptFigures.is_chosen)
    )
    return [Age(*row) for row in rows]


def expected_s(session: Session, chosen: Sequence[Chosen], now: datetime) -> float:
    """Return how long questions will take together, going by the usual ones that they are like.

    One of which nothing is kept was added up in a blink, or no worker lives who could do it.
    """
    known = [(one.times, age(session, one.like)) for one in chosen]
    return sum(
        times * found.took_s
        for times, found in known
        if found is not None and may_be_shown(found.read_at, now)
    )
