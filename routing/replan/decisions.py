"""What people decided about stops, once the visits made have been set aside."""

from collections.abc import Sequence

from routing.problem import Window
from routing.replan.changes import (
    Added,
    Cancelled,
    Change,
    Flag,
    Moved,
    Pinned,
    Sick,
)
from routing.replan.history import History


class Decisions:
    """What people decided about candidates.

    Attributes
    ----------
    cancelled, added : set of candidate ids
    moved : dict of candidate id to Window
    pinned : dict of candidate id to (number of the change, Pinned)
    sick : list[Sick]
    """

    def __init__(self, history: History, changes: Sequence[Change]) -> None:
        """Sort the changes; those that come too late are flagged and left aside."""
        self._history = history
        self.cancelled: set[str] = set()
        self.moved: dict[str, Window] = {}
        self.pinned: dict[str, tuple[int, Pinned]] = {}
        self.sick = [one for one in changes if isinstance(one, Sick)]
        self.added = {one.candidate.id for one in changes if isinstance(one, Added)}
        for i, change in enumerate(changes):
            if isinstance(change, Cancelled | Moved | Pinned):
                self._take(i, change)

    def _take(self, number: int, change: Cancelled | Moved | Pinned) -> None:
        if change.candidate_id in self._history.made_by:
            self._history.flag(number, Flag.ALREADY_DONE)
            return
        match change:
            case Cancelled(candidate_id):
                self.cancelled.add(candidate_id)
            case Moved(candidate_id, window):
                self.moved[candidate_id] = window
            case Pinned(candidate_id):
                if candidate_id in self._history.planned:
                    self.pinned[candidate_id] = (number, change)
                else:
                    self._history.flag(number, Flag.NOT_ON_A_ROUTE)
