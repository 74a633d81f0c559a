"""One name, however people write it."""

import tomllib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.travel.streets.addresses import words
from routing.travel.streets.addresses.words import is_number, key_of, vocabulary

WRITTEN = st.text(
    st.sampled_from("aábcdeéijmnñoórstuúvyxz ABCDEJÑ.,#/-°ºª12359&'<>\n"), max_size=60
)


@given(WRITTEN)
def test_a_name_once_reduced_stays_as_it_is(text):
    assert key_of(key_of(text)) == key_of(text)


@given(WRITTEN)
def test_capitals_make_no_difference(text):
    assert key_of(text.upper()) == key_of(text.lower())


@given(WRITTEN)
def test_accents_make_no_difference(text):
    composed = unicodedata.normalize("NFC", text)
    bare = "".join(
        one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one)
    )

    assert key_of(composed) == key_of(bare)


@given(st.text(max_size=400))
def test_any_text_at_all_is_read(text):
    key_of(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Av. Juárez", "avenida JUAREZ"),
        ("Avda. de los Insurgentes Sur", "Av Insurgentes Sur"),
        ("Blvd. Gral. Lázaro Cárdenas", "bulevar general lazaro cardenas"),
        ("Calz. de Tlalpan", "Calzada Tlalpan"),
        ("Priv. 5 de Mayo", "Privada Cinco de Mayo"),
        ("2a Cda. de Morelos", "Segunda Cerrada de Morelos"),
        ("Cda. 2 Morelos", "Cerrada 2da Morelos"),
        ("1° de Mayo", "Primero de Mayo"),
        ("Calle 20 Nte.", "Calle 20 Norte"),
        ("Calle 20 Pte", "C. 20 Poniente"),
        ("Dos de Abril", "2 de Abril"),
        ("Rua dos Andradas", "R. Andradas"),
        ("Fco. I. Madero", "Francisco I Madero"),
        ("E.U.A.", "EUA"),
    ],
)
def test_two_ways_to_write_a_name_are_one(one, other):
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Calle 10", "Calle 11"),
        ("Insurgentes Norte", "Insurgentes Sur"),
        ("Calle Hidalgo", "Privada Hidalgo"),
        ("1a Privada de Juárez", "2a Privada de Juárez"),
    ],
)
def test_names_of_different_streets_stay_different(one, other):
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize("text", ["12", "12b", "12bis", "1203a"])
def test_numbers_of_houses_are_known(text):
    assert is_number(text)


@pytest.mark.parametrize("text", ["2a", "1ra", "b", "", "1234567"])
def test_ordinals_and_words_are_no_numbers_of_houses(text):
    assert not is_number(text)


def test_no_short_form_has_two_meanings():
    table = tomllib.loads(words._FILE.read_text(encoding="utf-8"))
    sections = [table["kinds"], table["words"] | table["orientations"] | table["numbers"]]

    for section in sections:
        forms = [form for long, shorts in section.items() for form in {long, *shorts}]
        assert len(forms) == len(set(forms)), sorted(f for f in forms if forms.count(f) > 1)


def test_a_long_form_is_no_short_form_of_another():
    known = vocabulary()

    for table in (known.kinds, known.words):
        assert {long: table.get(long) for long in table.values()} == {
            long: long for long in table.values()
        }


def test_the_file_is_written_as_it_is_compared():
    table = tomllib.loads(words._FILE.read_text(encoding="utf-8"))
    listed = [
        form
        for section in ("kinds", "words")
        for forms in table[section].values()
        for form in forms
    ]

    assert [form for form in listed if words.tokens_of(form) != [form]] == []
