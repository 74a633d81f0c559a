"""Reads of stages: of many clients now, and of one client's credits through time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.core.selection import among
from collector_app.payments.movements import Ledger, ledger_of
from collector_app.payments.queries import (
    InForce,
    beside,
    in_force,
    oldest_due_by_credit,
    settled_by,
)
from collector_app.portfolio.models import Credit
from collector_app.portfolio.rules import Stage
from collector_app.stages.models import CollectionPause, StageMove
from collector_app.stages.policy_file import house_stages
from collector_app.stages.rules import (
    Move,
    Pause,
    PauseCause,
    StageSpan,
    Standing,
    history,
    standing,
)

_ORDER = {stage: n for n, stage in enumerate(Stage)}


@dataclass(frozen=True, slots=True)
class PauseRow:
    """A pause with its words; `credit` is None when it is of the whole client.

    Of one that follows from an agreement `reason` is None, and `who` proposed the agreement.
    """

    pause: Pause
    credit: str | None
    reason: str | None
    who: str | None


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move with its words."""

    move: Move
    credit: str
    reason: str
    who: str | None


@dataclass(frozen=True, slots=True)
class CreditLife:
    """One credit through time, as of a day."""

    credit_id: int
    external_id: str
    product: str | None
    currency: str
    now: Standing
    spans: tuple[StageSpan, ...]  # oldest first


@dataclass(frozen=True, slots=True)
class ClientLife:
    """All credits of a client through time, and what people decided about them."""

    credits: tuple[CreditLife, ...]
    pauses: tuple[PauseRow, ...]  # newest first
    moves: tuple[MoveRow, ...]  # newest first
    ledger: Ledger


def client_stages(
    session: Session,
    day: date,
    zone: ZoneInfo,
    client_ids: Collection[int] | None = None,
) -> dict[int, Stage]:
    """Return the furthest stage of each client's credits with what is known now.

    Clients who owe nothing are absent, and so are those who kept an agreement that settles what
    they owed; one in force stops the days of its client. A number of statements that does not
    depend on theirs.
    """
    agreements = in_force(session, day, zone, client_ids)
    pauses, moves = _pauses(session, agreements, client_ids), _moves(session, client_ids)
    owed = beside(session, settled_by(agreements, day), zone)
    policy = house_stages()
    found: dict[int, Stage] = {}
    for client_id, oldest in oldest_due_by_credit(session, owed, client_ids).items():
        for credit_id, due_on in oldest.items():
            of_credit = _of_credit(pauses[client_id], credit_id)
            own = [one for owner, one in moves[client_id] if owner == credit_id]
            stage = standing(due_on, day, of_credit, own, policy).stage or Stage.PREVENTIVE
            found[client_id] = max(found.get(client_id, stage), stage, key=_ORDER.__getitem__)
    return found


def goes_on(session: Session, pause_id: int, day: date) -> bool:
    """Tell whether a pause has not been ended before a day."""
    row = session.get(CollectionPause, pause_id)
    return row is not None and (row.to_on is None or row.to_on >= day)


def pauses_of_ban(session: Session, ban_id: int, day: date) -> list[int]:
    """Return the pauses that forbid visits by a ban and still go on."""
    last = CollectionPause.to_on
    goes = or_(last.is_(None), last >= day)
    found = select(CollectionPause.id).where(CollectionPause.ban_id == ban_id, goes)
    return list(session.scalars(found.order_by(CollectionPause.id)))


def client_life(session: Session, client_id: int, day: date, zone: ZoneInfo) -> ClientLife:
    """Return the stages of a client's credits until the end of a day, with all that is known now.

    A payment that is recorded late, or a pause that began before it was noted, is seen as if it had
    always been known.
    """
    agreements = in_force(session, day, zone, [client_id])
    ledger = ledger_of(session, client_id, zone)
    pauses = _pauses(session, agreements, [client_id])[client_id]
    moves = _moves(session, [client_id])[client_id]
    credits = session.scalars(
        select(Credit).where(Credit.client_id == client_id).order_by(Credit.external_id)
    ).all()
    numbers = {one.id: one.external_id for one in credits}
    return ClientLife(
        credits=tuple(_life(one, ledger, pauses, moves, day) for one in credits),
        pauses=tuple(
            sorted(
                (
                    *_pause_rows(session, client_id, numbers, day),
                    *_agreement_rows(agreements, day),
                ),
                key=lambda row: row.pause.from_on,
                reverse=True,
            )
        ),
        moves=tuple(_move_rows(session, numbers, day)),
        ledger=ledger,
    )


