"""What the worker adds up is what pages would have added up themselves, and what they ask."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from collector_app.core import clock, jobs
from collector_app.core.actor import Role
from collector_app.core.jobs import JobState
from collector_app.figures import keeping, queries, renewal_job
from collector_app.figures.keeping import register_kept
from collector_app.figures.models import KeptFigures
from collector_app.figures.renewal_job import NEXT_KIND
from collector_app.figures.rules import SOONEST, Question, read_back, written
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone
from collector_app.worker import USUAL
from tests.factories import make_client, make_user
from tests.live.factories import publish_route
from tests.payments.factories import make_invoice, make_payment
from tests.promises.factories import make_promise_row
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

DAY = timedelta(days=1)


class Unreadable(Exception):
    """What a query that can't read its rows raises."""


def silent(_share: float, _note: str = "") -> None:
    """Tell nobody how far it is."""


PAGES = (
    "/indicadores",
    "/indicadores/contact_rate",
    "/indicadores/par_30?por=zone",
    "/indicadores/contact_rate?por=week",
    "/analisis",
    "/analisis/cosechas",
    "/analisis/simulador",
    "/cartera/sin-ubicacion",
    "/estrategia",
    "/promesas",
    "/promesas/pronostico",
    "/zonas/seguimiento",
    "/zonas/seguimiento/clientes?lista=viejas",
)


@pytest.fixture
def company(session, stopped_clock) -> None:
    """Two clients in arrears, one of a zone, with visits, money, promises and a plan."""
    ana, now = make_user(session, full_name="Ana Rojas"), clock.now()
    client, other = make_client(session), make_client(session)
    for one in (client, other):
        make_invoice(session, one, 300_000, due_on=(now - 45 * DAY).date())
    make_zone(session, [client], ana)
    for days in (3, 9, 40):
        at = now - days * DAY
        make_visit(session, client, ana, started_at=at, ended_at=at, received_at=at)
    make_payment(session, ana, client, 70_000)
    make_promise_row(session, client, due_on=(now - 20 * DAY).date(), made_at=now - 30 * DAY)
    make_promise_row(session, other, due_on=(now + 3 * DAY).date(), made_at=now - DAY)
    publish_route(session, ana, [client, other], now.date())
    session.commit()


@pytest.fixture
def keeping_app(app: Flask, monkeypatch) -> Iterator[Flask]:
    """The application where everything is worth keeping, however fast it was added up."""
    monkeypatch.setattr(renewal_job, "is_worth_keeping", lambda _took_s: True)
    app.config["FIGURES_KEPT_S"] = 60
    register_kept(app)
    yield app
    app.config["FIGURES_KEPT_S"] = 0
    register_kept(app)


def renew() -> int:
    return renewal_job.renew_all(USUAL)


def text_of(desk, page: str) -> str:
    """A page without the ids that each map draws anew."""
    return re.sub(r"[0-9a-f]{32}", "", desk.get(page).text)


def usual_questions() -> list[Question]:
    zone = local_zone()
    return [one for ask in USUAL for one in ask(clock.today(zone), zone)]


def test_every_usual_answer_is_read_back_as_it_was_derived(session, company):
    for question in usual_questions():
        derived = question.read(session, *question.asked)

        assert read_back(question, written(derived)) == derived, question.name


def test_the_usual_pages_add_nothing_up_once_the_worker_did(
    keeping_app, client_as, company, monkeypatch
):
    desk = client_as(Role.SUPERVISOR)
    live = [text_of(desk, page) for page in PAGES]
    register_kept(keeping_app)  # as another process, which remembers nothing
    assert renew() == len(usual_questions())
    missed = []

    def answer(session, question, now):
        found = queries_answer(session, question, now)
        if found is None:
            missed.append(question)
        return found

    queries_answer = queries.answer
    monkeypatch.setattr(keeping.queries, "answer", answer)

    assert [text_of(desk, page) for page in PAGES] == live
    assert missed == []


def test_pages_say_how_old_the_sums_are(keeping_app, client_as, company):
    desk = client_as(Role.SUPERVISOR)
    renew()
    with clock.frozen(clock.now() + timedelta(minutes=7)):
        page = desk.get("/indicadores").text
        assert "son de hace 7 min" in page
        assert "hasta un minuto" not in page
        assert "Las sumas" not in desk.get("/informes").text


def test_after_an_hour_without_a_worker_pages_add_up_themselves(keeping_app, client_as, company):
    desk = client_as(Role.SUPERVISOR)
    renew()
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert "Las sumas" not in desk.get("/indicadores").text


def test_figures_of_another_version_of_a_query_are_not_shown(session, keeping_app, company):
    renew()
    session.execute(db.update(KeptFigures).values(content=written("something else")))
    question = usual_questions()[0]

    assert queries.answer(session, question, clock.now()) is None


def broken(_session) -> int:
    raise Unreadable


def seven(_session) -> int:
    return 7


def eight(_session) -> int:
    return 8


def begin() -> bool:
    return renewal_job.begin_renewal({}, silent)["begun"]


def waiting() -> jobs.JobStatus | None:
    """The question of the round that waits in the queue, taken out of it as a worker does."""
    status = jobs.last_run(NEXT_KIND)
    if status is None or status.state is not JobState.QUEUED:
        return None
    jobs.cancel(status.job_id)
    return status


def run_round(usual=USUAL) -> list[dict]:
    """Run the questions of a round one by one, as the worker does."""
    found = []
    while (status := waiting()) is not None:
        found.append(status)
        with suppress(Unreadable):
            renewal_job.renew_next(usual, status.arguments, silent)
    return found


def test_sums_that_take_their_time_are_a_job_each(keeping_app, session, company, monkeypatch):
    monkeypatch.setattr(renewal_job, "MOMENT_S", 0.0)
    assert begin()
    numbers = [one.arguments["number"] for one in run_round()]
    session.rollback()
    assert numbers == list(range(len(usual_questions())))
    assert len(session.scalars(select(KeptFigures.id)).all()) == len(usual_questions())


def test_quick_sums_share_a_job(keeping_app, session, company):
    assert begin()
    assert len(run_round([lambda _day, _zone: [Question(seven), Question(eight)]])) == 1
    session.rollback()
    assert len(session.scalars(select(KeptFigures.id)).all()) == 2


def test_a_round_under_way_is_not_begun_twice(keeping_app, company):
    assert begin()
    assert not begin()
    run_round()


def test_it_rests_between_two_rounds(keeping_app, session, company):
    assert begin()
    run_round()
    assert not begin()
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert begin()
        run_round()


def test_after_a_question_that_fails_the_others_go_on(keeping_app, session, company):
    renew()
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert begin()
        run_round([lambda _day, _zone: [Question(broken), Question(seven)]])
        session.rollback()
        # What was kept of the round before is forgotten with what failed.
        assert [
            one.rpartition(".")[2] for one in session.scalars(select(KeptFigures.question))
        ] == ["seven"]


def test_answers_of_yesterday_are_forgotten(keeping_app, session, company):
    renew()
    with clock.frozen(clock.now() + DAY):
        renew()
        session.rollback()
        read = session.scalars(select(KeptFigures.read_at)).all()
        assert len(read) == len(usual_questions())
        assert min(read) >= clock.now() - SOONEST


def test_what_is_added_up_fast_is_not_kept(app, session, company, monkeypatch):
    monkeypatch.setattr(renewal_job, "is_worth_keeping", lambda _took_s: False)

    assert renew() == 0
    assert session.scalars(select(KeptFigures.id)).all() == []
