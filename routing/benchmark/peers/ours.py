"""Our own search, in this process."""

from routing.benchmark.instance import Instance
from routing.benchmark.peers.answer import Answer, Budget
from routing.solver import SolverParams, solve
from routing.travel.haversine import Haversine

# The last touch comes on top of the time for searching, the explanations of the plan as well: both
# have to fit into the budget.
_SEARCH_SHARE = 0.95
_EXPLAINED_S_PER_CLIENT = 0.0005


def solve_ours(instance: Instance, budget: Budget) -> Answer:
    """Solve until the budget of CPU seconds is gone; compiled kernels are taken as given."""
    seconds = _SEARCH_SHARE * budget.left_s() - _EXPLAINED_S_PER_CLIENT * len(
        instance.problem.candidates
    )
    params = SolverParams(seconds=max(0.01, seconds), counts_cpu=True)
    plan = solve(
        instance.problem,
        Haversine(),  # never asked: the instance brings its travel
        params,
        budget.seed,
        matrices=instance.matrices,
    )
    orders = {route.shift_id: [stop.candidate_id for stop in route.stops] for route in plan.routes}
    return Answer(orders, budget.used_s(), plan.solver)
