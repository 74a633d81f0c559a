"""Clients beside a border of zones, who may be visited from its other side when that is allowed.

Pure: a built day in, the same with more collectors for some clients out, and what came of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from collector_app.planning.problem_builder import BuiltDay, shift_id
from collector_app.planning.rules import PlanPolicy, ReasonCode
from collector_app.zones.workload import on_plane_m
from routing.plan import Plan

NEIGHBOURS = 8  # clients of the day around one that are looked at for another zone
FARTHEST_M = 2_000.0  # straight, to a neighbour of another zone: beyond is no border


@dataclass(frozen=True, slots=True)
class LendingGain:
    """What a plan that lends is beyond the best that was found within the zones.

    Attributes
    ----------
    clients : int
        Who are visited by another collector than their zone's own; 0 when lending was of no use.
    visits : int
        Visits more.
    expected_cents : int
        Expected recovery more.
    travel_s : int
        Time on the road less.
    """

    clients: int
    visits: int
    expected_cents: int
    travel_s: int

    def as_facts(self) -> dict[str, int]:
        """Return what the plan keeps."""
        return {
            "clients": self.clients,
            "visits": self.visits,
            "expected_cents": self.expected_cents,
            "travel_s": self.travel_s,
        }


def with_lending(built: BuiltDay, policy: PlanPolicy) -> BuiltDay:
    """Return a day in which clients beside a border may be visited by their neighbours' collectors.

    Each visit across a border costs `policy.lending_cents`, so that none crosses for nothing.
    """
    owner = _owners(built)
    candidates = built.problem.candidates
    position_m = on_plane_m([one.point for one in candidates])
    near = min(NEIGHBOURS + 1, len(candidates))
    # The first of the nearest is the client; asked for as a list, one alone keeps its axis.
    _far, found = cKDTree(position_m).query(
        position_m, k=[*range(1, near + 1)], distance_upper_bound=FARTHEST_M
    )
    lent = tuple(
        replace(
            one,
            shifts=frozenset(shift_id(owner[int(candidates[row].id)]) for row in rows),
            published_shift=shift_id(owner[int(one.id)]),
        )
        for one, rows in zip(candidates, _present(found, len(candidates)), strict=True)
    )
    prices = replace(built.problem.prices, moved=policy.lending_cents)
    return replace(built, problem=replace(built.problem, candidates=lent, prices=prices))


def lent_clients(built: BuiltDay, plan: Plan) -> dict[int, int]:
    """Return who of a plan is visited across a border, and whose zone they are of."""
    owner = _owners(built)
    return {
        int(stop.candidate_id): owner[int(stop.candidate_id)]
        for route in plan.routes
        for stop in route.stops
        if shift_id(owner[int(stop.candidate_id)]) != route.shift_id
    }


def is_better(built: BuiltDay, lending: Plan, within: Plan, policy: PlanPolicy) -> bool:
    """Tell whether a plan that lends brings more than the one within the zones, all prices paid."""
    price = policy.lending_cents * len(lent_clients(built, lending))
    return _worth(built, lending) - price > _worth(built, within)


def gain_of(built: BuiltDay, lending: Plan, within: Plan) -> LendingGain:
    """Return what a plan that lends has more than the one within the zones."""
    stops, before = _visited(lending), _visited(within)
    return LendingGain(
        clients=len(lent_clients(built, lending)),
        visits=len(stops) - len(before),
        expected_cents=_expected_cents(built, stops) - _expected_cents(built, before),
        travel_s=_travel_s(within) - _travel_s(lending),
    )


def with_lent_reasons(built: BuiltDay, plan: Plan) -> BuiltDay:
    """Return the day with the reason that somebody came from beyond the border, first of all."""
    names = {one.collector_id: one.name for one in built.rows.workdays}
    told: dict[int, list[dict[str, Any]]] = {
        client: [{"code": ReasonCode.LENT.value, "name": names[owner]}, *built.reasons[client]]
        for client, owner in lent_clients(built, plan).items()
    }
    return replace(built, reasons={**built.reasons, **told})


def _owners(built: BuiltDay) -> Mapping[int, int]:
    return {
        row.client_id: row.collector_id
        for row in built.rows.candidates
        if row.collector_id is not None
    }


def _present(found: np.ndarray[Any, np.dtype[np.int64]], count: int) -> list[list[int]]:
    """Return the rows of neighbours; those that are too far are told as `count`."""
    return [[int(row) for row in rows if row < count] for rows in found]


def _worth(built: BuiltDay, plan: Plan) -> float:
    prize = sum(built.prize_at(client, starts_s).total for client, starts_s in _visited(plan))
    return prize - built.problem.travel_cost_per_hour * _travel_s(plan) / 3600


def _expected_cents(built: BuiltDay, visits: list[tuple[int, int]]) -> int:
    return sum(built.prize_at(client, starts_s).expected_cents for client, starts_s in visits)


def _visited(plan: Plan) -> list[tuple[int, int]]:
    """Return who is visited, and when, seconds since local midnight."""
    return [(int(stop.candidate_id), stop.starts_s) for r in plan.routes for stop in r.stops]


def _travel_s(plan: Plan) -> int:
    return sum(route.travel_s for route in plan.routes)