def _life(
    credit: Credit,
    ledger: Ledger,
    pauses: Iterable[tuple[int | None, Pause]],
    moves: Iterable[tuple[int, Move]],
    day: date,
) -> CreditLife:
    own_pauses = _of_credit(pauses, credit.id)
    own_moves = [one for owner, one in moves if owner == credit.id]
    days = [one for one in ledger.days_of_change(credit.id) if one <= day]
    changes = {changed: ledger.oldest_due_on(credit.id, changed) for changed in days}
    oldest = ledger.oldest_due_on(credit.id, day)
    policy = house_stages()
    return CreditLife(
        credit_id=credit.id,
        external_id=credit.external_id,
        product=credit.product,
        currency=credit.currency,
        now=standing(oldest, day, own_pauses, own_moves, policy),
        spans=tuple(history(changes, day, own_pauses, own_moves, policy)),
    )


def _of_credit(pauses: Iterable[tuple[int | None, Pause]], credit_id: int) -> list[Pause]:
    return [one for owner, one in pauses if owner in (None, credit_id)]


def _pauses(
    session: Session, agreements: Iterable[InForce], client_ids: Collection[int] | None
) -> defaultdict[int, list[tuple[int | None, Pause]]]:
    """Return client -> pauses, each with the credit that it is of, or None for all.

    Those that people noted, and those that follow from agreements in force.
    """
    by_client: defaultdict[int, list[tuple[int | None, Pause]]] = defaultdict(list)
    for row in session.scalars(
        select(CollectionPause).where(among(CollectionPause.client_id, client_ids))
    ):
        by_client[row.client_id].append((row.credit_id, _pause(row)))
    for one in agreements:
        by_client[one.client_id].append((None, _of_agreement(one)))
    return by_client


def _moves(
    session: Session, client_ids: Collection[int] | None
) -> defaultdict[int, list[tuple[int, Move]]]:
    """Return client -> moves, each with the credit that it is of."""
    by_client: defaultdict[int, list[tuple[int, Move]]] = defaultdict(list)
    found = session.execute(
        select(Credit.client_id, StageMove)
        .join(Credit, Credit.id == StageMove.credit_id)
        .where(among(Credit.client_id, client_ids))
    )
    for client_id, row in found:
        by_client[client_id].append((row.credit_id, _move(row)))
    return by_client


def _pause_rows(
    session: Session, client_id: int, numbers: Mapping[int, str], day: date
) -> Iterable[PauseRow]:
    found = session.execute(
        select(CollectionPause, User.full_name)
        .outerjoin(User, User.id == CollectionPause.created_by)
        .where(CollectionPause.client_id == client_id, CollectionPause.from_on <= day)
        .order_by(CollectionPause.from_on.desc(), CollectionPause.id.desc())
    )
    for row, who in found:
        credit = None if row.credit_id is None else numbers[row.credit_id]
        yield PauseRow(_pause(row), credit, row.reason, who)


def _agreement_rows(agreements: Iterable[InForce], day: date) -> Iterable[PauseRow]:
    for one in agreements:
        if one.from_on <= day:
            yield PauseRow(_of_agreement(one), None, None, one.who)


def _move_rows(session: Session, numbers: Mapping[int, str], day: date) -> Iterable[MoveRow]:
    found = session.execute(
        select(StageMove, User.full_name)
        .outerjoin(User, User.id == StageMove.created_by)
        .where(StageMove.credit_id.in_(numbers), StageMove.from_on <= day)
        .order_by(StageMove.from_on.desc(), StageMove.id.desc())
    )
    for row, who in found:
        yield MoveRow(_move(row), numbers[row.credit_id], row.reason, who)


def _pause(row: CollectionPause) -> Pause:
    return Pause(row.id, row.cause, row.from_on, row.to_on)


def _of_agreement(one: InForce) -> Pause:
    return Pause(one.agreement_id, PauseCause.AGREEMENT, one.from_on, one.to_on, one.state)


def _move(row: StageMove) -> Move:
    return Move(row.id, row.stage, row.cause, row.from_on)
