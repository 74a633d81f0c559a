"""What a plan is worth: the figure that the search maximises, worked out from the plan alone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from routing.measure import preferred_on, required_until
from routing.plan import Plan, PlannedStop, Route
from routing.problem import MEASURE_UNITS, Candidate, Measure, Problem, Shift

SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Value:
    """The parts of the objective, exact; only ``prize`` counts for the plan, the rest against it.

    Attributes
    ----------
    required : int
        Required candidates that are visited, each on a day that counts as theirs.
    prize, outside, moved, dropped : int, points
    travel_cost : Fraction, points
    unfairness : mapping of measure to Fraction, points
    travel_s : int
    """

    required: int
    prize: int
    outside: int
    travel_cost: Fraction
    unfairness: Mapping[Measure, Fraction]
    moved: int
    dropped: int
    travel_s: int

    @property
    def total(self) -> Fraction:
        """Return the points that remain."""
        against = self.outside + self.moved + self.dropped
        return self.prize - against - self.travel_cost - sum(self.unfairness.values())

    @property
    def points(self) -> int:
        """Return the whole points that remain, rounded down."""
        return floor(self.total)

    @property
    def rank(self) -> tuple[int, Fraction, int]:
        """Return what to compare plans by, the better the larger."""
        return (self.required, self.total, -self.travel_s)


@dataclass(frozen=True, slots=True)
class _Made:
    """A visit as a plan makes it."""

    shift: Shift
    candidate: Candidate
    stop: PlannedStop


def value_of(problem: Problem, plan: Plan) -> Value:
    """Return what a plan is worth, whatever it says of its own prizes.

    The plan has one route for each shift, in order; whether it keeps the rules is not asked.
    """
    by_candidate: dict[str, list[_Made]] = defaultdict(list)
    for made in _visits(problem, plan):
        by_candidate[made.candidate.id].append(made)
    visits = [_in_order(of_one) for of_one in by_candidate.values()]
    travel_s = sum(route.travel_s for route in plan.routes)
    return Value(
        required=sum(_counts_as_required(problem, of_one) for of_one in visits),
        prize=sum(
            prize_of(made.candidate, i) for of_one in visits for i, made in enumerate(of_one)
        ),
        outside=sum(
            outside_price(made.candidate, made.shift, made.stop.starts_s)
            for of_one in visits
            for made in of_one
        ),
        travel_cost=Fraction(travel_s * problem.travel_cost_per_hour, SECONDS_PER_HOUR),
        unfairness=_unfairness(problem, plan, visits),
        moved=sum(
            moved_price(problem, made.candidate, made.shift) for of_one in visits for made in of_one
        ),
        dropped=problem.prices.dropped
        * sum(
            candidate.published_shift is not None and candidate.id not in by_candidate
            for candidate in problem.candidates
        ),
        travel_s=travel_s,
    )


def prize_of(candidate: Candidate, earlier_visits: int) -> int:
    """Return what a visit brings after so many others of the horizon."""
    return candidate.repeat_prize if earlier_visits else candidate.prize


def outside_price(candidate: Candidate, shift: Shift, starts_s: int) -> int:
    """Return what a visit costs that starts at this second of the shift's day."""
    if not candidate.preferred:
        return 0
    windows = preferred_on(candidate, shift.day)
    is_inside = any(window.start_s <= starts_s <= window.end_s for window in windows)
    return 0 if is_inside else candidate.outside_price


def moved_price(problem: Problem, candidate: Candidate, shift: Shift) -> int:
    """Return what it costs that this shift makes the visit."""
    published = candidate.published_shift
    return problem.prices.moved if published not in {None, shift.id} else 0


def _visits(problem: Problem, plan: Plan) -> Iterator[_Made]:
    candidates = {candidate.id: candidate for candidate in problem.candidates}
    for shift, route in zip(problem.shifts, plan.routes, strict=True):
        for stop in route.stops:
            yield _Made(shift, candidates[stop.candidate_id], stop)


def _in_order(visits: list[_Made]) -> list[_Made]:
    return sorted(visits, key=lambda made: (made.shift.day, made.stop.starts_s))


def _counts_as_required(problem: Problem, visits: list[_Made]) -> bool:
    first = visits[0]
    until = required_until(problem, first.candidate)
    return until is not None and first.shift.day <= until


def _unfairness(problem: Problem, plan: Plan, visits: list[list[_Made]]) -> dict[Measure, Fraction]:
    """Return, for each measure with a price, what the distance of the most from the mean costs."""
    totals = _collector_totals(problem, plan, visits)
    return {
        measure: Fraction(price, MEASURE_UNITS[measure])
        * (max(of_each.values()) - Fraction(sum(of_each.values()), len(of_each)))
        for measure, price in problem.prices.unfairness
        if (of_each := totals[measure])
    }


def _collector_totals(
    problem: Problem, plan: Plan, visits: list[list[_Made]]
) -> dict[Measure, dict[str, int]]:
    """Return what each collector who has a shift has of each measure."""
    nothing = {shift.works_for: 0 for shift in problem.shifts}
    totals = {measure: dict(nothing) for measure in Measure}
    for shift, route in zip(problem.shifts, plan.routes, strict=True):
        totals[Measure.HOURS][shift.works_for] += _worked_s(route)
    for of_one in visits:
        for i, made in enumerate(of_one):
            collector = made.shift.works_for
            totals[Measure.RECOVERY][collector] += prize_of(made.candidate, i)
            totals[Measure.HARD_CASES][collector] += made.candidate.hardness
    return totals


def _worked_s(route: Route) -> int:
    return route.returns_s - route.leaves_s if route.stops else 0
