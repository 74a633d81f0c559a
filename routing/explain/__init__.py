"""Turns orders of visits into a plan that can be explained: clocks, prices, reasons, changes."""

from routing.explain.plans import PlannedPart, part_of, plan_from, plan_of
from routing.explain.worth import travel_cost

__all__ = ["PlannedPart", "part_of", "plan_from", "plan_of", "travel_cost"]
