"""Durable jobs, against a real worker process that is really killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from collector_app.core import jobs
from collector_app.core.errors import NotFound, Unavailable
from collector_app.core.jobs import JobState, JobStatus, Recurring

ROOT = Path(__file__).parents[2]


class Store(NamedTuple):
    """Where jobs are kept, and the folder where handlers leave their traces."""

    folder: Path
    url: str

    @property
    def argv(self) -> list[str]:
        module = "tests.core.handlers_for_jobs"
        return [sys.executable, "-m", module, str(self.folder), self.url]


@contextmanager
def worker(store: Store) -> Iterator[subprocess.Popen]:
    folder, argv = store.folder, store.argv
    with (folder / "log").open("w") as log, subprocess.Popen(argv, cwd=ROOT, stderr=log) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(holds: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def finished(job_id: str) -> JobStatus:
    wait_for(lambda: jobs.status(job_id).is_finished)
    return jobs.status(job_id)


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory, database_url, new_database) -> Iterator[Store]:
    """A store with a worker that stays alive for the tests of this file."""
    store = Store(tmp_path_factory.mktemp("jobs"), new_database(database_url))
    with worker(store):
        yield store


@pytest.fixture
def at_work(shared_store: Store) -> Iterator[Path]:
    jobs.keep_in(*shared_store)
    jobs.prepare()
    yield shared_store.folder
    jobs.close()


@pytest.fixture
def no_worker(tmp_path, database_url, new_database) -> Iterator[Store]:
    store = Store(tmp_path, new_database(database_url))
    jobs.keep_in(*store)
    jobs.prepare()
    yield store
    jobs.close()


def test_a_job_runs_and_its_result_is_kept(at_work):
    job_id = jobs.enqueue("count", {"to": 3, "trace": "short"}, started_by=7)

    status = finished(job_id)

    assert (status.state, status.share) == (JobState.DONE, 1.0)
    assert status.result == {"counted": 3, "next_url": "/despues"}
    assert status.started_by == 7
    assert status.arguments == {"to": 3, "trace": "short"}


def test_progress_is_seen_while_a_job_runs(at_work):
    job_id = jobs.enqueue("count", {"to": 60, "trace": "seen"})

    wait_for(lambda: jobs.status(job_id).share > 0)

    status = jobs.status(job_id)
    assert status.state == JobState.RUNNING
    assert 0 < status.share < 1
    assert status.note.endswith(" de 60")


def test_what_a_job_says_first_is_seen_at_once(at_work):
    job_id = jobs.enqueue("read", {"seconds": 3})

    wait_for(lambda: jobs.status(job_id).note == "Leyendo")

    assert jobs.status(job_id).state == JobState.RUNNING


def test_a_failure_is_told_by_its_code_and_facts(at_work):
    status = finished(jobs.enqueue("fail", {}))

    assert (status.state, status.error) == (JobState.FAILED, "invalid_input")
    assert status.error_facts == {"field": "hoja", "expected": "una columna con el saldo"}
    assert status.result is None


def test_an_unexpected_failure_gives_a_reference_that_the_log_explains(at_work):
    status = finished(jobs.enqueue("crash", {}))

    assert (status.state, status.error) == (JobState.FAILED, "internal")
    log = (at_work / "log").read_text()
    assert status.error_facts["reference"] in log
    assert "ZeroDivisionError" in log


def test_cancelling_ends_the_child_process_of_a_running_job(at_work):
    job_id = jobs.enqueue("with_child", {"trace": "child"})
    wait_for(lambda: bool(lines(at_work / "child")))
    (child,) = map(int, lines(at_work / "child"))

    jobs.cancel(job_id)

    assert jobs.status(job_id).state == JobState.CANCELLED
    wait_for(lambda: not is_alive(child), seconds=3)


def test_the_same_id_twice_is_one_job(at_work):
    jobs.enqueue("count", {"to": 1, "trace": "twice"}, job_id="plan-of-the-day")
    finished("plan-of-the-day")

    again = jobs.enqueue("count", {"to": 1, "trace": "twice"}, job_id="plan-of-the-day")

    assert again == "plan-of-the-day"
    assert jobs.status(again).state == JobState.DONE
    assert lines(at_work / "twice") == ["start", "end"]


def test_a_second_worker_in_the_same_slot_refuses_to_start(at_work, shared_store):
    argv = shared_store.argv

    second = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)

    assert second.returncode != 0
    assert "a worker with the slot '1' is running" in second.stderr


def test_a_recurring_job_comes_by_itself_once_in_its_period(no_worker):
    assert jobs.last_run("tick") is None
    for _life in range(2):  # a second worker of the same day finds the job done
        with worker(no_worker) as process:
            wait_for(lambda: (run := jobs.last_run("tick")) is not None and run.is_finished)
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)

    assert jobs.last_run("tick").result == {"ticked": True}
    assert lines(no_worker.folder / "ticks") == ["tick"]


@pytest.mark.parametrize(
    ("at", "job_id"),
    [
        (datetime(2026, 3, 10, 8, 59, tzinfo=UTC), "retention-2026-03-09T09:00"),
        (datetime(2026, 3, 10, 9, 0, tzinfo=UTC), "retention-2026-03-10T09:00"),
        (datetime(2026, 3, 11, 8, 59, tzinfo=UTC), "retention-2026-03-10T09:00"),
    ],
)
def test_a_period_lasts_until_the_next_begins(at, job_id):
    daily = Recurring("retention", timedelta(days=1), after=timedelta(hours=9))

    assert daily.job_id(at) == job_id


def test_a_queued_job_waits_and_can_be_cancelled_before_it_starts(no_worker):
    job_id = jobs.enqueue("count", {"to": 1, "trace": "never"})
    assert jobs.status(job_id).state == JobState.QUEUED

    jobs.cancel(job_id)

    assert jobs.status(job_id).state == JobState.CANCELLED


def test_jobs_ahead_are_those_put_in_before_that_are_not_finished(no_worker):
    first, second, third = (jobs.enqueue("count", {"to": 1, "trace": "x"}) for _ in range(3))
    jobs.cancel(second)

    last = jobs.status(third)
    assert jobs.ahead_of(jobs.status(first)) == 0
    assert jobs.ahead_of(replace(last, enqueued_at=last.enqueued_at + timedelta(seconds=1))) == 1


def test_a_job_that_runs_is_ahead_of_each_that_waits(no_worker):
    begun = jobs.enqueue("with_child", {"trace": "begun"})
    with worker(no_worker):
        wait_for(lambda: (run := jobs.last_run("tick")) is not None and run.is_finished)
        wait_for(lambda: jobs.status(begun).state == JobState.RUNNING)
        waiting = jobs.status(jobs.enqueue("count", {"to": 1, "trace": "y"}))
        assert jobs.ahead_of(waiting) == 1


def test_a_finished_job_is_not_cancelled_afterwards(at_work):
    job_id = jobs.enqueue("count", {"to": 1, "trace": "past"})
    finished(job_id)

    jobs.cancel(job_id)

    assert jobs.status(job_id).state == JobState.DONE


def test_an_unknown_job_is_not_found(no_worker):
    with pytest.raises(NotFound):
        jobs.status("no-such-job")


def test_a_job_whose_worker_was_killed_is_finished_once_by_the_next(no_worker):
    job_id = jobs.enqueue("count", {"to": 30, "trace": "killed"})
    with worker(no_worker) as first:
        wait_for(lambda: jobs.status(job_id).share > 0)
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert jobs.status(job_id).state == JobState.RUNNING
    assert lines(no_worker.folder / "farewell") == []

    with worker(no_worker):
        status = finished(job_id)

    assert (status.state, status.result) == (
        JobState.DONE,
        {"counted": 30, "next_url": "/despues"},
    )
    assert lines(no_worker.folder / "killed") == ["start", "start", "end"]


def test_a_worker_told_to_stop_leaves_its_job_for_the_next(no_worker):
    job_id = jobs.enqueue("with_child", {"trace": "left"})
    with worker(no_worker) as first:
        wait_for(lambda: bool(lines(no_worker.folder / "left")))

        first.send_signal(signal.SIGTERM)

        assert first.wait(timeout=5) == 0
    assert lines(no_worker.folder / "farewell") == ["gone"]
    (child,) = map(int, lines(no_worker.folder / "left"))
    assert not is_alive(child)
    assert jobs.status(job_id).state == JobState.RUNNING


def test_a_store_that_can_not_be_reached_is_told(tmp_path):
    jobs.keep_in(tmp_path, "postgresql+psycopg://nobody@127.0.0.1:1/nothing")

    with pytest.raises(Unavailable):
        jobs.enqueue("count", {})
