from datetime import date

import pytest

from collector_app.follow_up.rules import ClientFacts, Drift, cell_of, coverage, heat, steps

SINCE = date(2026, 3, 1)


def client(number, *, visited=None, contacted=None, overdue=0, paid=0, colonia="Centro"):
    return ClientFacts(
        number, f"C{number}", 1, -29.9, -71.25, colonia, visited, contacted, overdue, paid
    )


def test_coverage_tells_never_stale_and_visited_clients_apart():
    found = coverage(
        [
            client(1),
            client(2, visited=date(2026, 2, 28)),
            client(3, visited=SINCE, contacted=date(2026, 2, 1)),
            client(4, visited=date(2026, 3, 9), contacted=SINCE),
        ],
        SINCE,
    )

    assert (found.clients, found.never, found.stale, found.contacted) == (4, 1, 1, 1)
    assert (found.visited_share, found.penetration) == (0.5, 0.25)


def test_a_zone_without_clients_is_covered_by_nobody():
    assert coverage([], SINCE).visited_share == coverage([], SINCE).penetration == 0.0


def test_money_is_summed_by_place_the_most_overdue_first():
    clients = [
        client(1, overdue=100, paid=300),
        client(2, overdue=900, colonia="Puerto"),
        client(3, overdue=5, colonia=None),
        client(4, paid=100),
    ]

    puerto, centro = heat(clients, lambda one: one.colonia)

    assert (puerto.place, puerto.recovery) == ("Puerto", 0.0)
    assert (centro.clients, centro.overdue_cents, centro.collected_cents) == (2, 100, 400)
    assert centro.recovery == 0.8
    assert heat(clients, cell_of)[0].clients == 4


def test_steps_go_from_the_lowest_fifth_to_the_highest_and_nothing_is_none():
    assert steps([0, 10, 20, 30, 40, 50]) == [0, 1, 2, 3, 4, 5]
    assert steps([]) == []
    assert steps([0.0]) == [0]


@pytest.mark.parametrize(("now", "acts"), [(0.05, False), (0.07, True), (0.0, False)])
def test_zones_are_worth_touching_when_they_lost_more_than_five_points(now, acts):
    assert Drift(SINCE, 0.01, now).is_worth_acting is acts
