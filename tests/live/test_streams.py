"""Streams of news: what they tell, how many there may be, and what they cost."""

import runpy
import threading
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from threading import BoundedSemaphore
from urllib.error import HTTPError

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from collector_app.core.actor import Role
from collector_app.web import streams
from collector_app.web.streams import Bulletin, stream

ROOT = Path(__file__).parent.parent.parent
OPEN_TABS = 30


class Versions:
    """A version that changes when told, and how often it was read."""

    def __init__(self) -> None:
        self.now, self.reads = "1", 0

    def __call__(self) -> str:
        self.reads += 1
        return self.now


@pytest.fixture
def versions() -> Versions:
    return Versions()


def bulletin_of(versions, life_s=0.2, tick_s=0.02, seats=4) -> Bulletin:
    return Bulletin(versions, tick_s, life_s, BoundedSemaphore(seats))


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def test_a_page_that_is_up_to_date_hears_nothing_but_that_the_stream_lives(versions):
    text = text_of(stream(bulletin_of(versions), seen="1"))

    assert "event: news" not in text
    assert text.startswith("retry: 1000\n\n:\n\n")


def test_a_page_that_is_behind_hears_it_once(versions):
    text = text_of(stream(bulletin_of(versions), seen="0"))

    assert text.count("id: 1\nevent: news\ndata: 1\n\n") == 1


def test_a_change_while_the_page_listens_is_told(versions):
    answer = stream(bulletin_of(versions), seen="1")
    parts = iter(answer.response)
    next(parts), next(parts)
    versions.now = "2"

    assert "id: 2\n" in "".join(parts)


def test_there_are_only_so_many_seats_and_each_is_given_back(versions):
    bulletin = bulletin_of(versions, seats=2)
    first, second = stream(bulletin, "1"), stream(bulletin, "1")

    refused = stream(bulletin, "1")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")

    first.close()  # left before it began
    text_of(second)
    second.close()
    assert [stream(bulletin, "1").status_code for _ in range(2)] == [200, 200]


def test_the_database_is_asked_once_however_many_listen(versions):
    bulletin = bulletin_of(versions, tick_s=60)

    for _ in range(20):
        bulletin.version()

    assert versions.reads == 1


def test_the_web_server_has_threads_beside_the_seats():
    settings = runpy.run_path(str(ROOT / "gunicorn.conf.py"))

    assert settings["threads"] >= streams.SEATS + 8
    assert settings["graceful_timeout"] > streams.LIFE_S


def test_with_thirty_open_tabs_pages_are_answered_and_tabs_without_a_seat_are_told(versions):
    app = Flask("tabs")
    bulletin = Bulletin(versions, 0.02, 30.0)
    app.add_url_rule("/events", view_func=lambda: stream(bulletin, "1"))
    app.add_url_rule("/page", "page", lambda: "a page")
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    address = f"http://127.0.0.1:{server.port}"
    with ExitStack() as tabs:
        answers = [status(tabs, f"{address}/events") for _ in range(OPEN_TABS)]

        assert answers.count(200) == streams.SEATS
        assert answers.count(503) == OPEN_TABS - streams.SEATS
        with urllib.request.urlopen(f"{address}/page", timeout=5) as page:  # noqa: S310
            assert page.read() == b"a page"
    server.shutdown()
    serving.join()
    server.server_close()


def status(tabs: ExitStack, address: str) -> int:
    try:
        return tabs.enter_context(urllib.request.urlopen(address, timeout=5)).status  # noqa: S310
    except HTTPError as refused:
        with refused:
            return refused.code


class Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing."""


def test_the_board_tells_of_a_fact_to_who_listens(app, client_as):
    client = client_as(Role.SUPERVISOR)

    answer = client.get("/tablero/eventos?version=old", buffered=False)

    parts = answer.response
    assert answer.mimetype == "text/event-stream"
    assert "event: news" in b"".join([next(parts), next(parts)]).decode()
    answer.close()


def test_who_is_not_of_the_office_hears_nothing(client_as):
    assert client_as(Role.COLLECTOR).get("/tablero/eventos").status_code == 403
