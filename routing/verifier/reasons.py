"""Why a candidate is not visited, worked out again and compared with what the plan says."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from routing.plan import Skipped, SkipReason
from routing.problem import Candidate, Problem
from routing.verifier.bonds import Bonds
from routing.verifier.days import Day
from routing.verifier.rules import can_come, is_required, is_rested, may_visit, windows
from routing.verifier.violations import Rule, Violation

# The limits that may bind alone, in the order in which they are asked for.
_LIMITS = (
    ("stops", SkipReason.MAX_STOPS),
    ("cash", SkipReason.CASH_LIMIT),
    ("breaks", SkipReason.BREAKS),
)


class Place(NamedTuple):
    """Where one more visit might go: compared by fitting, gain, and the shorter detour."""

    fits: bool
    gain: int  # 1/3600 point
    saved_s: int  # the detour, negative
    day: Day
    position: int
    waits: bool

    @property
    def pays(self) -> bool:
        """Tell whether the visit brings more than its detour costs."""
        return self.gain > 0


def _has_limit(day: Day) -> bool:
    shift = day.shift
    return shift.max_stops is not None or shift.cash_limit is not None or bool(shift.breaks)


class Cases:
    """All that the candidates left out have in common."""

    def __init__(self, problem: Problem, days: Sequence[Day], bonds: Bonds) -> None:
        """Remember the plan and who can be visited at all."""
        self.problem = problem
        self.days = days
        self.bonds = bonds
        self._hopeless: dict[str, bool] = {}
        self._candidates = {one.id: one for one in problem.candidates}

    def check(self, place: str, skipped: Skipped) -> Iterator[Violation]:
        """Compare the reason and the facts with what is worked out here."""
        yield from Case(self, self._candidates[skipped.candidate_id]).check(place, skipped)

    def is_hopeless(self, candidate: Candidate) -> bool:
        """Tell whether nobody can come, or not to somebody who has to be visited before."""
        known = self._hopeless.get(candidate.id)
        if known is None:
            known = not any(can_come(shift, candidate) for shift in self.problem.shifts) or any(
                self.is_hopeless(self._candidates[one]) for one in candidate.after
            )
            self._hopeless[candidate.id] = known
        return known


class Case:
    """One candidate that the plan leaves out, against the days of those who may visit."""

    def __init__(self, cases: Cases, candidate: Candidate) -> None:
        self.problem = cases.problem
        self.cases = cases
        self.candidate = candidate
        self.days = [
            (route, day)
            for route, day in enumerate(cases.days)
            if day.may_visit(candidate) and is_rested(candidate, day.shift.day)
        ]
        self.is_local = not (
            cases.problem.prices.unfairness or any(day.rides.by_hour for _, day in self.days)
        )

    def check(self, place: str, skipped: Skipped) -> Iterator[Violation]:
        """Compare the reason and the facts with what is worked out here."""
        bound = self._bound()
        best = None if bound else max(self._places(), default=None, key=lambda one: one[:3])
        if best is not None and self.is_local and best.fits and self._is_wanted(best):
            detail = f"{self.candidate.id!r} could be added for {-best.saved_s} s on the road"
            yield Violation(Rule.LEFT_OUT, place, detail)
            return
        if bound is None and self._fits_instead_of_optional():
            detail = f"required {self.candidate.id!r} fits when optional visits give way"
            yield Violation(Rule.LEFT_OUT, place, detail)
            return
        if bound is None and any(day.rides.by_hour for _, day in self.days):
            return  # which place is best depends on the hour of each ride
        expected = bound or self._binding(best)
        detour_s = None if best is None else -best.saved_s
        if skipped.reason != expected:
            detail = f"says {skipped.reason}, is {expected} (detour {detour_s} s)"
            yield Violation(Rule.REASON, f"{place}.reason", detail)
        yield from self._check_facts(place, skipped, detour_s)

    def _bound(self) -> SkipReason | None:
        """Return why no place in any route would do."""
        if not self.candidate.windows:
            return SkipReason.NO_LEGAL_WINDOW
        return self._nobody() or self._no_day() or self._impossible() or self._no_turn()

    def _nobody(self) -> SkipReason | None:
        shifts = self.problem.shifts
        if any(may_visit(shift, self.candidate) for shift in shifts):
            return None
        if any(may_visit(shift, replace(self.candidate, skills=frozenset())) for shift in shifts):
            return SkipReason.MISSING_SKILL
        welcome = replace(self.candidate, forbidden_collectors=frozenset())
        if any(may_visit(shift, welcome) for shift in shifts):
            return SkipReason.NOT_ALLOWED
        return SkipReason.NO_SHIFT

    def _no_day(self) -> SkipReason | None:
        open_days = [
            shift.day
            for shift in self.problem.shifts
            if may_visit(shift, self.candidate) and windows(self.candidate, shift)
        ]
        if any(is_rested(self.candidate, day) for day in open_days):
            is_hopeless = self.cases.is_hopeless(self.candidate)
            return SkipReason.WAITS_FOR if is_hopeless else None
        return SkipReason.RESTING if open_days else SkipReason.OUTSIDE_SHIFT

    def _impossible(self) -> SkipReason | None:
        """Return why not even an empty day would do."""
        days = [day for _, day in self.days]
        point = self.candidate.point
        if not any(
            day.rides.has_way(day.shift.start, point) and day.rides.has_way(point, day.shift.end)
            for day in days
        ):
            return SkipReason.UNREACHABLE
        alone = [self.candidate]
        if any(day.fits(alone) for day in days):
            return None
        for limit, reason in _LIMITS[1:]:
            if any(day.fits(alone, without=limit) for day in days):
                return reason
        return SkipReason.OUTSIDE_SHIFT

    def _no_turn(self) -> SkipReason | None:
        if self.cases.bonds.taken_of_group(self.candidate):
            return SkipReason.GROUP_TAKEN
        turns = [
            self.cases.bonds.first_turn(self.candidate, day.shift, route)
            for route, day in self.days
        ]
        return SkipReason.WAITS_FOR if all(turn is None for turn in turns) else None

    def _places(self, among: Sequence[Day] | None = None) -> Iterator[Place]:
        """Yield every place of this candidate, those that do not fit as well."""
        for route, day in self.days:
            if among is not None and day not in among:
                continue
            turn = self.cases.bonds.first_turn(self.candidate, day.shift, route)
            if turn is None:
                continue
            for position in range(turn, len(day.order) + 1):
                detour_s = day.detour_s(day.order, position, self.candidate)
                if detour_s is None:
                    continue
                for waits in self._ways():
                    fits = day.fits_at(position, self.candidate, waits=waits)
                    gain = self._gain(day, detour_s, waits)
                    yield Place(fits, gain, -detour_s, day, position, waits)

    def _ways(self) -> tuple[bool, ...]:
        has_two = bool(self.candidate.preferred) and self.candidate.outside_price > 0
        return (False, True) if has_two else (False,)

    def _gain(self, day: Day, detour_s: int, waits: bool) -> int:
        candidate, prices = self.candidate, self.problem.prices
        points = candidate.prize
        if candidate.published_shift is not None:
            points += prices.dropped
            points -= prices.moved * (candidate.published_shift != day.shift.id)
        if candidate.preferred and not waits:
            points -= candidate.outside_price
        return points * 3600 - detour_s * self.problem.travel_cost_per_hour

    def _is_wanted(self, place: Place) -> bool:
        return place.pays or is_required(self.problem, self.candidate, place.day.shift.day)

    def _binding(self, best: Place | None) -> SkipReason:
        """Return what keeps the candidate out, given its best place."""
        if best is None:
            return SkipReason.NO_TIME_LEFT
        if not self._is_wanted(best):
            return SkipReason.NOT_WORTH_THE_TRIP
        if best.fits:
            return SkipReason.FITS
        limited = [day for _, day in self.days if _has_limit(day)]
        wanted = [place for place in self._places(limited) if self._is_wanted(place)]
        for limit, reason in _LIMITS:
            if any(self._fits_without(place, limit) for place in wanted):
                return reason
        return SkipReason.NO_TIME_LEFT

    def _fits_without(self, place: Place, limit: str) -> bool:
        day = place.day
        limits = {
            "stops": day.shift.max_stops is not None,
            "cash": day.shift.cash_limit is not None,
            "breaks": bool(day.shift.breaks),
        }
        longer = [*day.order[: place.position], self.candidate, *day.order[place.position :]]
        return limits[limit] and day.fits(longer, without=limit, waits=place.waits)

    def _fits_instead_of_optional(self) -> bool:
        """Tell whether a required visit fits with the other required ones, in their order."""
        if self.candidate.after:
            return False
        for _, day in self.days:
            if not is_required(self.problem, self.candidate, day.shift.day):
                continue
            kept = [one for one in day.order if is_required(self.problem, one, day.shift.day)]
            if any(one.after for one in kept):
                continue
            orders = ([*kept[:i], self.candidate, *kept[i:]] for i in range(len(kept) + 1))
            if any(day.fits(order) for order in orders):
                return True
        return False

    def _check_facts(
        self, place: str, skipped: Skipped, detour_s: int | None
    ) -> Iterator[Violation]:
        expected: dict[str, int | None] = {"prize": self.candidate.prize, "detour_s": detour_s}
        if detour_s is not None:
            expected["detour_cost"] = detour_s * self.problem.travel_cost_per_hour // 3600
        shifts = [day.shift.id for _, day in self.days]
        for fact, value in skipped.facts.items():
            if fact == "shift" and value not in shifts:
                detail = f"{value!r} is not among the shifts that may visit, {shifts}"
                yield Violation(Rule.FACTS, f"{place}.facts.shift", detail)
            if fact in expected and value != expected[fact]:
                detail = f"says {value!r}, is {expected[fact]!r}"
                yield Violation(Rule.FACTS, f"{place}.facts.{fact}", detail)
