"""What the web server does with what is loaded to stay: `gunicorn.conf.py`."""

import gc
import runpy
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
OLDEST, YOUNGER = 2, 1


@pytest.fixture
def server():
    """The settings of the server, fresh."""
    return runpy.run_path(str(ROOT / "gunicorn.conf.py"))


@pytest.fixture
def frozen(monkeypatch):
    """How often what was there was taken from the garbage collector."""
    times = []
    monkeypatch.setattr(gc, "collect", lambda: times.append("looked"))
    monkeypatch.setattr(gc, "freeze", lambda: times.append("frozen"))
    return times


@pytest.fixture
def look(server, monkeypatch):
    """Let the garbage collector look for so many CPU seconds."""

    def looked(seconds, generation=OLDEST):
        passed_s = iter((5.0, 5.0 + seconds))
        monkeypatch.setattr(time, "thread_time", lambda: next(passed_s))
        for phase in ("start", "stop"):
            server["time_look"](phase, {"generation": generation})

    return looked


def answered(server):
    server["post_request"](None, None, None, None)


def test_after_a_long_look_what_is_there_is_left_alone_from_the_next_answer_on(
    server, frozen, look
):
    look(0.2)
    answered(server)
    answered(server)

    assert frozen == ["looked", "frozen"]


def test_a_short_look_changes_nothing(server, frozen, look):
    look(0.01)
    look(0.2, YOUNGER)
    answered(server)

    assert frozen == []


def test_what_leaks_cannot_hide_as_it_is_done_eight_times_alone(server, frozen, look):
    for _ in range(20):
        look(0.2)
        answered(server)

    assert frozen.count("frozen") == 8


def test_a_process_is_watched_from_its_beginning(server, monkeypatch):
    monkeypatch.setattr(gc, "callbacks", [])

    server["post_fork"](None, None)

    assert gc.callbacks == [server["time_look"]]
