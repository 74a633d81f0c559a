"""Turns orders of visits into a plan that can be explained: clocks, prices, reasons, changes."""

from routing.explain.plans import plan_of
from routing.explain.worth import travel_cost

__all__ = ["plan_of", "travel_cost"]
