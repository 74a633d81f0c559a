"""Every method of the benchmark: from an instance and a budget of CPU seconds to orders."""

from collections.abc import Callable, Mapping

from routing.benchmark.instance import Instance
from routing.benchmark.peers.answer import Answer, Budget
from routing.benchmark.peers.ours import solve_ours
from routing.benchmark.peers.practice import in_listed_order, nearest_first
from routing.benchmark.peers.with_ortools import solve_with_ortools, solve_with_usual_ortools
from routing.benchmark.peers.with_pyvrp import solve_with_pyvrp
from routing.benchmark.peers.with_vroom import solve_with_vroom

__all__ = ["METHODS", "Answer", "Budget"]

METHODS: Mapping[str, Callable[[Instance, Budget], Answer]] = {
    "ours": solve_ours,
    "ortools": solve_with_ortools,
    "ortools_usual": solve_with_usual_ortools,
    "pyvrp": solve_with_pyvrp,
    "vroom": solve_with_vroom,
    "nearest": nearest_first,
    "listed": in_listed_order,
}
