"""Optimised, explainable day routes over real streets; knows nothing of Flask or the database.

State a `Problem`, `measure` its travel times with a source from `open_travel`, `solve` it, and let
`verify` check the `Plan`. `prize` says what a visit is worth; `propose` divides clients into zones.
"""

from typing import TYPE_CHECKING, Any

from routing.errors import InvalidProblem, RoutingError, SolverFailed, TravelTimesUnavailable
from routing.explain import plan_of
from routing.geo import Point
from routing.measure import measure
from routing.plan import Plan, PlannedStop, Route, Skipped, SkipReason
from routing.problem import Candidate, Problem, Shift, Window
from routing.scoring import Prize, PrizeWeights, VisitFacts, prize
from routing.solver import SolverParams, solve
from routing.travel import open_travel
from routing.travel.times import Profile, TravelTimes
from routing.verifier import Violation, verify

if TYPE_CHECKING:
    from routing.bound import Bound, bound_of
    from routing.zoning import Place, Zoning, outline, propose

__all__ = [
    "Bound",
    "Candidate",
    "InvalidProblem",
    "Place",
    "Plan",
    "PlannedStop",
    "Point",
    "Prize",
    "PrizeWeights",
    "Problem",
    "Profile",
    "Route",
    "RoutingError",
    "Shift",
    "SkipReason",
    "Skipped",
    "SolverFailed",
    "SolverParams",
    "TravelTimes",
    "TravelTimesUnavailable",
    "Violation",
    "VisitFacts",
    "Window",
    "Zoning",
    "bound_of",
    "measure",
    "open_travel",
    "outline",
    "plan_of",
    "prize",
    "propose",
    "solve",
    "verify",
]

_OF_BOUND = {"Bound", "bound_of"}
_OF_ZONING = {"Place", "Zoning", "outline", "propose"}


def __getattr__(name: str) -> Any:
    """Load zoning when it is first asked for: it brings scipy, half of what loading this takes."""
    if name in _OF_ZONING:
        from routing import zoning  # noqa: PLC0415 - see above

        return getattr(zoning, name)
    if name in _OF_BOUND:
        import routing.bound as bounding  # noqa: PLC0415 - loads scipy and compiled code

        return getattr(bounding, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
