"""The same call twice is answered the same, and done once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from collector_app.api.models import ApiAnswer
from collector_app.api.rules import CallKeyReused, check_call_key
from collector_app.core import clock

KEPT = timedelta(days=3)  # callers try again within minutes; answers may hold personal data


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a call: a status and JSON; ``again`` when an earlier call was answered so."""

    status: int
    body: bytes
    again: bool = False


def answer_once(
    session: Session,
    key_id: int,
    call_key: str | None,
    asked: tuple[str, ...],
    do: Callable[[], tuple[int, Any]],
) -> Answered:
    """Do what a call asks for and keep the answer; for the same call again, only give the answer.

    Parameters
    ----------
    call_key : str or None
        The name that the caller gave the call; None for one that may be done twice.
    asked : tuple of str
        Everything that tells the call from others: operation, address, body.
    do : callable
        Does it; returns the status, and the row to answer with, flushed.

    Raises
    ------
    CallKeyReused
        When the name was given to another call before.
    sqlalchemy.exc.IntegrityError
        When the same call is being done at the same time: call again in a new transaction.
    """
    if call_key is None:
        status, row = do()
        return Answered(status, msgspec.json.encode(row))
    check_call_key(call_key)
    asked_hash = hashlib.sha256(msgspec.json.encode(asked)).hexdigest()
    kept = session.scalars(
        select(ApiAnswer).where(ApiAnswer.key_id == key_id, ApiAnswer.call_key == call_key)
    ).one_or_none()
    if kept is not None:
        if kept.asked_hash != asked_hash:
            text = f"API key {key_id} used the Idempotency-Key for another call"
            raise CallKeyReused(text)
        return Answered(kept.status, kept.body.encode(), again=True)
    session.execute(delete(ApiAnswer).where(ApiAnswer.made_at < clock.now() - KEPT))
    answer = ApiAnswer(
        key_id=key_id,
        call_key=call_key,
        asked_hash=asked_hash,
        status=0,
        body="",
        made_at=clock.now(),
    )
    session.add(answer)
    session.flush()  # whoever does the same now waits here, or stops
    answer.status, row = do()
    answer.body = msgspec.json.encode(row).decode()
    return Answered(answer.status, answer.body.encode())
