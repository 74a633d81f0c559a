"""A collector's phone: a browser with a profile on the disk, which can be killed and copied."""

import os
import random
import shutil
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Page

from collector_app.demo.people import PASSWORD
from scripts.phone_proof.ledger import Ledger

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
)
INSIDE = (Path(__file__).parent / "inside.js").read_text()
PENDING = "/phone/pendientes"
_SCREEN = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
_SPANISH = {"locale": "es-MX", "timezone_id": "America/Mexico_City"}
_DAY_MS = 24 * 3600 * 1000
# A phone whose clock is wrong by so many milliseconds.
_CLOCK = """{
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...told) { told.length ? super(...told) : super(Real.now() + %d); }
    static now() { return Real.now() + %d; }
  };
}"""
# So many visits of a hundred end in a promise and in money, as in scripts/sync/load.py.
_PROMISES, _PAYMENTS = 15, 5

Visit = dict[str, Any]


@dataclass(frozen=True)
class Maker:
    """Starts browsers that reach the office through one address, and tell one ledger."""

    browser: BrowserType
    executable: str
    address: str
    ledger: Ledger


@dataclass
class Phone:
    """A phone; ``stops`` are those of its collector, with their clients."""

    name: str
    username: str
    stops: Sequence[tuple[int, int]]
    profile: Path
    maker: Maker
    dice: random.Random
    context: BrowserContext | None = field(default=None, repr=False)
    person: str = ""
    _made: int = 0

    @property
    def page(self) -> Page:
        """Return the tab that the person looks at."""
        assert self.context is not None  # noqa: S101 - it was opened
        return self.context.pages[-1]

    def open(self) -> None:
        """Start the browser, log in where nobody is, and wait until the page works."""
        self.context = self.maker.browser.launch_persistent_context(
            self.profile,
            executable_path=self.maker.executable,
            args=[*FLAGS, f"--user-agent=Mozilla/5.0 Chrome {self.name}"],
            base_url=self.maker.address,
            **_SCREEN,
            **_SPANISH,
        )
        self.context.set_default_timeout(30_000)
        ledger = self.maker.ledger
        self.context.expose_function("said", ledger.hear)
        self.context.expose_function("full", ledger.hear_refusal)
        self.show()

    def show(self, page: Page | None = None) -> None:
        """Open the list of what waits, in a tab or in the one that there is."""
        page = page or self.page
        page.goto(PENDING)
        if page.url.endswith("/entrar") or "/entrar?" in page.url:
            page.fill("[name=username]", self.username)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url("**/phone/**")
            page.evaluate("navigator.serviceWorker.ready.then(() => null)")
            page.goto(PENDING)
        self.person = page.locator("body").get_attribute("data-user") or self.person
        page.evaluate(INSIDE)
        page.evaluate("proof.load().then(() => null)")

    def tab_with_clock(self, days_off: int) -> Page:
        """Open another tab, for which it is another day."""
        assert self.context is not None  # noqa: S101 - it was opened
        tab = self.context.new_page()
        off = days_off * _DAY_MS
        tab.add_init_script(_CLOCK % (off, off))
        self.show(tab)
        return tab

    def record(
        self,
        count: int,
        page: Page | None = None,
        *,
        is_awaited: bool = True,
        has_photos: bool = True,
    ) -> None:
        """Save so many visits, one after the other; not awaited, the caller goes on meanwhile."""
        call = "([person, visits]) => proof.record(person, visits)"
        if not is_awaited:
            call = "([person, visits]) => { proof.record(person, visits); }"
        visits = [self._visit() | {"has_photo": has_photos} for _ in range(count)]
        (page or self.page).evaluate(call, [self.person, visits])

    def send(self, page: Page | None = None, *, is_awaited: bool = True) -> str | None:
        """Send what waits; returns why it did not go."""
        call = "proof.send" if is_awaited else "(person) => { proof.send(person); }"
        why: str | None = (page or self.page).evaluate(call, self.person)
        return why

    def stores(self) -> dict[str, Any]:
        """Return the events and photos that lie on the phone, with their states."""
        found: dict[str, Any] = self.page.evaluate("proof.stores()")
        return found

    def put_away(self) -> None:
        """Close the browser as people do."""
        if self.context is not None:
            self.context.close()
            self.context = None

    def kill(self) -> None:
        """Kill every process of the browser at once."""
        for pid in self._processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()
        self.context = None

    def copied(self, name: str) -> "Phone":
        """Return a phone on a copy of everything that lies on this one, which is put away first."""
        self.put_away()
        profile = self.profile.with_name(name)
        shutil.copytree(self.profile, profile, ignore=shutil.ignore_patterns("Singleton*"))
        return Phone(name, self.username, self.stops, profile, self.maker, self.dice)

    def _processes(self) -> list[int]:
        mine = f"--user-data-dir={self.profile}"
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = entry.read_bytes().decode(errors="replace").split("\0")
            except OSError:  # it ended meanwhile
                continue
            if mine in words:
                found.append(int(entry.parent.name))
        return found

    def _visit(self) -> Visit:
        """Return a visit that no other is like, to be saved by `inside.js`."""
        self._made += 1
        stop_id, client_id = self.stops[self._made % len(self.stops)]
        body: Visit = {
            "client_id": client_id,
            "stop_id": stop_id,
            "lat": -29.9027,
            "lon": -71.2519,
            "accuracy_m": 12,
            "no_gps_reason": None,
            "person_met": "nobody",
            "outcome": "not_home",
            "objection": None,
            "promise": None,
            "payment": None,
            "appointment": None,
        }
        what = self._made % 20
        if what < _PROMISES // 5:
            due_on = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
            promise = {"amount_cents": 50_000, "due_on": due_on}
            body |= {"person_met": "holder", "outcome": "promised", "promise": promise}
        elif what < (_PROMISES + _PAYMENTS) // 5:
            payment = {"amount_cents": 100 + self._made, "method": "cash", "reference": None}
            body |= {"person_met": "holder", "outcome": "paid_in_part", "payment": payment}
        return {"body": body, "mark": f"{self.name} visita {self._made}"}
