"""The pages of segments: what is typed is read back, wrong values are named, nothing is lost."""

from zoneinfo import ZoneInfo

import pytest

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.portfolio.rules import Stage
from collector_app.strategy.queries import segment_rules, treatment_of
from collector_app.strategy.rules import MOST_CONDITIONS, Comparison, Condition, Trait
from collector_app.strategy.services import set_treatment
from tests.factories import make_client, make_user
from tests.strategy.factories import SYSTEM, at_least, make_segment, treatment
from tests.zones.factories import make_zone

PAGE = "/estrategia"
ZONE = ZoneInfo("America/Mexico_City")


@pytest.fixture
def office(client_as):
    return client_as(Role.SUPERVISOR)


def typed(*rows, name="Grandes", **values):
    found = {"name": name, **values}
    empty = (("", "at_least", ""),) * (MOST_CONDITIONS - len(rows))
    for n, (trait, comparison, value) in enumerate((*rows, *empty)):
        found |= {
            f"conditions-{n}-trait": trait,
            f"conditions-{n}-comparison": comparison,
            f"conditions-{n}-value": value,
        }
    return found


def test_without_segments_the_page_says_what_to_do(office):
    page = office.get(PAGE).text

    assert "Aún no hay segmentos" in page
    assert "Haz el primero" in page


def test_what_is_typed_in_words_is_stored_as_a_rule(office, session):
    rows = (("balance", "at_least", "$5,000.50"), ("stage", "is", "temprana, Administrativa"))

    answer = office.post(f"{PAGE}/segmentos/nuevo", data=typed(*rows))

    assert answer.status_code == 303
    assert segment_rules(session)[0].conditions == (
        Condition(Trait.BALANCE, Comparison.AT_LEAST, (500_050,)),
        Condition(Trait.STAGE, Comparison.IS, ("early", "administrative")),
    )


def test_a_segment_is_shown_as_it_was_typed(office, session):
    segment = make_segment(
        session,
        at_least(Trait.BALANCE, 500_050),
        Condition(Trait.STAGE, Comparison.IS, ("early",)),
    )

    page = office.get(f"{PAGE}/segmentos/{segment.id}").text

    assert 'value="5,000.50"' in page
    assert 'value="Temprana"' in page


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("balance", "at_least", "mucho"), "Saldo: escribe un importe, como 5,000."),
        (("days_past_due", "at_most", "-3"), "Días de atraso: escribe un número entero, como 30."),
        (("stage", "is", "tardía"), "Etapa: escribe una o varias de: Preventiva, Temprana"),
        (("stage", "at_least", "Temprana"), "Etapa: elige “es” o “no es”."),
        (("zone", "is", " , "), "Zona: escribe una o varias palabras, separadas por comas."),
    ],
)
def test_a_value_that_can_not_be_read_is_named_and_nothing_typed_is_lost(
    office, session, row, told
):
    answer = office.post(f"{PAGE}/segmentos/nuevo", data=typed(("overdue", "is", "7"), row))

    assert answer.status_code == 422
    assert "Condición 2" in answer.text
    assert told in answer.text
    assert 'value="Grandes"' in answer.text
    assert segment_rules(session) == []


def test_the_preview_counts_and_stores_nothing(office, session):
    make_client(session, overdue_cents=900_000)
    make_client(session, overdue_cents=700_000)
    make_segment(session, at_least(Trait.BALANCE, 800_000))

    page = office.post(
        f"{PAGE}/segmentos/nuevo",
        data=typed(("balance", "at_least", "6,000"), name="Medianos", preview="1"),
    ).text

    assert "A quiénes toma hoy" in page
    assert "deben $16,000.00" in page  # both meet the condition
    assert "$7,000.00" in page  # one of them is left to this segment
    assert len(segment_rules(session)) == 1


def test_a_treatment_is_set_and_told_on_the_page(office, session):
    segment = make_segment(session, name="Los grandes")
    session.commit()
    address = f"{PAGE}/segmentos/{segment.id}/early"
    form = {
        "channels": ["visit", "call"],
        "cadence_days": "7",
        "notice_days": "0",
        "visit_percent": "100",
        "most_discount_percent": "10",
        "most_instalments": "4",
        "script": "early",
        "opening": "",
    }

    assert office.post(address, data=form).status_code == 303

    page = office.get(PAGE).text
    assert "visita cada 7 días o más" in page
    assert "quita hasta 10 %" in page
    assert "peso" not in page
    heavier = form | {"visit_percent": "130", "notice_days": "5"}
    assert office.post(address, data=heavier).status_code == 303
    assert "tras un mensaje o llamada, peso 130 %" in office.get(PAGE).text
    light = office.post(address, data=form | {"visit_percent": "9"})
    assert "Escribe un número entero de 10 a 300." in light.text
    wrong = office.post(address, data=form | {"cadence_days": "91"})
    assert wrong.status_code == 422
    assert "Escribe un número entero de 0 a 90." in wrong.text
    assert office.post(f"{address}/quitar").status_code == 303
    assert "visita cada" not in office.get(PAGE).text


def test_a_dispatcher_reads_and_does_not_write(client_as, session):
    segment = make_segment(session)
    dispatcher = client_as(Role.DISPATCHER)

    assert "Grandes" in dispatcher.get(PAGE).text
    assert "Nuevo segmento" not in dispatcher.get(PAGE).text
    assert dispatcher.get(f"{PAGE}/segmentos/{segment.id}").status_code == 403


def test_an_unknown_stage_is_not_found(office, session):
    segment = make_segment(session)

    assert office.get(f"{PAGE}/segmentos/{segment.id}/tardia").status_code == 404


def test_the_script_at_the_door_is_that_of_the_treatment(client_as, session):
    collector, debtor = make_user(session), make_client(session)
    make_zone(session, [debtor], collector)
    segment = make_segment(session, name="Los grandes")
    own = treatment(opening="Buenos días, le traigo una propuesta.", most_instalments=0)
    today = clock.today(ZONE)
    set_treatment(session, SYSTEM, segment.id, Stage.ADMINISTRATIVE, own, day=today)

    page = client_as(collector).get(f"/guion/{debtor.id}").text

    assert treatment_of(session, today, ZONE, debtor.id) is not None
    assert "Buenos días, le traigo una propuesta." in page
    assert "Segmento Los grandes: aquí no se ofrece convenio." in page
    assert "Calcular una oferta" not in page
