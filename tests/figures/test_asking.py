"""In a large cartera a period that somebody chose is added up by the worker, once for everybody."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.figures import asked_job, asking, renewal_job
from collector_app.figures.keeping import register_kept
from collector_app.figures.models import KeptFigures
from collector_app.figures.renewal_job import renew_all
from collector_app.figures.rules import Question, question_of, read_back, written
from collector_app.indicators import questions
from collector_app.indicators.queries import Grouping, groups
from collector_app.indicators.rules import Dimension, Period, Section
from collector_app.web.filters import local_zone
from collector_app.worker import HANDLERS, USUAL
from tests.factories import make_client, make_user
from tests.figures.large import Worker, say_that_sums_are_long
from tests.visits.factories import make_visit

_DAYS = count(30)  # the store of the jobs outlives a test, so each asks for a period of its own
CALCULATING = "Calculando las cifras"
ROW_OF_BOB = '<th scope="row">Bob Soto</th>'


@pytest.fixture
def visits(session, stopped_clock) -> None:
    ana, client = make_user(session, full_name="Ana Rojas"), make_client(session)
    for days in range(3):
        at = clock.now() - timedelta(days=days)
        make_visit(session, client, ana, started_at=at, ended_at=at, received_at=at)
    session.commit()


@pytest.fixture
def keeping_app(app: Flask, monkeypatch) -> Iterator[Flask]:
    monkeypatch.setattr(renewal_job, "is_worth_keeping", lambda _took_s: True)
    app.config["FIGURES_KEPT_S"] = 60
    register_kept(app)
    yield app
    app.config["FIGURES_KEPT_S"] = 0
    register_kept(app)


@pytest.fixture
def worker(session, visits, keeping_app, monkeypatch) -> Iterator[Worker]:
    """Somebody who adds up what is asked for, in a cartera whose sums take 5 s each."""
    found = Worker(asking.jobs.last_run)
    monkeypatch.setattr(asking.jobs, "last_run", found.last_run)
    say_that_sums_are_long()
    yield found
    found.stop()


@pytest.fixture
def chosen() -> str:
    """What an address says of a period that no other test chose."""
    last = clock.today(local_zone())
    return f"desde={last - timedelta(days=next(_DAYS))}&hasta={last}"


def forbid_sums(monkeypatch) -> None:
    """Break the test when a page adds up itself."""

    def read(*_asked):
        raise AssertionError

    monkeypatch.setattr(groups, "tallies", read)
    monkeypatch.setattr(asking, "kept", read)


@pytest.mark.parametrize(
    "page", ["/indicadores?", "/indicadores/cure_rate?", "/indicadores/contact_rate?por=stage&"]
)
def test_a_chosen_period_is_waited_for_and_then_shown(client_as, worker, chosen, page):
    desk = client_as(Role.SUPERVISOR)

    answer = desk.get(page + chosen)

    assert answer.status_code == 202
    assert answer.headers["Retry-After"] == "2"
    assert CALCULATING in answer.text
    assert 'http-equiv="refresh"' in answer.text  # without scripts
    assert worker.work() == (3 if page == "/indicadores?" else 2)
    shown = desk.get(page + chosen)
    assert shown.status_code == 200
    assert CALCULATING not in shown.text


def test_what_the_worker_added_up_is_what_the_page_would_have(app, client_as, worker, chosen):
    desk, page = client_as(Role.SUPERVISOR), f"/indicadores/contact_rate?{chosen}"
    desk.get(page)
    worker.work()
    waited = desk.get(page).text
    app.config["FIGURES_KEPT_S"] = 0
    register_kept(app)

    def figures(text: str) -> list[str]:
        return re.findall(r'<t[dh][^>]*>.*?</t[dh]>|<p class="formula">.*?</p>', text, re.S)

    assert figures(waited) == figures(desk.get(page).text) != []


def test_each_question_that_waits_is_read_back_as_it_was_asked(session, visits):
    grouping = Grouping(Period(clock.today(local_zone()), clock.today(local_zone())), local_zone())
    asked = [*questions.questions_of_overview(grouping)]
    for by in Dimension:
        for section in Section:
            split = Grouping(
                Period(clock.now().date() - timedelta(9), clock.now().date()),
                local_zone(),
                by,
                "USD",
            )
            asked += questions.questions_of_detail(split, section)
    for one in asked:
        assert question_of(questions.CHOSEN[one.name], one.key) == one
        answer = one.read(session, *one.asked)
        assert read_back(one, written(answer)) == answer


def test_the_worker_knows_the_job():
    assert asked_job.KIND in HANDLERS


def test_a_small_cartera_answers_at_once(client_as, session, visits, keeping_app, chosen):
    say_that_sums_are_long(0.05)

    answer = client_as(Role.SUPERVISOR).get(f"/indicadores?{chosen}")

    assert answer.status_code == 200
    assert CALCULATING not in answer.text


def test_sums_of_which_nothing_is_known_are_added_up_at_once(client_as, keeping_app, chosen):
    assert client_as(Role.SUPERVISOR).get(f"/indicadores?{chosen}").status_code == 200


def test_a_short_period_is_less_work_than_four_weeks(client_as, worker):
    day = clock.today(local_zone()) - timedelta(days=next(_DAYS))
    say_that_sums_are_long(1.0)
    desk = client_as(Role.SUPERVISOR)

    # Two sums of a 28th of a second each; but who owes how much is of all debtors on any day.
    assert desk.get(f"/indicadores/contact_rate?desde={day}&hasta={day}").status_code == 200
    assert desk.get(f"/indicadores/cure_rate?desde={day}&hasta={day}").status_code == 202


def test_the_same_question_of_two_people_makes_one_job(client_as, worker, chosen):
    page = f"/indicadores/contact_rate?{chosen}"
    for role in (Role.SUPERVISOR, Role.DISPATCHER, Role.SUPERVISOR, Role.ADMIN):
        assert client_as(role).get(page).status_code == 202

    assert len(worker.waiting()) == 2  # the groups and the whole


def test_two_people_who_click_at_once_make_one_job(client_as, keeping_app, worker, chosen):
    desks, both = [client_as(Role.SUPERVISOR) for _ in range(2)], Barrier(2)

    def look(desk) -> int:
        both.wait(10)
        return desk.get(f"/indicadores/contact_rate?{chosen}").status_code

    with ThreadPoolExecutor(2) as people:
        assert list(people.map(look, desks)) == [202, 202]
    assert len(worker.waiting()) == 2


def test_another_split_waits_for_its_groups_alone(client_as, worker, chosen):
    desk = client_as(Role.SUPERVISOR)
    desk.get(f"/indicadores/contact_rate?{chosen}")
    worker.work()

    text = desk.get(f"/indicadores/contact_rate?por=zone&{chosen}").text

    assert len(worker.waiting()) == 1
    assert '<progress value="1" max="2"' in text


def test_a_job_that_failed_is_told_and_tried_again_once(client_as, worker, chosen):
    desk, page = client_as(Role.SUPERVISOR), f"/indicadores/contact_rate?{chosen}"
    desk.get(page)
    worker.fail()

    answer = desk.get(page)

    assert answer.status_code == 200
    assert "No se pudieron calcular las cifras" in answer.text
    assert "abc123" in answer.text
    assert "every 1s" not in answer.text
    assert worker.waiting() == []  # a look alone does not try again
    again = re.search(r'href="([^"]*otra=\d+)"', answer.text)[1].replace("&amp;", "&")
    assert desk.get(again).status_code == 202
    assert desk.get(again).status_code == 202
    assert len(worker.waiting()) == 2
    worker.work()
    assert desk.get(again).status_code == 200
    assert "Ana Rojas" in desk.get(page).text


def test_no_number_of_the_retry_breaks_the_page(client_as, worker, chosen):
    desk = client_as(Role.SUPERVISOR)
    for otra in ("-1", "x", str(10**30)):
        assert desk.get(f"/indicadores/contact_rate?{chosen}&otra={otra}").status_code == 202


def test_a_job_that_somebody_stopped_is_told_too(client_as, worker, chosen):
    desk, page = client_as(Role.SUPERVISOR), f"/indicadores/contact_rate?{chosen}"
    desk.get(page)
    for one in worker.waiting():
        asking.jobs.cancel(one.job_id)

    assert "Se detuvo y no se guardó nada." in desk.get(page).text


def test_without_a_worker_the_page_says_that_nobody_adds_up(client_as, worker, chosen):
    text = client_as(Role.SUPERVISOR).get(f"/indicadores/contact_rate?{chosen}").text

    assert "No hay trabajador en marcha" in text


def test_after_a_new_fact_the_old_answer_tells_its_age_and_is_made_anew(
    app, session, client_as, worker, chosen
):
    desk, page = client_as(Role.SUPERVISOR), f"/indicadores/contact_rate?{chosen}"
    desk.get(page)
    worker.work()
    bob = make_user(session, full_name="Bob Soto")
    at = clock.now() - timedelta(hours=2)
    make_visit(session, make_client(session), bob, started_at=at, ended_at=at, received_at=at)
    session.commit()
    with clock.frozen(clock.now() + timedelta(minutes=7)):
        say_that_sums_are_long()
        old = desk.get(page)
        assert old.status_code == 200
        assert "son de hace 7 min" in old.text
        assert ROW_OF_BOB not in old.text
        assert worker.work() == 2
        register_kept(app)  # the currencies of seven minutes ago
        new = desk.get(page).text
        assert ROW_OF_BOB in new
        assert "son de hace" not in new
        assert worker.waiting() == []


def test_what_nobody_looks_at_is_forgotten_after_an_hour_and_not_before(
    session, client_as, worker, chosen
):
    def kept() -> int:
        session.rollback()
        return len(session.scalars(select(KeptFigures.id).where(KeptFigures.is_chosen)).all())

    client_as(Role.SUPERVISOR).get(f"/indicadores/contact_rate?{chosen}")
    worker.work()
    begun = clock.now()
    for minutes, left in ((30, 2), (59, 2), (61, 0)):
        with clock.frozen(begun + timedelta(minutes=minutes)):
            renew_all(USUAL)
            assert kept() == left


def test_an_answer_of_yesterday_is_not_todays(client_as, worker, chosen):
    desk, page = client_as(Role.SUPERVISOR), f"/indicadores/contact_rate?{chosen}"
    midnight = clock.local_midnight(clock.today(local_zone()) + timedelta(days=1), local_zone())
    with clock.frozen(midnight - timedelta(minutes=5)):
        say_that_sums_are_long()
        desk = client_as(Role.SUPERVISOR)
        desk.get(page)
        worker.work()
        assert desk.get(page).status_code == 200
    with clock.frozen(midnight + timedelta(minutes=5)):
        say_that_sums_are_long()
        assert desk.get(page).status_code == 202


def test_what_a_supervisor_asked_opens_no_page_to_others(client_as, worker, chosen):
    client_as(Role.SUPERVISOR).get(f"/indicadores/cost_per_visit?por=collector&{chosen}")
    waiting = worker.waiting()
    assert waiting
    worker.work()

    collector, dispatcher = client_as(Role.COLLECTOR), client_as(Role.DISPATCHER)

    assert collector.get(f"/indicadores/cost_per_visit?{chosen}").status_code in (302, 303, 403)
    # Costs of collectors are wages: a dispatcher is shown the weeks, whatever is kept.
    shown = dispatcher.get(f"/indicadores/cost_per_visit?por=collector&{chosen}").text
    assert "Ana Rojas" not in shown
    for one in waiting:
        assert client_as(Role.SUPERVISOR).get(f"/trabajos/{one.job_id}").status_code == 404
        told = dispatcher.get(f"/trabajos/{one.job_id}").text
        assert "cost" not in told.lower().replace("/costos", "")


def test_a_target_that_cannot_be_is_told_although_its_figures_are_waited_for(
    client_as, worker, chosen
):
    answer = client_as(Role.SUPERVISOR).post(
        f"/indicadores/contact_rate/meta?{chosen}", data={"target": "cero"}
    )

    assert answer.status_code == 202
    assert "Escribe un número mayor que cero." in answer.text
    assert "/meta?" not in answer.text.partition('id="figures"')[2]


def test_the_request_itself_adds_nothing_up(client_as, worker, chosen, monkeypatch):
    forbid_sums(monkeypatch)
    desk = client_as(Role.SUPERVISOR)

    for page in ("/indicadores?", "/indicadores/cure_rate?por=zone&"):
        assert desk.get(page + chosen).status_code == 202


def test_a_question_by_name_tells_which_query(session):
    assert set(questions.CHOSEN) == {Question(one).name for one in questions.CHOSEN.values()}
