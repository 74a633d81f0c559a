"""What the problem allows, read from it anew: who may visit, when, how long, for how much."""

from routing.problem import Candidate, Problem, Shift, Window


def may_visit(shift: Shift, candidate: Candidate) -> bool:
    """Tell whether a shift is allowed to visit, and visits anybody at all."""
    if shift.max_stops == 0 or not candidate.skills <= shift.skills:
        return False
    name = shift.collector or shift.id
    if name in candidate.forbidden_collectors:
        return False
    if candidate.collectors is not None and name not in candidate.collectors:
        return False
    return candidate.shifts is None or shift.id in candidate.shifts


def is_rested(candidate: Candidate, day: int) -> bool:
    """Tell whether the contact before the horizon is old enough."""
    last = candidate.last_contact_day
    return last is None or last + candidate.min_rest_days <= day


def windows(candidate: Candidate, shift: Shift) -> list[Window]:
    """Return the hard windows of the day of a shift."""
    return [one for one in candidate.windows if one.day is None or one.day == shift.day]


def is_preferred(candidate: Candidate, shift: Shift, starts_s: int) -> bool:
    """Tell whether a start lies in a preferred window of the day."""
    return any(
        one.start_s <= starts_s <= one.end_s
        for one in candidate.preferred
        if one.day is None or one.day == shift.day
    )


def stay_s(candidate: Candidate) -> int:
    """Return how long the visit is planned to take: the mean of the outcomes, rounded up."""
    total = sum(one.share for one in candidate.services)
    if total == 0:
        return candidate.service_s
    weighed = sum(one.share * one.seconds for one in candidate.services)
    return weighed // total + (weighed % total > 0)


def can_come(shift: Shift, candidate: Candidate) -> bool:
    """Tell whether a shift may visit on its day."""
    return (
        may_visit(shift, candidate)
        and is_rested(candidate, shift.day)
        and bool(windows(candidate, shift))
    )


def is_required(problem: Problem, candidate: Candidate, day: int) -> bool:
    """Tell whether a first visit on this day is made whatever it costs."""
    if candidate.required:
        return True
    last, most = candidate.last_contact_day, candidate.max_rest_days
    if last is None or most is None:
        return False
    due = last + most
    if due > max(shift.day for shift in problem.shifts):
        return False
    days = [shift.day for shift in problem.shifts if can_come(shift, candidate)]
    return day <= max(due, min(days, default=due))
