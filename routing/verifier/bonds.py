"""What binds the visits of different routes: repetition, rest, groups, precedence, prizes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from routing.problem import Candidate, Problem, Shift
from routing.verifier.routes import Replay, Stop
from routing.verifier.rules import is_preferred, is_rested
from routing.verifier.violations import Rule, Violation


class Visit(NamedTuple):
    """A stop and where it stands among all."""

    day: int
    route: int
    position: int
    shift: Shift
    at: Stop


class Bonds:
    """All visits of a plan by candidate, the earliest first."""

    def __init__(self, problem: Problem, replays: Sequence[Replay]) -> None:
        """Gather the visits."""
        self._problem = problem
        self.visits: dict[str, list[Visit]] = defaultdict(list)
        for r, replay in enumerate(replays):
            shift = replay.day.shift
            for i, one in enumerate(replay.stops):
                self.visits[one.candidate.id].append(Visit(shift.day, r, i, shift, one))
        for visits in self.visits.values():
            visits.sort(key=lambda visit: visit[:3])

    def check(self) -> Iterator[Violation]:
        """Check every bond."""
        for visits in self.visits.values():
            yield from self._check_repetition(visits)
            yield from self._check_turn(visits)
            for rank, visit in enumerate(visits):
                yield from self._check_prices(rank, visit)
        yield from self._check_groups()

    def _check_repetition(self, visits: Sequence[Visit]) -> Iterator[Violation]:
        candidate = visits[0].at.candidate
        for rank, visit in enumerate(visits):
            if rank >= candidate.max_visits:
                detail = f"{candidate.id!r} is visited {rank + 1} times"
                yield Violation(Rule.REPEATED, visit.at.place, detail)
        if not is_rested(candidate, visits[0].day):
            detail = (
                f"{candidate.id!r} was contacted on day {candidate.last_contact_day}, "
                f"rests {candidate.min_rest_days} days"
            )
            yield Violation(Rule.REST, visits[0].at.place, detail)
        for before, after in pairwise(visits):
            if after.day - before.day < max(1, candidate.min_rest_days):
                detail = f"{candidate.id!r} is visited on day {before.day} too"
                yield Violation(Rule.REST, after.at.place, detail)

    def _check_turn(self, visits: Sequence[Visit]) -> Iterator[Violation]:
        for visit in visits:
            for other in sorted(visit.at.candidate.after):
                if not any(_is_before(one, visit) for one in self.visits.get(other, [])):
                    detail = f"{other!r} has not been visited before"
                    yield Violation(Rule.TURN, visit.at.place, detail)

    def _check_groups(self) -> Iterator[Violation]:
        taken: dict[str, str] = {}
        for candidate in self._problem.candidates:
            if candidate.group is None or candidate.id not in self.visits:
                continue
            other = taken.setdefault(candidate.group, candidate.id)
            if other != candidate.id:
                place = self.visits[candidate.id][0].at.place
                yield Violation(Rule.GROUP, place, f"{other!r} of its group is visited")

    def _check_prices(self, rank: int, visit: Visit) -> Iterator[Violation]:
        place, stop, candidate = visit.at
        prize = candidate.repeat_prize if rank else candidate.prize
        if stop.prize != prize:
            detail = f"says {stop.prize}, the candidate's is {prize}"
            yield Violation(Rule.PRIZE, f"{place}.prize", detail)
        expected = {
            "outside_price": self._outside_price(candidate, visit),
            "moved_price": self._moved_price(candidate, visit.shift),
            "detour_cost": stop.detour_s * self._problem.travel_cost_per_hour // 3600,
        }
        for name, price in expected.items():
            if getattr(stop, name) != price:
                detail = f"says {getattr(stop, name)}, is {price}"
                yield Violation(Rule.PRICE, f"{place}.{name}", detail)

    def _outside_price(self, candidate: Candidate, visit: Visit) -> int:
        is_free = not candidate.preferred or is_preferred(
            candidate, visit.shift, visit.at.stop.starts_s
        )
        return 0 if is_free else candidate.outside_price

    def _moved_price(self, candidate: Candidate, shift: Shift) -> int:
        is_moved = candidate.published_shift is not None and candidate.published_shift != shift.id
        return self._problem.prices.moved if is_moved else 0

    def first_turn(self, candidate: Candidate, shift: Shift, route: int) -> int | None:
        """Return the first position at which a candidate may stand after those it waits for."""
        first = 0
        for other in candidate.after:
            visits = self.visits.get(other, [])
            if any(one.day < shift.day for one in visits):
                continue
            here = [one.position for one in visits if one.route == route]
            if not here:
                return None
            first = max(first, here[0] + 1)
        return first

    def taken_of_group(self, candidate: Candidate) -> bool:
        """Tell whether somebody else of the group is visited."""
        return candidate.group is not None and any(
            one.group == candidate.group and one.id in self.visits
            for one in self._problem.candidates
        )


def _is_before(one: Visit, other: Visit) -> bool:
    if one.day != other.day:
        return one.day < other.day
    return one.route == other.route and one.position < other.position
