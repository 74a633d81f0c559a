"""The worker of a production: how it is started, and the sign of life that it leaves."""

from datetime import timedelta

import pytest

from collector_app import worker
from collector_app.core import clock
from collector_app.jobs.queries import workers
from collector_app.jobs.rules import SILENT_AFTER, Workers
from collector_app.jobs.services import give_sign


def test_the_worker_steps_behind_phones_and_desks_before_it_takes_a_job(app, monkeypatch):
    done = []
    monkeypatch.setattr(worker, "give_way", lambda: done.append("gives way"))
    monkeypatch.setattr(worker.jobs, "work", lambda *_, slot, **__: done.append(f"works as {slot}"))

    answer = app.test_cli_runner().invoke(worker.worker, ["--slot", "2"])

    assert answer.exit_code == 0, answer.output
    assert done == ["gives way", "works as 2"]


@pytest.fixture
def at_work(app, monkeypatch):
    """Start a worker that does its chores once, and its farewell unless it is killed."""

    def start(*, is_killed: bool):
        def work(_handlers, *, chores, farewell, **_):
            for one in (chores[0], *(() if is_killed else farewell)):
                one()

        monkeypatch.setattr(worker, "give_way", lambda: None)
        monkeypatch.setattr(worker.jobs, "work", work)
        answer = app.test_cli_runner().invoke(worker.worker, [])
        assert answer.exit_code == 0, answer.output

    return start


def test_a_worker_that_was_told_to_stop_is_known_to_be_off_at_once(session, at_work, stopped_clock):
    at_work(is_killed=False)

    assert workers(session, clock.now()) == Workers(0, clock.now())


def test_a_worker_that_was_killed_counts_as_off_after_a_minute_of_silence(
    session, at_work, stopped_clock
):
    at_work(is_killed=True)
    seen_at = clock.now()

    assert workers(session, seen_at + SILENT_AFTER - timedelta(seconds=1)) == Workers(1, seen_at)
    assert workers(session, seen_at + SILENT_AFTER) == Workers(0, seen_at)


def test_each_slot_of_each_machine_counts_once(session):
    now = clock.now()
    for machine, slot in [("a", "1"), ("a", "2"), ("b", "1"), ("a", "1")]:
        give_sign(session, machine, slot, now)
    give_sign(session, "b", "1", now, is_last=True)

    assert workers(session, now) == Workers(2, now)


def test_a_worker_that_starts_again_is_alive(session):
    now = clock.now()
    give_sign(session, "a", "1", now - timedelta(hours=1), is_last=True)
    give_sign(session, "a", "1", now)

    assert workers(session, now).alive == 1
