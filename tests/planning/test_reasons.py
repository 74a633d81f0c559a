"""The words for why a stop is on a route, and why a client is on none."""

import pytest

from collector_app.planning.reasons import reason_sentences, skip_sentences
from collector_app.planning.rules import ReasonCode, SkipCause
from collector_app.web.words import label


@pytest.fixture(autouse=True)
def spanish(app):
    with app.app_context():
        yield


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (
            {"code": "appointment", "starts_s": 57600, "ends_s": 61200},
            "Cita de 16:00 a 17:00",
        ),
        ({"code": "promise_today", "amount_cents": 50_000}, "Prometió $500.00 para hoy"),
        (
            {"code": "promise_late", "amount_cents": 80_000, "due_on": "2026-03-09", "days": 1},
            "Su promesa de $800.00 venció ayer",
        ),
        (
            {"code": "promise_late", "amount_cents": 80_000, "due_on": "2026-03-07", "days": 3},
            "Su promesa de $800.00 venció hace 3 días",
        ),
        (
            {"code": "debt", "overdue_cents": 1_230_000, "days": 45},
            "Debe $12,300.00, 45 días de atraso",
        ),
        (
            {"code": "debt", "overdue_cents": 1_230_000, "days": 1},
            "Debe $12,300.00, 1 día de atraso",
        ),
        (
            {"code": "long_silence", "days": 40},
            "Sin contacto registrado en 40 días",
        ),
        ({"code": "on_the_way", "detour_s": 180}, "Queda de paso: 3 min de desvío"),
        ({"code": "on_the_way", "detour_s": 30}, "Queda de paso: 0 min de desvío"),
        ({"code": "on_the_way", "detour_s": 29}, "Queda de paso, casi sin desvío"),
        ({"code": "expected", "prize_cents": 31_000}, "Esperamos recuperar $310.00"),
        (
            {"code": "chances", "contact": 0.453, "source": "client", "sample": 8},
            "Probabilidad de encontrarlo: 45%, según 8 visitas suyas",
        ),
        (
            {"code": "chances", "contact": 0.45, "source": "segment", "sample": 120},
            "Probabilidad de encontrarlo: 45%, según 120 visitas a clientes parecidos",
        ),
        (
            {"code": "chances", "contact": 0.45, "source": "portfolio", "sample": 900},
            "Probabilidad de encontrarlo: 45%, según las 900 visitas de la cartera",
        ),
        (
            {"code": "chances", "contact": 0.45, "source": "assumption", "sample": 0},
            "Probabilidad de encontrarlo: 45%, un supuesto mientras se juntan visitas",
        ),
        ({"code": "best_hour", "part": "afternoon"}, "Suele estar por la tarde, de 2 a 5"),
        ({"code": "exploring"}, "También va para aprender: de este cliente sabemos poco"),
        (
            {"code": "scoring_off", "by": "Delia", "why": "lo pidió"},
            "Puntuación apagada por Delia: lo pidió",
        ),
        (
            {"code": "scoring_off", "by": None, "why": "lo pidió"},
            "Puntuación apagada por el sistema: lo pidió",
        ),
        (
            {"code": "treatment", "segment": "Grandes", "percent": 130},
            "Su tratamiento sube la visita al 130 % (Grandes)",
        ),
        ({"code": "urgent"}, "Urgente: la oficina lo pidió hoy"),
        ({"code": "taken_over", "name": "Eva"}, "Iba a ir Eva"),
    ],
)
def test_each_reason_is_a_plain_sentence(reason, sentence):
    assert reason_sentences([reason]) == [sentence]


def test_sums_are_in_the_currency_of_the_credit():
    owed = {"code": "debt", "overdue_cents": 150_000, "days": 40}
    promised = {"code": "promise_today", "amount_cents": 5_000}

    assert reason_sentences([owed, promised], "USD") == [
        "Debe USD1,500.00, 40 días de atraso",
        "Prometió USD50.00 para hoy",
    ]


def test_every_code_has_its_sentence():
    facts = {
        "starts_s": 0,
        "ends_s": 1,
        "amount_cents": 1,
        "days": 2,
        "overdue_cents": 1,
        "detour_s": 1,
        "prize_cents": 1,
        "contact": 0.5,
        "source": "client",
        "sample": 3,
        "part": "morning",
        "by": "Ana",
        "why": "lo pidió",
        "name": "Eva",
        "segment": "Grandes",
        "percent": 130,
        "due_on": "2026-03-26",
    }

    sentences = reason_sentences([{"code": code.value, **facts} for code in ReasonCode])

    assert len(set(sentences)) == len(ReasonCode)


