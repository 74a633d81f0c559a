"""The page of a job: what people see while it waits, runs, fails or ends."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collector_app.core import clock, jobs
from collector_app.core.actor import Role
from collector_app.core.jobs import JobState, JobStatus
from collector_app.jobs.rules import SILENT_AFTER
from collector_app.jobs.services import give_sign
from collector_app.jobs.views import show
from collector_app.web.filters import hora
from tests.factories import make_user


@pytest.fixture
def status(stopped_clock) -> JobStatus:
    return JobStatus(
        job_id="j1",
        kind="plan_day",
        state=JobState.RUNNING,
        share=0.4,
        note="Buscando rutas",
        result=None,
        error=None,
        enqueued_at=clock.now() - timedelta(seconds=30),
        reported_at=clock.now() - timedelta(seconds=1),
        arguments={"title": "Plan del martes", "back_url": "/planes"},
    )


@pytest.fixture
def page(app, session):
    def render(status: JobStatus, *, is_fragment: bool = True):
        with app.test_request_context("/trabajos/j1"):
            return show(status, is_fragment=is_fragment)

    return render


def test_a_running_job_shows_its_share_and_asks_again(page, status):
    html = page(status)

    assert 'value="40"' in html
    assert "Buscando rutas" in html
    assert 'hx-trigger="every 1s"' in html
    assert "Detener" not in html  # stays where it is, or its question would be swapped away


def test_a_job_that_has_begun_waits_for_no_turn(page, status):
    begun, queued = (
        page(replace(status, state=state, share=0.0, note=""))
        for state in (JobState.RUNNING, JobState.QUEUED)
    )

    assert "En espera de turno" in queued
    assert "En espera de turno" not in begun
    assert "Empieza" in begun


def test_a_failed_job_says_what_to_do_and_stops_asking(page, status):
    facts = {"reference": "ab12cd34"}
    html = page(replace(status, state=JobState.FAILED, error="internal", error_facts=facts))

    assert "ab12cd34" in html
    assert "hx-trigger" not in html
    assert 'href="/planes"' in html
    assert '<div id="job-stop" hx-swap-oob="true"></div>' in html


def test_a_finished_job_leads_to_its_result(page, status):
    done = replace(status, state=JobState.DONE, result={"next_url": "/planes/7"})

    assert page(done, is_fragment=False).location == "/planes/7"
    assert page(done, is_fragment=True).headers["HX-Redirect"] == "/planes/7"


@pytest.fixture
def queued(status) -> JobStatus:
    return replace(status, state=JobState.QUEUED, reported_at=None)


def test_a_job_that_nobody_will_take_says_since_when_and_how_to_start_a_worker(
    page, session, queued, stopped_clock
):
    give_sign(session, "casa", "1", clock.now() - timedelta(minutes=61))
    seen_at = hora(clock.now() - timedelta(minutes=61))

    html = page(queued)

    assert "No hay trabajador en marcha desde el" in html
    assert f"a las {seen_at}" in html
    assert "flask --app wsgi worker" in html
    assert "ocupado" not in html


def test_a_company_that_never_had_a_worker_is_told_how_to_start_one(page, queued):
    html = page(queued)

    assert "No hay trabajador en marcha todavía" in html
    assert "flask --app wsgi worker" in html


def test_a_job_begun_by_a_worker_that_was_killed_says_that_it_begins_again(page, session, status):
    give_sign(session, "casa", "1", clock.now() - SILENT_AFTER)

    html = page(status)

    assert "se apagó a medio trabajo" in html
    assert "vuelve a empezar solo" in html


def a_second_later(job_id: str) -> datetime:
    """Return when a job was put in as if it had come after all of its second."""
    return jobs.status(job_id).enqueued_at + timedelta(seconds=1)


def test_a_job_behind_others_says_how_many(page, session, queued):
    give_sign(session, "casa", "1", clock.now())
    of_other_tests = jobs.ahead_of(replace(queued, enqueued_at=datetime(2100, 1, 1, tzinfo=UTC)))
    first, *_others, mine = [jobs.enqueue("plan_day", {}) for _ in range(4)]
    jobs.cancel(first)
    waiting = replace(queued, job_id=mine, enqueued_at=a_second_later(mine))

    html = page(waiting)

    assert f"El trabajador está ocupado: {of_other_tests + 2} trabajos delante." in html
    assert "en marcha" not in html


def test_a_job_that_a_worker_is_about_to_take_says_nothing_of_workers(page, session, queued):
    give_sign(session, "casa", "1", clock.now())

    html = page(replace(queued, enqueued_at=clock.now() - timedelta(seconds=19)))

    assert "trabajador" not in html


@pytest.mark.parametrize(("silent_s", "is_said"), [(119, False), (121, True)])
def test_a_running_job_that_falls_silent_says_so(page, session, status, silent_s, is_said):
    give_sign(session, "casa", "1", clock.now())
    silent = replace(status, reported_at=clock.now() - timedelta(seconds=silent_s))

    html = page(silent)

    assert ("Hace más de 2 minutos que no hay noticias" in html) == is_said


def test_a_supervisor_sees_only_the_jobs_they_started(client_as, session):
    own = make_user(session, Role.SUPERVISOR)
    job_id = jobs.enqueue("plan_day", {}, started_by=own.id)

    assert client_as(own).get(f"/trabajos/{job_id}").status_code == 200
    assert client_as(Role.SUPERVISOR).get(f"/trabajos/{job_id}").status_code == 404
    assert client_as(Role.DISPATCHER).get(f"/trabajos/{job_id}").status_code == 200
    assert client_as(Role.COLLECTOR).get(f"/trabajos/{job_id}").status_code == 403


def test_stopping_a_job_shows_it_stopped(client_as):
    job_id = jobs.enqueue("plan_day", {})
    client = client_as(Role.DISPATCHER)

    answer = client.post(f"/trabajos/{job_id}/cancelar", follow_redirects=True)

    assert "Detenido" in answer.text
    assert jobs.status(job_id).state == JobState.CANCELLED


def test_a_search_can_be_ended_with_the_best_that_it_has(client_as):
    job_id = jobs.enqueue("plan_day", {"ends_early": True})
    client = client_as(Role.DISPATCHER)
    assert "Terminar ya con lo mejor" in client.get(f"/trabajos/{job_id}").text

    answer = client.post(f"/trabajos/{job_id}/terminar", follow_redirects=True)

    assert jobs.early_end(job_id)()
    assert "Termina con lo mejor que lleva" in answer.text
    assert "Terminar ya con lo mejor" not in answer.text


def test_work_that_has_nothing_to_keep_offers_no_early_end(client_as):
    job_id = jobs.enqueue("import_apply", {})

    assert "Terminar ya" not in client_as(Role.DISPATCHER).get(f"/trabajos/{job_id}").text
    assert not jobs.early_end(job_id)()


def test_nobody_ends_the_search_of_another_supervisor(client_as):
    job_id = jobs.enqueue("plan_day", {"ends_early": True}, started_by=-1)

    answer = client_as(Role.SUPERVISOR).post(f"/trabajos/{job_id}/terminar")

    assert answer.status_code == 404
    assert not jobs.early_end(job_id)()


def test_an_unknown_job_is_not_found(client_as):
    assert client_as(Role.ADMIN).get("/trabajos/nada").status_code == 404
