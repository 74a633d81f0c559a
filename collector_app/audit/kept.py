"""Answers that hold until something is done: whoever looks again waits for no query.

All that is done leaves an entry in the log when it is committed. While the last of them is the same
one, what was read from the database is what would be read now.
"""

from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache
from sqlalchemy.orm import Session

from collector_app.audit.chain import deeds_since, last_deed
from collector_app.audit.rules import Deed, Head

Answer = TypeVar("Answer")
Holds = Callable[[Sequence[Deed]], bool]
_MOST_DEEDS = 200  # are looked through; after more of them whatever they were is read again


class KeptUntilDone(Generic[Answer]):
    """Answers to questions about the database alone, in this process.

    For pages, which write nothing: a transaction that wrote would be told what was there before. An
    answer may not depend on the clock, and nobody may change it.

    Parameters
    ----------
    most : int
        How many answers are kept at most, those that were asked for last.
    """

    everywhere: "list[KeptUntilDone[object]]" = []  # noqa: RUF012 - all there are, to forget them

    def __init__(self, most: int) -> None:
        self._answers: LRUCache[Hashable, tuple[Head, Answer]] = LRUCache(most)
        self._lock = Lock()
        self.everywhere.append(self)  # type: ignore[arg-type]

    def of(
        self,
        session: Session,
        question: Hashable,
        answer: Callable[[], Answer],
        holds: Holds | None = None,
    ) -> Answer:
        """Return the answer, of before if nothing was done since that it depends on.

        Parameters
        ----------
        holds : callable, optional
            Tells whether the answer holds after some deeds; without it none is taken to.
        """
        deed = last_deed(session)  # before the rest: what is read then is of it or newer
        with self._lock:
            known = self._answers.get(question)
        if known is not None and known[0] == deed:
            return known[1]
        if known is not None and holds is not None:
            deeds = deeds_since(session, known[0], _MOST_DEEDS)
            found = known[1] if deeds is not None and holds(deeds) else answer()
        else:
            found = answer()
        with self._lock:
            self._answers[question] = deed, found
        return found

    @classmethod
    def forget_all(cls) -> None:
        """Let go of every answer, as when the database is another one."""
        for one in cls.everywhere:
            with one._lock:  # noqa: SLF001 - its own
                one._answers.clear()  # noqa: SLF001
