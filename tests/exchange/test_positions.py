"""Coordinates are read exactly; what looks wrong about them is told and never put right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.exchange.rules import CellProblem
from collector_app.exchange.sheets.cells import BadCell
from collector_app.exchange.sheets.positions import BOXES, doubt, read_coordinate

MEXICO_CITY = (19.4326, -99.1332)


@given(st.integers(-1_800_000_000, 1_800_000_000))
def test_a_coordinate_is_read_back_with_dot_and_with_comma(units):
    written = f"{units / 10**7:.7f}"

    assert read_coordinate(written) == units / 10**7
    assert read_coordinate(written.replace(".", ",")) == units / 10**7
    assert read_coordinate(units / 10**7) == units / 10**7


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [("-99,1332", -99.1332), ("99.1332 W", -99.1332), ("99.1332° O", -99.1332), ("19.43N", 19.43)],
)
def test_a_letter_tells_the_hemisphere(cell, degrees):
    assert read_coordinate(cell) == degrees


@pytest.mark.parametrize("cell", ["norte", "19°25'57\"", "19.432.608", "-99.1 W", True, "1e2"])
def test_what_are_no_decimal_degrees_is_refused(cell):
    with pytest.raises(BadCell) as bad:
        read_coordinate(cell)

    assert bad.value.problem is CellProblem.NO_COORDINATE


@pytest.mark.parametrize(("cell", "is_fine"), [(180, True), (180.0000001, False), (-991332, False)])
def test_no_coordinate_lies_beyond_180_degrees(cell, is_fine):
    if is_fine:
        assert read_coordinate(cell) == 180
    else:
        with pytest.raises(BadCell) as bad:
            read_coordinate(cell)
        assert bad.value.problem is CellProblem.COORDINATE_OUT_OF_RANGE


@pytest.mark.parametrize(
    ("lat", "lon", "problem"),
    [
        (*MEXICO_CITY, None),
        (*reversed(MEXICO_CITY), CellProblem.SWAPPED_COORDINATES),
        (19.4326, 99.1332, CellProblem.SIGN_LOST),
        (-19.4326, -99.1332, CellProblem.SIGN_LOST),
        (40.4168, -3.7038, CellProblem.OUTSIDE_COUNTRY),
        (-29.9027, -71.2519, CellProblem.OUTSIDE_COUNTRY),
        (95.0, 120.0, CellProblem.COORDINATE_OUT_OF_RANGE),
        (120.0, 40.0, CellProblem.SWAPPED_COORDINATES),
    ],
)
def test_a_suspicious_position_in_mexico_is_told(lat, lon, problem):
    assert doubt(lat, lon, "MX") is problem


def test_a_swap_is_seen_where_both_orders_are_possible_numbers():
    assert doubt(-71.2519, -29.9027, "CL") is CellProblem.SWAPPED_COORDINATES


def test_the_edge_of_a_country_belongs_to_it():
    box = BOXES["MX"]

    assert doubt(box.south, box.west, "MX") is None
    assert doubt(box.south - 0.0001, box.west, "MX") is CellProblem.OUTSIDE_COUNTRY


@pytest.mark.parametrize(
    ("lat", "lon", "problem"),
    [
        (*MEXICO_CITY, None),
        (-99.1332, 19.4326, CellProblem.SWAPPED_COORDINATES),
        (90.1, 120.0, CellProblem.COORDINATE_OUT_OF_RANGE),
    ],
)
def test_in_an_unknown_country_only_the_impossible_is_told(lat, lon, problem):
    assert doubt(lat, lon, "XX") is problem
