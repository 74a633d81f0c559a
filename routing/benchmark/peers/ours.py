"""Our own search, in this process.

Peers answer with routes and explain nothing; so does this. `routing.solve` explains on top why each
candidate is left out, outside of the time it is given.
"""

from routing.benchmark.instance import Instance
from routing.benchmark.peers.answer import Answer, Budget
from routing.solver import SolverParams, best_orders, solver_name

_SEARCH_SHARE = 0.95  # the last touch comes on top of the time for searching


def solve_ours(instance: Instance, budget: Budget) -> Answer:
    """Solve until the budget of CPU seconds is gone; compiled kernels are taken as given."""
    params = SolverParams(seconds=max(0.01, _SEARCH_SHARE * budget.left_s()), counts_cpu=True)
    visits = best_orders(instance.problem, instance.matrices, params, budget.seed)
    orders = {shift: [one.candidate_id for one in order] for shift, order in visits.items()}
    return Answer(orders, budget.used_s(), solver_name())