@pytest.mark.parametrize(
    ("cause", "facts", "sentence"),
    [
        (
            SkipCause.PROMISE_NOT_DUE,
            {"due_on": "2026-03-26", "amount_cents": 1},
            "Prometió pagar el jueves 26",
        ),
        (
            SkipCause.NOT_WORTH_THE_TRIP,
            {"detour_s": 840, "detour_cost": 3_500, "prize": 2_000},
            "El desvío cuesta 14 min ($35.00) y se espera recuperar $20.00",
        ),
        (
            SkipCause.NO_TIME_LEFT,
            {"prize": 2_000},
            "Ya no cabe en el día: otras visitas valen más (de esta se esperan $20.00)",
        ),
        (
            SkipCause.NO_LEGAL_WINDOW,
            {"appointment_s": 79_200},
            "Su cita de las 22:00 cae fuera del horario legal",
        ),
        (SkipCause.NO_LOCATION, {}, "Sin ubicación en el mapa"),
        (SkipCause.NO_VISITS, {"segment": "Chicos"}, "Su segmento no se visita (Chicos)"),
        (
            SkipCause.CADENCE,
            {"segment": "Grandes", "from_on": "2026-03-17"},
            "Descansa hasta el martes 17 (Grandes)",
        ),
        (
            SkipCause.NOTICE_FIRST,
            {"segment": "Grandes", "notice_days": 5},
            "Antes va un mensaje o una llamada: nada en 5 días (Grandes)",
        ),
        (
            SkipCause.SETTLED,
            {"issued_on": "2026-03-01", "owed_cents": 1_500_00},
            "Su carta finiquito del 1 mar 2026 dice que no debe; el saldo, que debe $1,500.00",
        ),
    ],
)
def test_each_cause_is_told_with_its_figures(cause, facts, sentence):
    assert skip_sentences(cause, facts) == [sentence]


def test_a_lighter_treatment_is_told_beside_the_cause():
    facts = {"prize": 20_00, "treatment": {"segment": "Chicos", "percent": 50}}

    told = skip_sentences(SkipCause.NO_TIME_LEFT, facts)

    assert told[1:] == ["Su tratamiento baja la visita al 50 % (Chicos)"]


def test_a_client_who_owes_dollars_is_left_out_in_dollars_and_how_they_were_weighed_is_said():
    facts = {"detour_s": 14 * 60, "detour_cost": 35_00, "prize": 20_00}

    told = skip_sentences(SkipCause.NOT_WORTH_THE_TRIP, facts, "USD")

    assert told == [
        "El desvío cuesta 14 min ($35.00) y se espera recuperar USD20.00",
        "Al comparar, 1 USD cuenta como 1 peso",
    ]


@pytest.mark.parametrize("cause", SkipCause)
def test_every_cause_has_words_even_without_figures(cause):
    facts = {
        "due_on": "2026-03-26",
        "amount_cents": 1,
        "detour_s": 1,
        "detour_cost": 1,
        "prize": 1,
        "segment": "Grandes",
        "from_on": "2026-03-17",
        "issued_on": "2026-03-01",
        "owed_cents": 1,
        "notice_days": 3,
    }

    assert skip_sentences(cause, facts) != [""]
    assert label(cause)


@pytest.mark.parametrize(
    ("sentence", "facts", "article", "words"),
    [
        (
            "cap_rolling_days_attempts",
            {"done": 2, "most": 2, "days": 7},
            "regla de la casa",
            "Ya se le buscó 2 veces en 7 días (regla de la casa)",
        ),
        (
            "weekday",
            {"weekday": 6},
            "LFT art. 74",
            "No se permite contactar en domingo (LFT art. 74)",
        ),
        (
            "holiday",
            {"holiday": "Navidad", "day": "2026-12-25"},
            "LFT art. 74",
            "Es día de descanso: Navidad (LFT art. 74)",
        ),
        (
            "cap_iso_week_attempts",
            {"done": 1, "most": 1, "days": 0},
            "Ley 19.496 art. 37",
            "Ya se le buscó esta semana (Ley 19.496 art. 37)",
        ),
        (
            "quiet",
            {"hours": 24},
            "regla de la casa",
            "Se habló con el cliente hace menos de 24 horas (regla de la casa)",
        ),
        (
            "place",
            {"place": "workplace"},
            "CDC art. 71",
            "No se permite visitar en este lugar: trabajo (CDC art. 71)",
        ),
        (
            "place_unauthorised",
            {"place": "home"},
            "Ley 29571 art. 62",
            "El cliente no autorizó que se le visite en este lugar: casa (Ley 29571 art. 62)",
        ),
        ("banned", {"reason": "queja"}, "", "No se le debe contactar: queja"),
    ],
)
def test_the_law_is_told_with_its_article(sentence, facts, article, words):
    block = {"rule_id": "x", "article": article, "sentence": sentence, "facts": facts}

    assert skip_sentences(SkipCause.NO_LEGAL_WINDOW, {"blocks": [block]}) == [words]


def test_a_client_whom_no_street_reaches_is_told_with_the_place_and_the_nearest_street() -> None:
    far = {"misplacement": "too_far", "street_m": None, "lat": 19.5, "lon": -99.123456}
    cut_off = far | {"misplacement": "not_connected", "street_m": 84}

    assert skip_sentences(SkipCause.UNREACHABLE, far) == [
        "No hay calle a menos de 1 km de su ubicación (19.50000, -99.12346)"
    ]
    assert skip_sentences(SkipCause.UNREACHABLE, cut_off) == [
        "La calle más cercana a su ubicación (19.50000, -99.12346), a 84 m, "
        "no conecta con la ciudad"
    ]
    assert skip_sentences(SkipCause.UNREACHABLE, {}) == ["No hay calle que llegue"]
