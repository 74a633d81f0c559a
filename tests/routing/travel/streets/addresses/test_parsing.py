"""What an address as people write it may mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.travel.streets.addresses.parsing import parse_address, place_key


def first(text):
    reading = parse_address(text).readings[0]
    crosses = tuple(cross.core for cross in reading.crosses)
    return reading.street.kind, reading.street.core, reading.number, crosses


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Av. Juárez 12", ("avenida", "juarez", (12, ""), ())),
        ("Juárez #12-B", ("", "juarez", (12, "b"), ())),
        ("Juárez No. 12 int. 3", ("", "juarez", (12, ""), ())),
        ("Juárez Núm. 12, Depto 4", ("", "juarez", (12, ""), ())),
        ("Calle 10 25", ("calle", "10", (25, ""), ())),
        ("Calle 10", ("calle", "10", None, ())),
        ("16 de Septiembre 45", ("", "16 septiembre", (45, ""), ())),
        ("Juárez s/n", ("", "juarez", None, ())),
        ("Juárez, 45", ("", "juarez", (45, ""), ())),
        ("Juárez esq. con Hidalgo", ("", "juarez", None, ("hidalgo",))),
        ("Juárez 3 entre Hidalgo y Allende", ("", "juarez", (3, ""), ("hidalgo", "allende"))),
        ("Juárez s/n e/ Hidalgo y Allende", ("", "juarez", None, ("hidalgo", "allende"))),
        ("Col. Centro, Juárez 12", ("", "juarez", (12, ""), ())),
        ("Av. Francisco Villa 12", ("avenida", "francisco villa", (12, ""), ())),
    ],
)
def test_the_likeliest_reading_comes_first(text, meant):
    assert first(text) == meant


def test_a_corner_and_a_name_with_y_are_both_considered():
    readings = parse_address("Ramón y Cajal").readings

    assert {(one.street.core, len(one.crosses)) for one in readings} == {
        ("ramon y cajal", 0),
        ("ramon", 1),
    }


def test_the_block_of_yucatan_is_read():
    crosses = [
        tuple(cross.core for cross in one.crosses)
        for one in parse_address("Calle 60 x 61 y 63").readings
        if one.street.core == "60"
    ]

    assert ("61", "63") in crosses


@pytest.mark.parametrize(
    "text",
    ["Juárez 12, Col. Centro", "Juárez 12 Colonia Centro", "Juárez 12, Barrio Centro, C.P. 06000"],
)
def test_the_neighbourhood_is_known_by_its_word(text):
    assert parse_address(text).neighbourhood == "centro"


def test_parts_without_a_word_may_name_any_place():
    assert parse_address("Juárez 12, Centro, Puebla").context == ["centro", "puebla"]


def test_a_postcode_is_left_out():
    assert parse_address("Juárez 12, C.P. 06000").context == []


@pytest.mark.parametrize("text", ["", "   ", ",,,", "!!!", "¿?"])
def test_a_text_without_words_has_no_reading(text):
    assert parse_address(text).readings == []


@given(st.text(max_size=10_000))
def test_any_text_at_all_is_parsed(text):
    parse_address(text)


def test_a_place_is_known_with_and_without_its_word():
    assert place_key("Colonia Centro") == place_key("Col. CENTRO") == place_key("centro")


def test_a_neighbourhood_may_be_called_like_its_word():
    assert place_key("Colonia") == "colonia"
