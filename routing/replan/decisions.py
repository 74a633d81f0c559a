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

    def who_keeps(self, shift_id: str) -> frozenset[str]:
        """Return the shifts that may visit what is pinned to one: itself, or who shares its stops.

        Those who went home share nothing; without anybody who shares, nobody but it could come.
        """
        home = {one.shift_id for one in self.sick}
        shared = [one.shared_with for one in self.sick if one.shift_id == shift_id]
        return frozenset().union(*shared) - home or frozenset({shift_id})

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
