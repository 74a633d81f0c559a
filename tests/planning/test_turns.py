"""Instructions in the words of each country."""

from pathlib import Path

import pytest

from collector_app.app import create_app
from collector_app.planning.turns import (
    ARRIVALS,
    ICONS,
    SENTENCES,
    how_far,
    sentence,
    street,
    turn_rows,
)
from config import TestConfig
from routing.geo import Point
from routing.travel.streets.instructions import Instruction, Side
from routing.travel.streets.turns import Maneuver

SPRITE = Path(__file__).parents[2] / "static/icons.svg"


@pytest.fixture
def speak(tmp_path):
    """Return a function that says something in the language of a locale."""

    def say(locale: str, what, *arguments):
        config = TestConfig(tmp_path, "sqlite://")
        config.LOCALE = locale
        with create_app(config).test_request_context():
            return what(*arguments)

    return say


def told(kind: Maneuver, **values) -> Instruction:
    defaults = {
        "name": "Balmaceda",
        "ref": "",
        "metres": 300,
        "seconds": 40,
        "point": Point(-29.9, -71.25),
        "bearing_deg": 100.0,
        "exit_number": 2 if kind is Maneuver.ROUNDABOUT else 0,
        "side": Side.RIGHT if kind is Maneuver.ARRIVE else None,
    }
    return Instruction(kind=kind, **(defaults | values))


IN_WORDS = {
    Maneuver.DEPART: (
        "Sal hacia el este por Balmaceda",
        "Sal hacia el este por Balmaceda",
        "Head east on Balmaceda",
    ),
    Maneuver.CONTINUE: (
        "Sigue derecho por Balmaceda",
        "Sigue derecho por Balmaceda",
        "Go straight on along Balmaceda",
    ),
    Maneuver.SLIGHT_LEFT: (
        "Da vuelta ligera a la izquierda en Balmaceda",
        "Dobla un poco a la izquierda por Balmaceda",
        "Turn slightly left onto Balmaceda",
    ),
    Maneuver.LEFT: (
        "Da vuelta a la izquierda en Balmaceda",
        "Dobla a la izquierda por Balmaceda",
        "Turn left onto Balmaceda",
    ),
    Maneuver.SHARP_LEFT: (
        "Da vuelta cerrada a la izquierda en Balmaceda",
        "Dobla cerrado a la izquierda por Balmaceda",
        "Turn sharp left onto Balmaceda",
    ),
    Maneuver.SLIGHT_RIGHT: (
        "Da vuelta ligera a la derecha en Balmaceda",
        "Dobla un poco a la derecha por Balmaceda",
        "Turn slightly right onto Balmaceda",
    ),
    Maneuver.RIGHT: (
        "Da vuelta a la derecha en Balmaceda",
        "Dobla a la derecha por Balmaceda",
        "Turn right onto Balmaceda",
    ),
    Maneuver.SHARP_RIGHT: (
        "Da vuelta cerrada a la derecha en Balmaceda",
        "Dobla cerrado a la derecha por Balmaceda",
        "Turn sharp right onto Balmaceda",
    ),
    Maneuver.U_TURN: (
        "Da vuelta en U y sigue por Balmaceda",
        "Da la vuelta en U y sigue por Balmaceda",
        "Make a U-turn and go along Balmaceda",
    ),
    Maneuver.KEEP_LEFT: (
        "Mantente a la izquierda por Balmaceda",
        "Mantente a la izquierda por Balmaceda",
        "Keep left on Balmaceda",
    ),
    Maneuver.KEEP_RIGHT: (
        "Mantente a la derecha por Balmaceda",
        "Mantente a la derecha por Balmaceda",
        "Keep right on Balmaceda",
    ),
    Maneuver.ROUNDABOUT: (
        "En la glorieta toma la segunda salida, hacia Balmaceda",
        "En la rotonda toma la segunda salida, hacia Balmaceda",
        "At the roundabout take the second exit, onto Balmaceda",
    ),
    Maneuver.FERRY: (
        "Sube al transbordador Balmaceda",
        "Sube al transbordador Balmaceda",
        "Take the ferry Balmaceda",
    ),
    Maneuver.ARRIVE: (
        "Llegas: queda a tu derecha",
        "Llegas: queda a tu derecha",
        "You arrive: it is on your right",
    ),
}


