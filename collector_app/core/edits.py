"""Edits that are only ever added: which are in force, which can come again, who looked too early.

edits     1 move | 2 merge     | 3 undo | 4 undo | 5 redo
in force  move   | move, merge | move   | none   | move
"""

from collections.abc import Callable, Iterable
from enum import Enum, auto
from typing import TypeVar

from collector_app.core.errors import RuleBroken, StaleData

E = TypeVar("E")


class Turn(Enum):
    """What an edit does to the ones before it."""

    DO = auto()
    UNDO = auto()
    REDO = auto()
    NOTE = auto()  # changes nothing, and is never taken back


class StaleDraft(StaleData):
    """Somebody else changed the draft since this page was loaded."""

    code = "stale_draft"


class NothingToTakeBack(RuleBroken):
    """No edit of the draft is in force."""

    code = "nothing_to_take_back"


class NothingToRedo(RuleBroken):
    """No edit was taken back, or another one came after it."""

    code = "nothing_to_redo"


def check_version(seen: int, now: int) -> None:
    """Refuse an edit of somebody who looked at an older version of the draft.

    Raises
    ------
    StaleDraft
        When other edits came meanwhile; both versions are named.
    """
    if seen != now:
        message = f"version {seen} was changed, it is {now} now"
        raise StaleDraft(message, seen=seen, now=now)


def done_and_undone(
    edits: Iterable[E], turn_of: Callable[[E], Turn]
) -> tuple[tuple[E, ...], tuple[E, ...]]:
    """Go through edits in their order: those in force, and those taken back, the latest last.

    An edit after an undo ends what could have been redone, as in every editor.
    """
    done, undone, _turned = _walked(edits, turn_of)
    return tuple(done), tuple(undone)


def turned(edits: Iterable[E], turn_of: Callable[[E], Turn]) -> list[tuple[E, E]]:
    """Return each undo and redo with the edit that it took back or brought back."""
    return _walked(edits, turn_of)[2]


def _walked(
    edits: Iterable[E], turn_of: Callable[[E], Turn]
) -> tuple[list[E], list[E], list[tuple[E, E]]]:
    done: list[E] = []
    undone: list[E] = []
    turned_by: list[tuple[E, E]] = []
    for edit in edits:
        match turn_of(edit):
            case Turn.UNDO:
                undone.append(done.pop())
                turned_by.append((edit, undone[-1]))
            case Turn.REDO:
                done.append(undone.pop())
                turned_by.append((edit, done[-1]))
            case Turn.DO:
                done.append(edit)
                undone.clear()
    return done, undone, turned_by
