"""Writers come one after another, in the order in which they asked, whatever becomes of them."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from collector_app.core import database
from collector_app.core.turns import NEXT, NOW, Turns
from collector_app.web import extensions
from collector_app.web.extensions import db

LONG_S = 20.0  # nobody in these tests waits so long

# Another process: says that it holds its turn, and keeps it until it is told to let go.
HOLDER = """
import sys
from pathlib import Path
from collector_app.core.turns import Turns

print("asks", flush=True)
with Turns(Path(sys.argv[1])).turn(20.0):
    print("holds", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ruta.sqlite3-turns"


@pytest.fixture
def another_process(path):
    begun = []

    def begin():
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


def comes_within(turns, seconds):
    """Tell whether a turn comes in so many seconds; lets go of it at once."""
    begun = time.monotonic()
    with turns.turn(LONG_S):
        return time.monotonic() - begun < seconds


def waits_for(condition):
    until = time.monotonic() + LONG_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.001)


def test_threads_get_their_turn_in_the_order_in_which_they_came(path):
    turns, order = Turns(path), []

    def write(name):
        with turns.turn(LONG_S):
            order.append(name)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(8)]
    with turns.turn(LONG_S):
        for n, thread in enumerate(threads, start=1):
            thread.start()
            waits_for(lambda n=n: len(turns._queue._waiting) == n)
        assert order == []
    for thread in threads:
        thread.join()

    assert order == list(range(8))


def test_no_two_threads_are_inside_at_once(path):
    turns, inside, most = Turns(path), 0, 0

    def write():
        nonlocal inside, most
        for _ in range(20):
            with turns.turn(LONG_S):
                inside += 1
                most = max(most, inside)
                time.sleep(0)  # let others in, if they can
                inside -= 1

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 1


def test_whoever_fails_gives_the_turn_back(path):
    turns = Turns(path)

    with pytest.raises(ZeroDivisionError), turns.turn(LONG_S):
        _ = 1 / 0

    assert comes_within(turns, 1.0)


def test_a_turn_that_does_not_come_in_time_is_not_waited_for(path):
    turns, has_written = Turns(path), threading.Event()

    def write():
        with turns.turn(0.01):
            has_written.set()

    with turns.turn(LONG_S):
        impatient = threading.Thread(target=write)
        impatient.start()
        impatient.join()
        assert has_written.is_set()

    assert comes_within(turns, 1.0)  # who gave up left the queue


def test_a_second_session_of_one_thread_does_not_lock_itself_out(path):
    turns = Turns(path)

    with turns.turn(LONG_S), turns.turn(0.01):
        pass

    assert comes_within(turns, 1.0)


def test_another_process_waits_for_its_turn_too(path, another_process):
    turns = Turns(path)
    other = another_process()
    assert other.stdout.readline() == "asks\n"
    assert other.stdout.readline() == "holds\n"

    begun = time.monotonic()
    with turns.turn(0.2):
        assert time.monotonic() - begun >= 0.2

    other.communicate("let go\n")
    assert comes_within(turns, 1.0)


def test_a_process_that_just_wrote_does_not_overtake_one_that_waits(path, another_process):
    turns = Turns(path)
    with turns.turn(LONG_S):
        other = another_process()
        assert other.stdout.readline() == "asks\n"
        waits_for(lambda: not turns._lock(NEXT, 0.0) or turns._unlock(NEXT))

    came = []

    def overtake():
        with turns.turn(LONG_S):
            came.append("this process")

    again = threading.Thread(target=overtake)
    again.start()
    assert other.stdout.readline() == "holds\n"
    assert came == []
    other.communicate("let go\n")
    again.join()
    assert came == ["this process"]


def test_a_killed_process_leaves_its_turn_to_the_others(path, another_process):
    other = another_process()
    assert [other.stdout.readline(), other.stdout.readline()] == ["asks\n", "holds\n"]

    other.send_signal(signal.SIGKILL)
    other.wait()

    assert comes_within(Turns(path), 1.0)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_process_neither_holds_nor_breaks_the_turn_of_its_parent(path):
    turns = Turns(path)
    with turns.turn(LONG_S):
        child = os.fork()
        if child == 0:
            waited = not turns._lock(NOW, 0.0)  # the parent's turn stands
            os._exit(0 if waited else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        child = os.fork()
        if child == 0:
            with turns.turn(LONG_S):
                os._exit(0)
        time.sleep(0.02)
        assert os.waitpid(child, os.WNOHANG) == (0, 0)  # it waits for the parent
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_writers_of_one_sqlite_file_take_turns(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 200)
    engines = [sa.create_engine(f"sqlite:///{tmp_path / 'ruta.sqlite3'}") for _ in range(2)]

    with database.turn_to_write(engines[0]):
        begun = time.monotonic()
        with database.turn_to_write(engines[1]):
            assert time.monotonic() - begun >= 0.2


@pytest.mark.parametrize("url", ["postgresql+psycopg://office/ruta", "sqlite://"])
def test_elsewhere_nobody_waits(url):
    engine = sa.create_engine(url)
    begun = time.monotonic()

    with database.turn_to_write(engine), database.turn_to_write(engine):
        assert time.monotonic() - begun < 5


def test_a_transaction_holds_its_turn_from_before_its_first_statement_to_its_end(app, monkeypatch):
    seen = []

    @contextmanager
    def noting(_engine):
        seen.append(db.session().in_transaction())
        yield
        seen.append(db.session().in_transaction())

    monkeypatch.setattr(extensions, "turn_to_write", noting)
    with app.app_context(), extensions.transaction():
        seen.append(db.session().in_transaction())

    assert seen == [False, True, False]


def test_a_transaction_that_fails_lets_the_next_one_in(app):
    with app.app_context():
        with pytest.raises(ZeroDivisionError), extensions.transaction():
            _ = 1 / 0

        begun = time.monotonic()
        with extensions.transaction():
            assert time.monotonic() - begun < 5


def test_whoever_waits_in_line_holds_no_connection(app, monkeypatch):
    """There are more threads than connections: whoever is next would wait for those behind."""
    seen = []

    @contextmanager
    def noting(_seconds):
        seen.append(db.session().in_transaction())
        yield

    monkeypatch.setattr(extensions._line, "turn", noting)
    with app.app_context():
        is_sqlite = db.engine.dialect.name == "sqlite"
        db.session().execute(sa.text("SELECT 1"))
        with extensions.in_line():
            seen.append(db.session().in_transaction())

    assert seen == ([False, False] if is_sqlite else [False])


def test_on_sqlite_one_thread_at_a_time_does_long_work(app):
    inside, most = 0, 0
    both = threading.Barrier(2)

    def work():
        nonlocal inside, most
        with app.app_context():
            both.wait()
            with extensions.in_line():
                inside += 1
                most = max(most, inside)
                time.sleep(0.3)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context():
        assert most == (1 if db.engine.dialect.name == "sqlite" else 2)
