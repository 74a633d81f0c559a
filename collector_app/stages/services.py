"""Pausing, resuming, and putting a credit into another stage; each with its cause, for the log."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit.services import log
from collector_app.compliance.queries import ban_goes_on
from collector_app.compliance.rules import BanKind
from collector_app.compliance.services import ban_contact, explained, lift_ban
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotFound
from collector_app.portfolio.models import Client, Credit
from collector_app.portfolio.rules import Stage
from collector_app.stages.models import CollectionPause, StageMove
from collector_app.stages.policy_file import house_stages
from collector_app.stages.queries import client_life
from collector_app.stages.rules import (
    MoveCause,
    NoPause,
    PauseCause,
    PauseEndsBeforeItBegins,
    check_move,
)

DECIDERS = (Role.SUPERVISOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class PauseData:
    """A pause as somebody asks for it; without a credit it is of all that the client owes."""

    client_id: int
    cause: PauseCause
    reason: str
    from_on: date  # may be past: that is when it happened
    to_on: date | None = None
    credit_id: int | None = None


@dataclass(frozen=True, slots=True)
class MoveData:
    """A move as somebody asks for it."""

    credit_id: int
    stage: Stage
    cause: MoveCause
    reason: str


def pause(
    session: Session, actor: Actor, data: PauseData, *, today: date, bans: bool = True
) -> CollectionPause:
    """Suspend collecting; where the policy says so its days don't count and nobody visits.

    Parameters
    ----------
    bans : bool
        False when whoever asks has forbidden visits already.

    Raises
    ------
    NotFound
        When there is no such client, or the credit is not theirs.
    PauseEndsBeforeItBegins
        When its days are in the wrong order, or it begins later than today or before 2000.
    DecisionUnexplained
        When nothing says why.
    """
    actor.require(*DECIDERS, Role.SYSTEM)
    _check_owner(session, data)
    ends_early = data.to_on is not None and data.to_on < data.from_on
    if ends_early or not clock.FIRST_DAY <= data.from_on <= today:
        raise PauseEndsBeforeItBegins("from_on", "a day until today, not after the last one")
    row = CollectionPause(
        client_id=data.client_id,
        credit_id=data.credit_id,
        cause=data.cause,
        reason=explained(data.reason),
        from_on=data.from_on,
        to_on=data.to_on,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    is_over = data.to_on is not None and data.to_on < today
    if bans and not is_over and house_stages().pauses[data.cause].forbids_visits:
        kind = BanKind(data.cause.value)
        ban = ban_contact(session, actor, data.client_id, row.reason, today, data.to_on, kind=kind)
        session.flush()
        row.ban_id = ban.id
    session.add(row)
    log(session, actor, "collection.paused", row, cause=data.cause)
    return row


def resume(
    session: Session, actor: Actor, pause_id: int, reason: str, *, today: date
) -> CollectionPause:
    """Go on collecting from today; one that began today is left with no day at all.

    Raises
    ------
    NoPause
        When there is none that still goes on.
    DecisionUnexplained
        When nothing says why.
    """
    actor.require(*DECIDERS, Role.SYSTEM)
    row = session.scalars(
        select(CollectionPause)
        .where(CollectionPause.id == pause_id)
        .with_for_update(key_share=True)
    ).one_or_none()
    if row is None or (row.to_on is not None and row.to_on < today):
        message = f"no pause {pause_id} to end"
        raise NoPause(message)
    row.to_on = today - timedelta(days=1)
    log(session, actor, "collection.resumed", row, reason=explained(reason))
    if row.ban_id is not None and ban_goes_on(session, row.ban_id, today):
        lift_ban(session, actor, row.ban_id, reason, today=today)
    return row


def move(session: Session, actor: Actor, data: MoveData, *, zone: ZoneInfo) -> StageMove:
    """Put a credit into another stage from today on.

    Its row is locked: a second move of the same moment is judged by where the first one put it.

    Raises
    ------
    NotFound
        When there is no such credit.
    MoveRefused
        When the policy knows no such move from where the credit stands, or not for this cause.
    DecisionUnexplained
        When nothing says why.
    """
    actor.require(*DECIDERS)
    credit = session.get(Credit, data.credit_id, with_for_update={"key_share": True})
    if credit is None:
        message = f"no credit {data.credit_id}"
        raise NotFound(message)
    today = clock.today(zone)
    life = client_life(session, credit.client_id, today, zone)
    now = next(one.now.stage for one in life.credits if one.credit_id == credit.id)
    check_move(now, data.stage, data.cause, house_stages())
    row = StageMove(
        credit_id=credit.id,
        stage=data.stage,
        cause=data.cause,
        reason=explained(data.reason),
        from_on=today,
        created_by=actor.user_id,
        created_at=clock.now(),
    )
    session.add(row)
    log(session, actor, "credit.stage_moved", row, before=now, after=data.stage, cause=data.cause)
    return row


def _check_owner(session: Session, data: PauseData) -> None:
    credit = None if data.credit_id is None else session.get(Credit, data.credit_id)
    is_theirs = data.credit_id is None or (
        credit is not None and credit.client_id == data.client_id
    )
    if session.get(Client, data.client_id) is None or not is_theirs:
        message = f"no client {data.client_id} with credit {data.credit_id}"
        raise NotFound(message)
