"""The bound keeps its time: nothing is begun that would end after it."""

from typing import Any

import numpy as np
import pytest

from routing.bound import search as searching
from routing.bound.network import network_of
from routing.bound.search import Limits, Search
from routing.measure import measure
from routing.problem import Window
from tests.routing.situations import HOUR, PaperTown, at, candidate, problem, shift

ASKED_S = 60.0
LOOK_S, BOUND_S, COMPARISONS_PER_S = 5.0, 6.0, 2_000.0


class Clock:
    """Stands still but for a moment each time that it is looked at."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 0.001
        return self.now_s


class Timed(Search):
    """A search that each look takes long, by that clock."""

    clock: Clock

    def _look_around(self) -> int:
        found = super()._look_around()
        self.clock.now_s += LOOK_S
        self._looking_s += LOOK_S
        return found

    def _bound_by_walks(self) -> int:
        found = super()._bound_by_walks()
        self.clock.now_s += BOUND_S
        self._bounding_s += BOUND_S
        return found


def test_no_look_and_no_proof_is_begun_that_would_not_end_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dice, clock, real = np.random.default_rng(5), Clock(), searching.sweep
    swept: list[float] = []

    def slow_sweep(*arguments: Any) -> Any:
        found = real(*arguments)
        swept.append(clock.now_s)
        clock.now_s += found[-1] / COMPARISONS_PER_S
        return found

    monkeypatch.setattr(searching, "process_time", clock)
    monkeypatch.setattr(searching, "sweep", slow_sweep)
    monkeypatch.setattr(searching, "_PACE", COMPARISONS_PER_S)
    monkeypatch.setattr(searching, "_TELLING_WORK", 1)
    day = problem(
        [
            candidate(
                str(i),
                at(*map(int, dice.integers(-12, 12, 2))),
                prize=int(dice.integers(100, 400)),
                service_s=180,
            )
            for i in range(28)
        ],
        [shift(window=Window(8 * HOUR, 9 * HOUR))],
    )
    network = network_of(day, day.shifts[0], measure(day, PaperTown())["ana"], may_require=True)
    search = Timed(network, None, [[]])
    search.clock = clock

    search.run(Limits(ASKED_S, None), lambda share, upper, lower: None)

    assert search.upper > search.lower
    assert len(swept) > 3
    assert ASKED_S / 2 < clock.now_s < ASKED_S + 0.1
