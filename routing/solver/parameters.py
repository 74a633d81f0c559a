"""How long to search, and what searching reports meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from routing.errors import InvalidProblem

Progress = Callable[[float, int], None]  # share of the budget used, 0..1; best prize so far
ShouldStop = Callable[[], bool]

_ASK_EVERY_S = 0.02


@dataclass(frozen=True, slots=True)
class SolverParams:
    """When to stop.

    Attributes
    ----------
    seconds : float > 0
        Wall time for the whole problem; its independent parts share it. Starting child processes
        and asking for travel times come on top. Ignored when `iterations` is given.
    iterations : int > 0 or None
        Steps of the search, for each part. Stopped this way, the same problem, seed and versions
        give the same plan, however busy the machine.
    counts_cpu : bool
        `seconds` are CPU seconds of the searching thread, so that a busy machine searches on.
    """

    seconds: float = 2.0
    iterations: int | None = None
    counts_cpu: bool = False

    def __post_init__(self) -> None:
        """Check the ranges."""
        if not 0 < self.seconds < float("inf"):
            raise InvalidProblem("params.seconds", f"expected seconds > 0, got {self.seconds}")
        if self.iterations is not None and self.iterations <= 0:
            raise InvalidProblem("params.iterations", f"expected > 0, got {self.iterations}")


def now_and_then(should_stop: ShouldStop) -> ShouldStop:
    """Return what may be asked at every move, and asks every few hundredths of a second.

    It asks at once the first time, and never again once the answer was yes.
    """
    asked_at, is_over = -_ASK_EVERY_S, False

    def ask() -> bool:
        nonlocal asked_at, is_over
        now = monotonic()
        if not is_over and now - asked_at >= _ASK_EVERY_S:
            asked_at, is_over = now, should_stop()
        return is_over

    return ask
