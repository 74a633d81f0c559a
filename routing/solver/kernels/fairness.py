"""What it costs that one collector has more than the mean of all."""

from routing.solver.kernels.compiled import compiled
from routing.solver.kernels.records import UNFAIR, State, Work, World


@compiled
def weigh(world: World, state: State, work: Work) -> None:
    """Write the price of unfairness down: hours, recovery and hard cases, by collector."""
    shares, collectors = work.shares, len(work.shares)
    for c in range(collectors):
        for j in range(3):
            shares[c, j] = 0.0
    for r in range(len(state.totals)):
        count, stops = state.totals[r].count, state.stops[r]
        if count == 0:
            continue
        c = world.routes[r].collector
        first = world.visits[stops[1].visit]
        leaves_s = stops[1].leaves_s - first.service_s - stops[1].ride_s
        shares[c, 0] += stops[count + 1].arrives_s - leaves_s
        for k in range(1, count + 1):
            visit = world.visits[stops[k].visit]
            shares[c, 1] += visit.prize
            shares[c, 2] += visit.hardness
    price = 0.0
    for j in range(3):
        most, total = 0.0, 0.0
        for c in range(collectors):
            most = max(most, shares[c, j])
            total += shares[c, j]
        price += world.fair_prices[j] * (most - total / collectors)
    state.sums[UNFAIR] = price
