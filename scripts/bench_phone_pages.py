"""`python -m scripts.bench_phone_pages`: what the phone's pages weigh, and what axe finds on them.

Serves the demo from a folder of its own, opens every page in a real Chromium at 390 x 844 with an
empty cache, and counts the bytes of the bodies that the server sent, compressed as they were.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from collector_app.demo.people import PASSWORD
from scripts.serving import flask, home, serving

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1366, "height": 768}}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE_PAGES = (
    "/phone/",
    "/phone/mapa",
    "/phone/ruta",
    "/phone/clientes",
    "/phone/pendientes",
    "/phone/recibos",
    "/phone/guion",
    "/phone/listo",
    "/phone/cambiar",
    "/phone/manana",
    "/phone/pin",
)
OFFICE_PAGES = ("/telefonos", "/revision")
KB = 1024


class AccessLog:
    """Reads the server's log of requests from where it was read last."""

    def __init__(self, path: Path) -> None:
        """Begin at the end of the log."""
        self._path = path
        self._at = path.stat().st_size

    def kb_since(self) -> float:
        """Return what the server sent since the last call, bodies only, as compressed."""
        with self._path.open() as file:
            file.seek(self._at)
            sizes = [line.split()[-1] for line in file]
            self._at = file.tell()
        return sum(int(size) for size in sizes if size.isdigit()) / KB


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5351)
    options = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="bench-phone-pages-") as folder,
        sync_playwright() as play,
    ):
        instance = Path(folder)
        flask(instance, options.port, "db", "upgrade")
        flask(instance, options.port, "demo", "load")
        log = instance / "requests.log"
        log.touch()
        said = ("--access-logfile", str(log), "--access-logformat", "%(U)s %(B)s")
        with serving(instance, options.port, ("gunicorn", *said, "wsgi:app")):
            chrome = os.environ.get("CHROME", "/usr/bin/chromium")
            browser = play.chromium.launch(executable_path=chrome, args=FLAGS)
            _print(_pages(browser, options.port, log))
            browser.close()


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    sys.stdout.write("\n")


def _entered(browser: Browser, port: int, username: str, **screen: object) -> BrowserContext:
    """Return a fresh browser in which somebody logged in."""
    context = browser.new_context(base_url=home(port), locale="es-MX", **screen)
    page = context.new_page()
    page.goto("/entrar")
    page.get_by_label("Usuario").fill(username)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    page.wait_for_load_state()
    page.close()
    return context


def _pages(browser: Browser, port: int, log: Path) -> Iterator[str]:
    """Weigh each page alone, with all that it loads into an empty browser, and ask axe."""
    yield "| page | KB sent, all of it | axe, light | axe, dark |"
    yield "| --- | --- | --- | --- |"
    for username, screen, paths in (
        ("gestor1", PHONE, PHONE_PAGES),
        ("supervisor1", DESK, OFFICE_PAGES),
    ):
        cookies = _entered(browser, port, username, **screen).storage_state()
        for path in (
            *paths,
            *(_pages_of_a_stop(browser, port, cookies) if screen is PHONE else ()),
        ):
            faults, weight = [], 0.0
            for theme in ("light", "dark"):
                context = browser.new_context(
                    base_url=home(port),
                    storage_state=cookies,
                    color_scheme=theme,
                    service_workers="block",  # what it fetches in advance is in the cost of a day
                    locale="es-MX",
                    **screen,
                )
                page, requests = context.new_page(), AccessLog(log)
                page.goto(path, wait_until="networkidle")
                weight = requests.kb_since()
                found = Axe().run(page).response["violations"]
                faults.append(", ".join(one["id"] for one in found) or "0")
                context.close()
            yield f"| {_named(path)} | {weight:.1f} | {' | '.join(faults)} |"


def _pages_of_a_stop(browser: Browser, port: int, cookies: object) -> tuple[str, ...]:
    context = browser.new_context(
        base_url=home(port), storage_state=cookies, service_workers="block"
    )
    page = context.new_page()
    page.goto("/phone/")
    path = page.locator(".stops a").first.get_attribute("href") or ""
    context.close()
    return path, f"{path}/registrar", f"{path}/como-llegar"


def _named(path: str) -> str:
    return "/".join("N" if word.isdigit() else word for word in path.split("/"))


if __name__ == "__main__":
    main()
