"""PyVRP with the settings that did best on prize collecting: prizes scaled to its distances."""

from collections import defaultdict
from importlib.metadata import version
from typing import Any

import numpy as np

from routing.benchmark.instance import Grid, Instance, grid_of
from routing.benchmark.peers.answer import Answer, Budget, PeerMissing

# A mean prize is worth so many rides to the five nearest: all but lexicographic. Of 20 to 10,000 it
# did best on seven days of collectors (1.8 % above 20) and on team orienteering (0.7 %). Twelve
# perturbations at most did better than the 25 it comes with on all of them.
_PRIZE_IN_RIDES = 10_000
_NEAREST = 5
_PERTURBATIONS = (1, 12)


def solve_with_pyvrp(instance: Instance, budget: Budget) -> Answer:
    """Solve within the budget; the model is built on it, too.

    Raises
    ------
    PeerMissing
        If PyVRP is not installed.
    """
    try:
        import pyvrp  # noqa: PLC0415 - a peer, needed by nobody else
        from pyvrp.search import PerturbationParams  # noqa: PLC0415
    except ImportError:
        raise PeerMissing("PyVRP is not installed: pip install pyvrp") from None
    grid = grid_of(instance)
    data = _data(pyvrp, instance, grid)
    params = pyvrp.SolveParams(perturbation=PerturbationParams(*_PERTURBATIONS))
    result = pyvrp.solve(
        data, lambda cost: budget.used_s() >= budget.cpu_s, budget.seed, False, False, params
    )
    ids = [one.id for one in instance.problem.candidates]
    orders: dict[str, list[str]] = {shift.id: [] for shift in instance.problem.shifts}
    alike = list(_alike(instance, grid).values())
    if result.best.is_feasible():
        for route in result.best.routes():
            orders[alike[route.vehicle_type()].pop(0)] = [ids[i] for i in _visits(route)]
    return Answer(orders, budget.used_s(), f"pyvrp {version('pyvrp')}")


def _visits(route: Any) -> list[int]:
    return [activity.idx for activity in route if activity.is_client()]


def prize_scale(instance: Instance, grid: Grid, prize_in_rides: float) -> float:
    """Return what a point of prize is worth in seconds on the road, for solvers that add them."""
    if instance.is_cost:
        return 3600 / instance.problem.travel_cost_per_hour
    places = grid.candidate_place
    rides = np.sort(grid.seconds[np.ix_(places, places)], axis=1)[:, 1 : 1 + _NEAREST]
    mean_prize = np.mean([candidate.prize for candidate in instance.problem.candidates])
    return float(prize_in_rides * rides.mean() / mean_prize)


Kind = tuple[int, int, int, int, int | None]  # start, end, first and last second, limit


def _alike(instance: Instance, grid: Grid) -> dict[Kind, list[str]]:
    """Return the shifts that PyVRP can take as several vehicles of one type, which speeds it up."""
    alike: dict[Kind, list[str]] = defaultdict(list)
    for v, shift in enumerate(instance.problem.shifts):
        window = shift.window
        ends = grid.start_place[v], grid.end_place[v]
        alike[(*ends, window.start_s, window.end_s, shift.cash_limit)].append(shift.id)
    return alike


def _data(peer: Any, instance: Instance, grid: Grid) -> Any:
    problem, scale = instance.problem, prize_scale(instance, grid, _PRIZE_IN_RIDES)
    has_limit = any(shift.cash_limit is not None for shift in problem.shifts)
    homes = sorted(set(grid.start_place) | set(grid.end_place))
    depot = {place: i for i, place in enumerate(homes)}
    location = [*homes, *grid.candidate_place]
    clients = [
        peer.Client(
            location=len(homes) + i,
            delivery=[candidate.cash] if has_limit else [],
            service_duration=candidate.stay_s,
            tw_early=candidate.windows[0].start_s,
            tw_late=candidate.windows[0].end_s,
            prize=round(candidate.prize * scale),
            required=False,
        )
        for i, candidate in enumerate(problem.candidates)
    ]
    vehicles = [
        peer.VehicleType(
            num_available=len(shift_ids),
            capacity=[limit] if limit is not None else [],
            start_depot=depot[start],
            end_depot=depot[end],
            tw_early=from_s,
            tw_late=until_s,
        )
        for (start, end, from_s, until_s, limit), shift_ids in _alike(instance, grid).items()
    ]
    seconds = grid.seconds[np.ix_(location, location)]
    return peer.ProblemData(
        locations=[peer.Location(0, 0) for _ in location],
        clients=clients,
        depots=[peer.Depot(location=i) for i in range(len(homes))],
        vehicle_types=vehicles,
        distance_matrices=[seconds],
        duration_matrices=[seconds],
    )
