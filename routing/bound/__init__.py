"""What no plan can exceed, with proof: for the route of one collector, and for each of a day."""

from routing.bound.days import bounds_of
from routing.bound.proof import Bound, bound_of, warm

__all__ = ["Bound", "bound_of", "bounds_of", "warm"]
