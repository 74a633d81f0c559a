import pytest

from collector_app.studio.comparison import side_by_side
from collector_app.studio.places import Places
from collector_app.zones.queries import CollectorRow
from routing.geo import Point

PLACES = Places.of([(n, Point(-29.9 - n / 1000, -71.25)) for n in range(4)], {0: 500, 3: 700})
STAFF = [CollectorRow(7, "Ana"), CollectorRow(8, "Luis"), CollectorRow(9, "Sara")]


@pytest.fixture
def sides():
    return side_by_side(PLACES, {0: 7, 1: 7, 2: 8}, {0: 7, 1: 8, 2: None, 3: 8}, STAFF, {7: 120.0})


def of(sides, name):
    return next(one for one in sides.collectors if one.name == name)


def test_each_collector_is_told_with_what_they_have_and_would_have(sides):
    ana = of(sides, "Ana")

    assert (ana.now.clients, ana.then.clients) == (2, 1)
    assert (ana.now.overdue_cents, ana.then.overdue_cents) == (500, 500)
    assert (ana.gained, ana.lost) == (0, 1)
    assert ana.now.month_h == pytest.approx(PLACES.minutes[:2].sum() / 60)
    assert ana.then.month_km == pytest.approx(PLACES.metres[0] / 1000)


def test_the_hours_that_a_collector_can_work_stand_beside_those_asked_of_them(sides):
    assert of(sides, "Ana").capacity_h == 120.0
    assert of(sides, "Luis").capacity_h is None
    assert sides.most_h == 120.0


def test_who_comes_and_who_goes_is_counted_apart(sides):
    luis = of(sides, "Luis")

    assert (luis.now.clients, luis.then.clients, luis.gained, luis.lost) == (1, 2, 2, 1)


def test_a_collector_without_clients_is_listed_and_so_are_clients_of_nobody(sides):
    assert of(sides, "Sara").now.clients == 0
    nobody = sides.collectors[-1]
    assert nobody.collector_id is None
    assert (nobody.now.clients, nobody.then.clients) == (1, 1)


def test_a_collector_who_left_is_listed_without_name():
    sides = side_by_side(PLACES, {0: 77}, {}, STAFF, {})

    assert [one.collector_id for one in sides.collectors] == [7, 8, 9, 77, None]
    assert sides.collectors[3].name is None


def test_bars_are_drawn_against_the_most_hours_of_either_side():
    sides = side_by_side(PLACES, {0: 7, 1: 7, 2: 8}, {0: 7, 1: 8, 2: None, 3: 8}, STAFF, {})

    assert sides.most_h == max(
        load.month_h for one in sides.collectors for load in (one.now, one.then)
    )
    assert (sides.handover.kept, sides.handover.moved, sides.handover.gained) == (1, 2, 1)


def test_who_ends_without_clients_and_whose_hours_nobody_knows_are_named(sides):
    assert sides.without_zone == ("Sara",)
    assert sides.unmeasured == ("Luis",)
