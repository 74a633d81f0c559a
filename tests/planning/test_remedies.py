"""What would bring a client in who was left out."""

import pytest
from flask import url_for

from collector_app.planning.remedies import Remedy, remedy_of
from collector_app.planning.rules import SkipCause


@pytest.fixture(autouse=True)
def spanish(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "add", "detour_s": 61}, "Cabe como está la ruta, con 2 min de desvío"),
        ({"kind": "add_stop_slot"}, "Entra si se permite una visita más al gestor"),
        ({"kind": "lengthen_shift", "seconds": 840}, "Con 14 min más de jornada entra"),
        ({"kind": "lengthen_shift", "seconds": 841}, "Con 15 min más de jornada entra"),
        ({"kind": "widen_window", "seconds": 600}, "Entra si la cita se mueve 10 min"),
        ({"kind": "allow_shift", "detour_s": 180}, "Otro gestor pasa cerca: 3 min de desvío"),
        (
            {"kind": "raise_cash_limit", "points": 50_000},
            "Entra si el gestor puede llevar $500.00 más",
        ),
        (
            {"kind": "swap_for", "candidate": "7", "points": 0},
            "Entraría en lugar de Rosa Díaz",
        ),
        (
            {"kind": "swap_for", "candidate": "7", "points": 1_250},
            "Entraría en lugar de Rosa Díaz, con $12.50 menos en total",
        ),
        ({"kind": "raise_prize", "points": 1}, "Convendría si se esperaran $0.01 más"),
    ],
)
def test_what_would_bring_a_client_in_is_told_with_its_figure(change, sentence):
    remedy = remedy_of(SkipCause.NO_TIME_LEFT, {"change": change}, {7: "Rosa Díaz"})

    assert remedy == Remedy(sentence)


def test_where_no_single_change_would_help_that_is_told():
    remedy = remedy_of(SkipCause.NO_TIME_LEFT, {"prize": 100}, {})

    assert remedy == Remedy("Ningún cambio solo lo haría entrar ese día")


@pytest.mark.parametrize(
    ("cause", "facts", "sentence"),
    [
        (
            SkipCause.PROMISE_NOT_DUE,
            {"due_on": "2026-03-26", "amount_cents": 1},
            "Vuelve a entrar desde el jueves 26, si no ha pagado",
        ),
        (SkipCause.CONTACT_CAP, {}, "Vuelve a entrar cuando pase el plazo entre visitas"),
        (
            SkipCause.NO_LEGAL_WINDOW,
            {"appointment_s": 79_200},
            "Acuerda con el cliente una cita en horario legal",
        ),
        (SkipCause.NO_LEGAL_WINDOW, {}, "Planéalo otro día: ese no se puede"),
        (
            SkipCause.CADENCE,
            {"segment": "Grandes", "from_on": "2026-03-17"},
            "Vuelve a entrar el martes 17, o antes con una cita",
        ),
        (SkipCause.BANNED, {}, "Nada, mientras no se levante la prohibición"),
    ],
)
def test_what_has_to_happen_first_is_told(cause, facts, sentence):
    assert remedy_of(cause, facts, {}) == Remedy(sentence)


@pytest.mark.parametrize(
    ("cause", "path"),
    [
        (SkipCause.NO_LOCATION, "/cartera/7/ubicacion"),
        (SkipCause.UNREACHABLE, "/cartera/7/ubicacion"),
        (SkipCause.NO_ZONE, "/zonas"),
        (SkipCause.NO_VISITS, "/estrategia"),
        (SkipCause.NOTICE_FIRST, "/contactos/7"),
        (SkipCause.SETTLED, "/convenios"),
        (SkipCause.NO_COLLECTOR, "/planes/jornadas"),
        (SkipCause.OUTSIDE_SHIFT, "/planes/jornadas"),
    ],
)
def test_what_a_person_can_do_leads_to_the_page(cause, path):
    remedy = remedy_of(cause, {}, {})

    assert remedy.sentence
    assert url_for(remedy.endpoint, **({"client_id": 7} if remedy.of_client else {})) == path


@pytest.mark.parametrize("cause", SkipCause)
def test_every_cause_has_an_answer(cause):
    assert remedy_of(cause, {"due_on": "2026-03-26", "from_on": "2026-03-17"}, {}).sentence


def test_what_would_have_to_be_expected_is_told_in_the_currency_of_the_client():
    facts = {"change": {"kind": "raise_prize", "points": 1}}

    told = remedy_of(SkipCause.NOT_WORTH_THE_TRIP, facts, {}, "USD")

    assert told.sentence == "Convendría si se esperaran USD0.01 más"
