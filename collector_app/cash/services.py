"""Opening, depositing, counting and confirming a collector's cash."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.audit.services import log
from collector_app.cash.models import CashDeposit, CashSession
from collector_app.cash.queries import open_cash, open_session, received_since_count
from collector_app.cash.rules import (
    BadCount,
    DifferenceUnexplained,
    MoneyForbidden,
    NoSession,
    OwnCount,
    SessionOpen,
    SlipTaken,
    counted_cents,
)
from collector_app.compliance.queries import profile_in_force
from collector_app.compliance.rules import cash_blocks
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.promises.rules import AmountNotPositive


def open_cash_session(
    session: Session, actor: Actor, float_cents: int, *, today: date
) -> CashSession:
    """Begin a session with the coins that the office handed out.

    Where the law lets nobody take money none is opened, except to count what was taken all the
    same: money in somebody's hands has to get out of them.

    Parameters
    ----------
    today : date
        The present day in the time zone of the business, whose law holds.

    Raises
    ------
    BadCount
        When the float is negative.
    SessionOpen
        When the last one was not counted yet.
    MoneyForbidden
        When the law of the day lets nobody take money, and there is a float or nothing to hand in.
    """
    collector_id = _collector(session, actor)
    if float_cents < 0:
        raise BadCount("float_cents", "nothing or more")
    if open_session(session, collector_id) is not None:
        raise SessionOpen
    blocks = cash_blocks(profile_in_force(session, today))
    if blocks and (float_cents or not received_since_count(session, collector_id)):
        raise MoneyForbidden(article="; ".join(one.article for one in blocks))
    opened = CashSession(collector_id=collector_id, opened_at=clock.now(), float_cents=float_cents)
    session.add(opened)
    log(session, actor, "cash.opened", opened, float_cents=float_cents)
    return opened


def deposit(session: Session, actor: Actor, amount_cents: int, reference: str) -> CashDeposit:
    """Note that cash was taken to the creditor's account; the same slip twice is one deposit.

    Raises
    ------
    NoSession
        When nothing is open.
    AmountNotPositive, InvalidInput
        When nothing was deposited, or the slip's reference is missing.
    SlipTaken
        When the slip is noted with another amount.
    """
    collector_id = _collector(session, actor)
    found = open_session(session, collector_id)
    if found is None:
        raise NoSession
    if amount_cents <= 0:
        raise AmountNotPositive("amount", "more than zero")
    if not reference.strip():
        raise InvalidInput("reference", "what the slip says")
    told = session.scalars(
        select(CashDeposit).where(
            CashDeposit.session_id == found.id,
            CashDeposit.reference == reference.strip(),
        )
    ).first()
    if told is not None and told.amount_cents != amount_cents:
        raise SlipTaken(told.amount_cents)
    if told is not None:
        return told
    made = CashDeposit(
        session_id=found.id,
        amount_cents=amount_cents,
        reference=reference.strip(),
        made_at=clock.now(),
    )
    session.add(made)
    log(session, actor, "cash.deposited", made, amount_cents=amount_cents)
    return made


def close_cash_session(
    session: Session, actor: Actor, counts: Mapping[int, int], explanation: str
) -> CashSession:
    """Count what is there and end the session; a difference needs words, and is kept as it is.

    The clients stay credited in full whatever was counted.

    Raises
    ------
    NoSession, BadCount
        When nothing is open, or the count can't be.
    DifferenceUnexplained
        When it is not what should be there, and nothing says why.
    """
    collector_id = _collector(session, actor)
    found, carried = open_session(session, collector_id), open_cash(session, collector_id)
    if found is None or carried is None:
        raise NoSession
    counted, why = counted_cents(counts), explanation.strip()
    difference = counted - carried.expected_cents
    if difference and not why:
        raise DifferenceUnexplained(
            "explanation", "why they differ", difference_pesos=_signed_pesos(difference)
        )
    found.closed_at = clock.now()
    found.counts = [[denomination, count] for denomination, count in counts.items() if count]
    found.counted_cents, found.expected_cents = counted, carried.expected_cents
    found.explanation = why or None
    log(session, actor, "cash.counted", found, difference_cents=difference)
    return found


def confirm_count(
    session: Session, actor: Actor, session_id: int, confirmed_cents: int
) -> CashSession:
    """Receive the cash: what the second person counted stands beside the first count.

    The same said again by the same person changes nothing.

    Raises
    ------
    NotAllowed
        Unless a supervisor or an admin confirms.
    NotFound
        When there is no such count that waits.
    OwnCount
        When the same person counted.
    """
    actor.require(Role.SUPERVISOR, Role.ADMIN)
    found = session.scalars(
        select(CashSession).where(CashSession.id == session_id).with_for_update(key_share=True)
    ).one_or_none()
    told = (actor.user_id, confirmed_cents)
    if found is not None and (found.confirmed_by, found.confirmed_cents) == told:
        return found
    if found is None or found.closed_at is None or found.confirmed_at is not None:
        message = f"no count {session_id} that waits for confirmation"
        raise NotFound(message)
    if found.collector_id == actor.user_id:
        raise OwnCount
    if confirmed_cents < 0:
        raise BadCount("confirmed", "nothing or more")
    found.confirmed_by, found.confirmed_at = actor.user_id, clock.now()
    found.confirmed_cents = confirmed_cents
    log(session, actor, "cash.confirmed", found, confirmed_cents=confirmed_cents)
    return found


def _signed_pesos(cents: int) -> str:
    """Return an amount with its sign before the mark: ``-$1,250.50``."""
    return f"{'-' if cents < 0 else ''}${abs(cents) / 100:,.2f}"


def _collector(session: Session, actor: Actor) -> int:
    """Return the collector who acts, and let nobody else change their cash meanwhile."""
    actor.require(Role.COLLECTOR)
    lock = select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True)
    return session.scalars(lock).one()