@pytest.mark.parametrize("kind", list(Maneuver))
def test_each_country_says_each_kind_its_own_way(speak, kind):
    heard = tuple(speak(locale, sentence, told(kind)) for locale in ("es_MX", "es_CL", "en"))

    assert heard == IN_WORDS[kind], "translations are compiled by `make setup`"


def test_every_kind_and_side_has_words_and_an_icon_that_is_drawn():
    drawn = SPRITE.read_text()

    assert set(SENTENCES) == set(Maneuver) - {Maneuver.ARRIVE}
    assert set(ARRIVALS) == set(Side)
    assert set(ICONS) == set(Maneuver)
    assert all(f'id="{name}"' in drawn for name in ICONS.values())


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (
            told(Maneuver.LEFT, name=""),
            "Da vuelta a la izquierda en calle sin nombre",
        ),
        (
            told(Maneuver.CONTINUE, name="", ref="D-41"),
            "Sigue derecho por D-41",
        ),
        (told(Maneuver.ROUNDABOUT, exit_number=0), "Entra a la glorieta"),
        (
            told(Maneuver.ROUNDABOUT, exit_number=7),
            "En la glorieta toma la 7.ª salida, hacia Balmaceda",
        ),
        (told(Maneuver.FERRY, name=""), "Sube al transbordador"),
        (told(Maneuver.ARRIVE, side=Side.AHEAD), "Llegas a tu destino"),
        (told(Maneuver.ARRIVE, side=Side.LEFT), "Llegas: queda a tu izquierda"),
    ],
)
def test_what_has_no_name_or_number_is_said_without(speak, one, text):
    assert speak("es_MX", sentence, one) == text


@pytest.mark.parametrize(
    ("name", "ref", "shown"),
    [
        ("Panamericana", "Ruta 5", "Panamericana (Ruta 5)"),
        ("Ruta 5 Norte", "Ruta 5", "Ruta 5 Norte"),
        ("100% Calle", "", "100% Calle"),
    ],
)
def test_a_street_is_called_as_its_signs_call_it(speak, name, ref, shown):
    assert speak("es_MX", street, name, ref) == shown


@pytest.mark.parametrize(
    ("bearing_deg", "way"),
    [
        (22.4, "el norte"),
        (22.6, "el noreste"),
        (180.0, "el sur"),
        (314.0, "el noroeste"),
        (337.4, "el noroeste"),
        (337.6, "el norte"),
    ],
)
def test_a_ride_sets_out_towards_the_nearest_of_eight_winds(speak, bearing_deg, way):
    text = speak("es_MX", sentence, told(Maneuver.DEPART, bearing_deg=bearing_deg))

    assert text == f"Sal hacia {way} por Balmaceda"


@pytest.mark.parametrize(
    ("metres", "text"),
    [
        (14, "Enseguida"),
        (16, "En 20 m"),
        (294, "En 290 m"),
        (312, "En 300 m"),
        (974, "En 950 m"),
        (976, "Después de 1 km"),
        (1_240, "Después de 1.2 km"),
        (9_940, "Después de 9.9 km"),
        (12_400, "Después de 12 km"),
    ],
)
def test_distances_are_as_exact_as_a_rider_can_tell(speak, metres, text):
    assert speak("es_MX", how_far, metres) == text


def test_chile_writes_a_comma(speak):
    assert speak("es_CL", how_far, 1_240) == "Después de 1,2 km"


def test_a_line_says_how_far_to_ride_before_its_turn(speak):
    ride = (told(Maneuver.DEPART), told(Maneuver.LEFT, metres=80), told(Maneuver.ARRIVE, metres=0))

    rows = speak("es_MX", turn_rows, ride)

    assert [one.ahead for one in rows] == ["", "En 300 m", "En 80 m"]
    assert [(one.icon, one.is_mirrored) for one in rows] == [
        ("go", False),
        ("turn", True),
        ("flag", False),
    ]
