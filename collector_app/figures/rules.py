"""When figures are kept, until when they may be shown, and how they are written down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from inspect import signature
from typing import Any, get_type_hints

import msgspec

WORTH_KEEPING_S = 0.1  # what is added up faster than this is added up each time it is asked for
SOONEST = timedelta(minutes=1)
REST = 10  # the worker adds up for at most one part of so many of its time
LONGEST_REST = timedelta(minutes=15)  # however slow the machine: well within what may be shown
OLDEST_SHOWN = timedelta(hours=1)  # older ones say that no worker lives: whoever asks waits
AT_ONCE_S = 0.3  # what is expected to take longer is added up outside of the request


@dataclass(frozen=True, slots=True)
class Question:
    """A query over the whole cartera and what it is asked: all but the session."""

    read: Callable[..., Any]
    asked: tuple[Any, ...] = ()

    @property
    def name(self) -> str:
        """Return which query it is."""
        return f"{self.read.__module__}.{getattr(self.read, '__qualname__', '')}"

    @property
    def key(self) -> str:
        """Return what is asked as text: equal questions have equal texts."""
        return msgspec.json.encode(self.asked, enc_hook=str).decode()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A question that somebody chose, and a usual one by which its work is estimated.

    ``times`` is how many times the work of the usual one it is.
    """

    question: Question
    like: Question
    times: float = 1.0


@dataclass(frozen=True, slots=True)
class Age:
    """When figures were read, and how long that took."""

    read_at: datetime
    took_s: float


def is_worth_keeping(took_s: float) -> bool:
    """Tell whether people would wait for figures that took so long to add up."""
    return took_s >= WORTH_KEEPING_S


def may_be_shown(read_at: datetime, now: datetime) -> bool:
    """Tell whether kept figures are young enough."""
    return now - read_at <= OLDEST_SHOWN


def is_due(kept: Sequence[Age], now: datetime) -> bool:
    """Tell whether to add everything up anew: the longer it takes, the rarer."""
    if not kept:
        return True
    took = timedelta(seconds=sum(one.took_s for one in kept))
    return now - min(one.read_at for one in kept) >= max(SOONEST, min(LONGEST_REST, REST * took))


def question_of(read: Callable[..., Any], key: str) -> Question:
    """Return the question to a query whose key this is, told by the annotations of the query.

    Raises
    ------
    msgspec.ValidationError
        When the key was written by another version of the query.
    """
    hints = get_type_hints(read)
    kinds = [hints[name] for name in list(signature(read).parameters)[1:]]
    count = len(msgspec.json.decode(key, type=list[Any]))
    asked = msgspec.json.decode(
        key, type=tuple.__class_getitem__(tuple(kinds[:count])), dec_hook=_read_text
    )
    return Question(read, asked)


def _read_text(kind: Callable[[str], Any], text: str) -> Any:
    """Return what `Question.key` wrote as its text, such as a time zone."""
    return kind(text)


def written(figures: Any) -> bytes:
    """Return figures as MessagePack."""
    return msgspec.msgpack.encode(figures)


def read_back(question: Question, content: bytes) -> Any:
    """Return figures as the query of a question returns them, told by its return annotation.

    Raises
    ------
    msgspec.ValidationError
        When they were written by another version of the query.
    """
    return msgspec.msgpack.decode(content, type=get_type_hints(question.read)["return"])
