"""The page of a client's stages: as of any day, and the decisions that are taken on it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.stages.models import CollectionPause, StageMove
from tests.factories import make_client
from tests.stages.factories import credit_of, make_pause

ZONE = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)


@pytest.fixture
def today(stopped_clock):
    return clock.today(ZONE)


@pytest.fixture
def debtor(session):
    debtor = make_client(session, days=40)
    session.commit()
    return debtor


def test_the_page_tells_the_stage_of_the_day_that_is_asked(debtor, today, client_as):
    page = client_as(Role.SUPERVISOR)

    now = page.get(f"/etapas/{debtor.id}").text
    then = page.get(f"/etapas/{debtor.id}?al={today - 15 * DAY}").text

    assert "40 días de atraso" in now
    assert "Administrativa" in now
    assert "25 días de atraso" in then
    assert "Así estaba al terminar el" in then


@pytest.mark.parametrize("asked", ["mañana", "2099-01-01", ""])
def test_a_day_that_can_not_be_looked_at_is_today(debtor, client_as, asked):
    assert "40 días de atraso" in client_as(Role.ADMIN).get(f"/etapas/{debtor.id}?al={asked}").text


def test_a_pause_is_taken_and_ended(session, debtor, today, client_as):
    page = client_as(Role.SUPERVISOR)
    form = {
        "cause": "dispute",
        "pause_credit": "",
        "pause_reason": "no reconoce la firma",
        "from_on": (today - 12 * DAY).isoformat(),
    }

    told = page.post(f"/etapas/{debtor.id}/pausar", data=form, follow_redirects=True).text

    assert "En pausa: Aclaración de la deuda" in told
    assert "cuentan 27" in told
    row = session.query(CollectionPause).one()
    page.post(f"/etapas/pausas/{row.id}/reanudar", data={"reason": "mostró el contrato"})
    session.expire_all()
    assert row.to_on == today - DAY


def test_a_pause_that_ends_the_day_it_began_says_so(session, debtor, today, client_as):
    page = client_as(Role.SUPERVISOR)
    form = {"cause": "dispute", "pause_credit": "", "pause_reason": "x", "from_on": f"{today}"}
    page.post(f"/etapas/{debtor.id}/pausar", data=form)
    row = session.query(CollectionPause).one()

    told = page.post(
        f"/etapas/pausas/{row.id}/reanudar", data={"reason": "y"}, follow_redirects=True
    )

    assert "<td>ese mismo día</td>" in told.text


def test_a_pause_of_the_future_is_said_to_be_wrong(session, debtor, today, client_as):
    form = {"cause": "dispute", "pause_credit": "", "pause_reason": "x", "from_on": today + DAY}

    answer = client_as(Role.ADMIN).post(f"/etapas/{debtor.id}/pausar", data=form)

    assert answer.status_code == 422
    assert "Una pausa empieza hoy o antes" in answer.text
    assert session.query(CollectionPause).count() == 0


def test_only_moves_of_the_policy_are_taken(session, debtor, client_as):
    page = client_as(Role.SUPERVISOR)
    form = {
        "move_credit": credit_of(session, debtor).id,
        "stage": "judicial",
        "move_cause": "refuses",
        "move_reason": "amenazó al gestor",
    }

    refused = page.post(f"/etapas/{debtor.id}/mover", data=form)
    taken = page.post(f"/etapas/{debtor.id}/mover", data=form | {"stage": "extrajudicial"})

    assert refused.status_code == 422
    assert "no permite ese cambio" in refused.text
    assert taken.status_code == 303
    assert session.query(StageMove).one().stage == "extrajudicial"


def test_a_pause_that_is_over_is_not_ended_again(session, debtor, today, client_as):
    row = make_pause(session, debtor, today - 9 * DAY, today - 5 * DAY)
    session.commit()

    answer = client_as(Role.ADMIN).post(
        f"/etapas/pausas/{row.id}/reanudar", data={"reason": "x"}, follow_redirects=True
    )

    assert "Esa pausa ya terminó" in answer.text


def test_a_dispatcher_reads_and_does_not_decide(debtor, client_as):
    page = client_as(Role.DISPATCHER)

    assert "Pausar" not in page.get(f"/etapas/{debtor.id}").text
    assert page.post(f"/etapas/{debtor.id}/pausar").status_code == 403
    assert page.get("/etapas/999999").status_code == 404
