"""Turns orders of visits into a plan that can be explained: clocks, prices, reasons, changes."""

from routing.explain.plans import PlannedPart, part_of, plan_from, plan_of
from routing.explain.reasons import never
from routing.explain.worth import travel_cost

__all__ = ["PlannedPart", "never", "part_of", "plan_from", "plan_of", "travel_cost"]
