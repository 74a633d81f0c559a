"""What the office does with segments: write, order and remove them, and say how each is treated."""

from collections.abc import Sequence
from datetime import date

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector_app.audit import services as audit
from collector_app.compliance.queries import every_profile
from collector_app.compliance.rules import Block, word_blocks
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.portfolio.rules import Stage
from collector_app.strategy.models import Segment, StageTreatment, TreatmentColumns
from collector_app.strategy.rules import (
    MOST_SEGMENTS,
    Condition,
    OpeningForbidden,
    TooManySegments,
    Treatment,
    check_segment,
    check_treatment,
)

WRITERS = (Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM)


def save_segment(
    session: Session,
    actor: Actor,
    name: str,
    conditions: Sequence[Condition],
    segment_id: int | None = None,
) -> Segment:
    """Write a new segment, which comes last, or change one in its place.

    Raises
    ------
    BadSegment, BadCondition
        Naming what can't be used.
    TooManySegments
        When there are `MOST_SEGMENTS` already.
    NotFound
        When there is no such segment.
    """
    actor.require(*WRITERS)
    check_segment(name, conditions)
    segment = _new_segment(session, actor) if segment_id is None else _segment(session, segment_id)
    segment.name = name.strip()
    segment.conditions = msgspec.to_builtins(conditions)
    session.add(segment)
    event = "segment.written" if segment_id is None else "segment.changed"
    audit.log(session, actor, event, segment, conditions=segment.conditions)
    return segment


def move_segment(session: Session, actor: Actor, segment_id: int, steps: int) -> None:
    """Try a segment sooner (steps below 0) or later; beyond the ends nothing moves."""
    actor.require(*WRITERS)
    moved = _segment(session, segment_id)
    in_order = _in_order(session)
    at = in_order.index(moved)
    in_order.insert(max(0, min(len(in_order) - 1, at + steps)), in_order.pop(at))
    for position, one in enumerate(in_order):
        if one.position != position:
            one.position = position
            audit.log(session, actor, "segment.moved", one, position=position)


def remove_segment(session: Session, actor: Actor, segment_id: int) -> None:
    """Take a segment out; its clients fall into the segments behind it."""
    actor.require(*WRITERS)
    segment = _segment(session, segment_id)
    segment.removed_at = clock.now()
    audit.log(session, actor, "segment.removed", segment)


def set_treatment(
    session: Session,
    actor: Actor,
    segment_id: int,
    stage: Stage,
    treatment: Treatment,
    *,
    day: date,
) -> StageTreatment:
    """Say how a segment is treated at a stage.

    Raises
    ------
    BadTreatment
        Naming the field; also when the opening says what the law in force on that day forbids.
    NotFound
        When there is no such segment.
    """
    actor.require(*WRITERS)
    check_words(session, treatment, day)
    segment = _segment(session, segment_id)
    row = _stage_treatment(session, segment_id, stage)
    if row is None:
        row = StageTreatment(segment_id=segment.id, stage=stage)
        session.add(row)
    row.removed_at = None
    write_treatment(row, treatment)
    audit.log(session, actor, "treatment.set", row, segment=segment_id, stage=stage.value)
    return row


def clear_treatment(session: Session, actor: Actor, segment_id: int, stage: Stage) -> None:
    """Leave a segment at a stage to the house rules again; nothing happens where none was set."""
    actor.require(*WRITERS)
    _segment(session, segment_id)
    row = _stage_treatment(session, segment_id, stage)
    if row is not None and row.removed_at is None:
        row.removed_at = clock.now()
        audit.log(session, actor, "treatment.cleared", row, segment=segment_id, stage=stage.value)


def check_words(session: Session, treatment: Treatment, day: date) -> None:
    """Raise `BadTreatment` when a treatment can't be used or its opening breaks a law.

    Nobody knows to whom those whom a segment will hold owe: the laws of all creditors count. One
    whose law is another later is kept to at the door, where the opening is left out.
    """
    check_treatment(treatment)
    blocks = word_blocks(every_profile(session, day), treatment.opening or "")
    if blocks:
        raise OpeningForbidden(
            "opening",
            "words that no law forbids",
            words=", ".join(dict.fromkeys(str(one.facts["words"]) for one in blocks)),
            articles="; ".join(_article(one) for one in blocks),
        )


def _article(block: Block) -> str:
    whose = block.facts.get("creditors")
    return f"{block.article}: {whose}" if whose else block.article


def write_treatment(row: TreatmentColumns, treatment: Treatment) -> None:
    """Put a treatment into the columns that keep it."""
    row.channels = sorted(one.value for one in treatment.channels)
    row.cadence_days = treatment.cadence_days
    row.most_discount_percent = treatment.most_discount_percent
    row.most_instalments = treatment.most_instalments
    row.script = treatment.script
    row.opening = (treatment.opening or "").strip() or None
    row.visit_percent = treatment.visit_percent
    row.notice_days = treatment.notice_days


def _new_segment(session: Session, actor: Actor) -> Segment:
    standing = session.scalars(select(func.count(Segment.id)).where(Segment.removed_at.is_(None)))
    if standing.one() >= MOST_SEGMENTS:
        raise TooManySegments(most=MOST_SEGMENTS)
    last = session.scalar(select(func.max(Segment.position)))
    position = 0 if last is None else last + 1
    return Segment(position=position, created_at=clock.now(), created_by=actor.user_id)


def _in_order(session: Session) -> list[Segment]:
    return list(
        session.scalars(
            select(Segment)
            .where(Segment.removed_at.is_(None))
            .order_by(Segment.position, Segment.id)
            .with_for_update()
        )
    )


def _segment(session: Session, segment_id: int) -> Segment:
    segment = session.get(Segment, segment_id)
    if segment is None or segment.removed_at is not None:
        message = f"no segment {segment_id}"
        raise NotFound(message)
    return segment


def _stage_treatment(session: Session, segment_id: int, stage: Stage) -> StageTreatment | None:
    return session.scalars(
        select(StageTreatment).where(
            StageTreatment.segment_id == segment_id, StageTreatment.stage == stage
        )
    ).one_or_none()
