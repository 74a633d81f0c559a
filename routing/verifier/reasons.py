"""Why a candidate is not visited, worked out again and compared with what the plan says."""

from collections.abc import Iterator, Sequence

from routing.plan import Skipped, SkipReason
from routing.problem import Candidate
from routing.verifier.days import Day
from routing.verifier.violations import Rule, Violation


class Case:
    """One candidate that the plan leaves out, against the days of those who may visit."""

    def __init__(self, candidate: Candidate, days: Sequence[Day], cost_per_hour: int) -> None:
        self.candidate = candidate
        self.days = [day for day in days if day.may_visit(candidate)]
        self.cost_per_hour = cost_per_hour

    def check(self, place: str, skipped: Skipped) -> Iterator[Violation]:
        """Compare the reason and the facts with what is worked out here."""
        impossible = self._impossible()
        detour_s, fits = (None, False) if impossible else self._cheapest()
        pays = detour_s is not None and self._pays(detour_s)
        if fits and pays:
            detail = f"{self.candidate.id!r} could be added for {detour_s} s on the road"
            yield Violation(Rule.LEFT_OUT, place, detail)
            return
        if not impossible and self._fits_instead_of_optional():
            detail = f"required {self.candidate.id!r} fits when optional visits give way"
            yield Violation(Rule.LEFT_OUT, place, detail)
            return
        not_worth = detour_s is not None and not pays
        possible = SkipReason.NOT_WORTH_THE_TRIP if not_worth else SkipReason.NO_TIME_LEFT
        expected = impossible or possible
        if skipped.reason != expected:
            detail = f"says {skipped.reason}, is {expected} (detour {detour_s} s)"
            yield Violation(Rule.REASON, f"{place}.reason", detail)
        yield from self._check_facts(place, skipped, detour_s)

    def _impossible(self) -> SkipReason | None:
        if not self.candidate.windows:
            return SkipReason.NO_LEGAL_WINDOW
        if not self.days:
            return SkipReason.NO_SHIFT
        if all(day.detour_s([], 0, self.candidate) is None for day in self.days):
            return SkipReason.UNREACHABLE
        if not any(day.fits([self.candidate]) for day in self.days):
            return SkipReason.OUTSIDE_SHIFT
        return None

    def _cheapest(self) -> tuple[int | None, bool]:
        """Return the cheapest detour and whether it fits; where none fits, the clock is ignored."""
        fitting: list[int] = []
        every: list[int] = []
        for day in self.days:
            full = day.shift.max_stops is not None and len(day.order) >= day.shift.max_stops
            for position in range(len(day.order) + 1):
                detour_s = day.detour_s(day.order, position, self.candidate)
                if detour_s is None:
                    continue
                every.append(detour_s)
                if not full and day.fits_at(position, self.candidate):
                    fitting.append(detour_s)
        return min(fitting or every, default=None), bool(fitting)

    def _fits_instead_of_optional(self) -> bool:
        if not self.candidate.required:
            return False
        for day in self.days:
            kept = [candidate for candidate in day.order if candidate.required]
            full = day.shift.max_stops is not None and len(kept) >= day.shift.max_stops
            orders = ([*kept[:i], self.candidate, *kept[i:]] for i in range(len(kept) + 1))
            if not full and any(day.fits(order) for order in orders):
                return True
        return False

    def _pays(self, detour_s: int) -> bool:
        cost = detour_s * self.cost_per_hour
        return self.candidate.required or self.candidate.prize * 3600 > cost

    def _check_facts(
        self, place: str, skipped: Skipped, detour_s: int | None
    ) -> Iterator[Violation]:
        expected: dict[str, int | None] = {"prize": self.candidate.prize, "detour_s": detour_s}
        if detour_s is not None:
            expected["detour_cost"] = detour_s * self.cost_per_hour // 3600
        shifts = [day.shift.id for day in self.days]
        for fact, value in skipped.facts.items():
            if fact == "shift" and value not in shifts:
                detail = f"{value!r} is not among the shifts that may visit, {shifts}"
                yield Violation(Rule.FACTS, f"{place}.facts.shift", detail)
            if fact in expected and value != expected[fact]:
                detail = f"says {value!r}, is {expected[fact]!r}"
                yield Violation(Rule.FACTS, f"{place}.facts.{fact}", detail)
