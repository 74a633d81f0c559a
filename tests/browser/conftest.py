"""A real browser over a real server: a phone, a desk, and a watch on everything they complain of.

The server is a thread of the test's own process over the test's database, so that the stopped
clock is the server's clock too.
"""

import itertools
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    expect,
)
from playwright.sync_api import sync_playwright as start_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from collector_app.core.actor import Role
from tests.factories import PASSWORD, make_user

HERE = Path(__file__).parent
UNPACKED = HERE.parent.parent / ".venv" / "chromium" / "chromium"  # see scripts/chromium.sh
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",  # the sandbox refuses to run as root, as tests in containers do
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves this machine
]
LA_SERENA = {"latitude": -29.9027, "longitude": -71.2519, "accuracy": 12}
SPANISH = {"locale": "es-MX", "timezone_id": "America/Mexico_City"}
PHONE = {
    **SPANISH,
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
    "geolocation": LA_SERENA,
    "permissions": ["geolocation"],
}
DESK = {**SPANISH, "viewport": {"width": 1366, "height": 768}}
TABLET = {
    **SPANISH,
    "viewport": {"width": 820, "height": 1180},
    "is_mobile": True,
    "has_touch": True,
}

LogIn = Callable[..., Page]

PATIENCE_MS = 30_000  # a machine that does other work too is slow, not wrong
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # A fault shows twice. What shows once is told at the end ("rerun"), to be mended: most
            # often a test that reads a page before its script has written.
            item.add_marker(pytest.mark.flaky(reruns=1))


class Complaints:
    """What the pages of a test complained of: errors, refusals of the CSP, foreign hosts."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.heard: list[str] = []
        self.forgiven: list[str] = []

    def forgive(self, pattern: str) -> None:
        """Expect a complaint: the test provokes it, such as the 404 of a page that is not there."""
        self.forgiven.append(pattern)

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)

    def unforgiven(self) -> list[str]:
        return [one for one in self.heard if not any(re.search(p, one) for p in self.forgiven)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":  # the refusals of the CSP come this way
            self.heard.append(f"console: {message.text} at {message.location['url']}")

    def _on_error(self, error: WebError) -> None:
        self.heard.append(f"script: {error.error}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.heard.append(f"foreign host: {request.url}")


def chromium_path() -> str:
    """Return the browser that `make test` found or installed."""
    names = [os.environ.get("CHROME", ""), *NAMES, str(UNPACKED)]
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("no Chromium: run scripts/chromium.sh, or apt-get install chromium")
    return found


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Of this package alone: the event loop of Playwright disturbs tests that have their own."""
    with start_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


class _Silent(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing: what fails is seen by the browser."""


@pytest.fixture(scope="session")
def server(built_app: Flask) -> Iterator[str]:
    """The address of the application, served by a thread."""
    running = make_server("127.0.0.1", 0, built_app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.port}"
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def complaints(server: str) -> Iterator[Complaints]:
    """Fails the test for anything that a page complained of and that it did not forgive."""
    complaints = Complaints(server)
    yield complaints
    assert complaints.unforgiven() == []


@pytest.fixture
def open_page(
    app: Flask, session: Session, chromium: Browser, complaints: Complaints
) -> Iterator[Callable[..., Page]]:
    """Open a page with a screen of its own, logged in when told who."""
    opened: list[BrowserContext] = []
    app.config["WTF_CSRF_ENABLED"] = True  # as people have it

    def open_one(screen: dict[str, Any], who: object = None) -> Page:
        session.commit()
        context = chromium.new_context(base_url=complaints.address, **screen)
        context.set_default_timeout(PATIENCE_MS)
        complaints.listen(context)
        opened.append(context)
        if who is not None:
            user = make_user(session, role=who) if isinstance(who, Role) else who
            session.commit()
            log_in(context, user.username)
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()
    app.config["WTF_CSRF_ENABLED"] = False


def log_in(context: BrowserContext, username: str) -> None:
    """Log in without drawing the page; the page itself has a test of its own."""
    form = context.request.get("/entrar").text()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token, "the login page has no CSRF token"
    answer = context.request.post(
        "/entrar",
        form={"username": username, "password": PASSWORD, "csrf_token": token[1]},
        max_redirects=0,
    )
    assert answer.status in (302, 303), answer.text()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> LogIn:
    """A phone: ``phone(Role.COLLECTOR)``, ``phone(user)``, or ``phone()`` for nobody."""
    return lambda who=None: open_page(PHONE, who)


@pytest.fixture
def desk(open_page: Callable[..., Page]) -> LogIn:
    """A desk: ``desk(Role.SUPERVISOR)``, ``desk(user)``, or ``desk()`` for nobody."""
    return lambda who=None: open_page(DESK, who)


@pytest.fixture
def tablet(open_page: Callable[..., Page]) -> LogIn:
    """A tablet, which has fingers and no mouse: ``tablet(Role.SUPERVISOR)``."""
    return lambda who=None: open_page(TABLET, who)


REST_MS = 150  # before a finger lifts: a faster one flings, and its next touch only ends the fling


class Finger:
    """A finger on a page, as the browser hears of it from the screen."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._screen = page.context.new_cdp_session(page)

    def draw(self, *places: tuple[float, float], steps: int = 6) -> None:
        """Put the finger down at the first place, pull it through the others, and lift it.

        Places are (x, y) in CSS pixels of the window.
        """
        self.touch(places[0])
        for (x0, y0), (x1, y1) in itertools.pairwise(places):
            for n in range(1, steps + 1):
                self._tell("touchMove", [(x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps)])
        self._page.wait_for_timeout(REST_MS)
        self._tell("touchMove", [places[-1]])
        self._tell("touchEnd", [])

    def touch(self, *places: tuple[float, float]) -> None:
        """Put fingers down, and leave them there."""
        self._tell("touchStart", list(places))

    def cancel(self) -> None:
        """Let the system take the touch away, as when a call comes in."""
        self._tell("touchCancel", [])

    def _tell(self, kind: str, places: list[tuple[float, float]]) -> None:
        points = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(places)]
        self._screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
