"""The phone's order beside the server's: the same days, after what happens during one."""

from dataclasses import replace
from functools import cache
from statistics import fmean

import pytest

from routing.replan import Cancelled, Late, replan
from routing.solver import SolverParams
from tests.day_package.replan_cases import (
    HOUR_S,
    Case,
    case,
    on_the_phone,
    on_the_server,
    order_of,
    problem_of,
    travel_of,
    worth,
)

WITHIN = 0.02  # of what the server's solver is worth
LONG = SolverParams(iterations=8_000)  # the same plan on any machine, however busy it is

DAYS = [(15, 1), (15, 2), (30, 3), (30, 4), (45, 5), (60, 6), (60, 7)]


@cache
def published(size: int, seed: int) -> tuple[Case, list[int]]:
    """A day of which the last client is not on the route yet, and its published order."""
    day = case(size, seed, hours=3 + size / 5.2)
    return day, order_of(on_the_server(without(day, size - 1), LONG))


def without(day: Case, visit: int) -> Case:
    """The same day when nobody may go to one of the clients."""
    windows = [[] if n == visit else one for n, one in enumerate(day.windows)]
    required = [one and n != visit for n, one in enumerate(day.required)]
    return replace(day, windows=windows, required=required)


def put_off(day: Case, visit: int) -> Case:
    later = day.starts_s + 4 * HOUR_S
    windows = list(day.windows)
    windows[visit] = [(max(first, later), last) for first, last in windows[visit] if last >= later]
    return replace(day, windows=windows)


CHANGES = {
    "cancelled": lambda day, order: without(without(day, day.size - 1), order[len(order) // 2]),
    "added": lambda day, order: day,
    "postponed": lambda day, order: put_off(without(day, day.size - 1), order[1]),
    "late": lambda day, order: replace(
        without(day, day.size - 1), starts_s=day.starts_s + HOUR_S // 2
    ),
}


@pytest.mark.parametrize("cause", CHANGES)
def test_after_a_change_the_phone_is_within_two_percent_of_the_solver(cause):
    known = [published(*one) for one in DAYS]
    changed = [CHANGES[cause](day, order) for day, order in known]

    answers = on_the_phone(changed, [order for _day, order in known])

    for day, answer in zip(changed, answers, strict=True):
        required, cents = worth(day, answer["order"])
        wanted, best = worth(day, order_of(on_the_server(day, LONG)))
        assert required >= wanted, f"{day.size} clients"
        assert cents >= (1 - WITHIN) * best, f"{day.size} clients: {cents} against {best}"


def test_of_days_with_room_for_half_of_the_clients_it_loses_two_percent_at_most_on_average():
    days = [case(size, seed, hours=size / 9) for size in (20, 40, 60) for seed in (11, 12)]

    answers = on_the_phone(days)

    shares = []
    for day, answer in zip(days, answers, strict=True):
        required, cents = worth(day, answer["order"])
        wanted, best = worth(day, order_of(on_the_server(day, LONG)))
        assert required >= wanted
        shares.append(cents / best)
    assert fmean(shares) >= 1 - WITHIN, shares


@pytest.mark.parametrize("size", [30, 60])
def test_it_is_within_two_percent_of_what_the_office_would_repair(size):
    day, order = published(size, size)
    home = on_the_server(without(day, size - 1), LONG)
    gone = order[len(order) // 3]
    late_s = day.starts_s + HOUR_S // 3
    told = [Cancelled(str(gone)), Late("1", late_s)]
    problem, travel = problem_of(without(day, size - 1)), travel_of(day)
    repaired = replan(
        problem, home, told, day.starts_s, travel=travel, params=SolverParams(iterations=2_000)
    )
    changed = replace(without(without(day, size - 1), gone), starts_s=late_s)

    (answer,) = on_the_phone([changed], [order])

    required, cents = worth(changed, answer["order"])
    wanted, best = worth(changed, order_of(repaired.plan))
    assert required >= wanted
    assert cents >= (1 - WITHIN) * best
