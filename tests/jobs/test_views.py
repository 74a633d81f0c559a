"""The page of a job: what people see while it waits, runs, fails or ends."""

from dataclasses import replace
from datetime import timedelta

import pytest

from collector_app.core import clock, jobs
from collector_app.core.actor import Role
from collector_app.core.jobs import JobState, JobStatus
from collector_app.jobs.views import show
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
def page(app):
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


@pytest.mark.parametrize(
    ("waited_s", "is_said"), [(19, False), (21, True)], ids=["just queued", "queued for long"]
)
def test_a_job_that_waits_says_that_the_worker_is_busy_or_off(page, status, waited_s, is_said):
    queued = replace(
        status,
        state=JobState.QUEUED,
        enqueued_at=clock.now() - timedelta(seconds=waited_s),
        reported_at=None,
    )

    html = page(queued)
    assert ("está ocupado con otros, o apagado" in html) == is_said
    assert "no hay noticias" not in html


@pytest.mark.parametrize(("silent_s", "is_said"), [(119, False), (121, True)])
def test_a_running_job_that_falls_silent_says_so(page, status, silent_s, is_said):
    silent = replace(status, reported_at=clock.now() - timedelta(seconds=silent_s))

    html = page(silent)
    assert ("Hace más de 2 minutos que no hay noticias" in html) == is_said
    assert "sigue en espera" not in html


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
