"""How long repairing a day takes through HTTP: a preview, applying it, and taking it back.

A real server process on a folder of its own: the demo city with a larger cartera, one route for
each of 20 collectors on the streets, published. On each route a stop in the middle is cancelled.
Milliseconds are CPU of the server and wall time of the whole answer; the first of each kind,
which loads the streets, is told apart.

    python -m scripts.bench_repairs [--routes 20] [--clients 3200] [--folder DIR] [--json]
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import httpx
import numpy as np

from collector_app.accounts.services.people import PersonData, create_person
from collector_app.app import create_app
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.demo.load import (
    DemoPlace,
    DemoScale,
    is_loaded,
    load_company,
    prepare_city,
    publish_today,
)
from collector_app.planning.queries import published_plan, routes_of_plan, workdays
from collector_app.planning.services import set_workday
from collector_app.studio.proposing import ProposalWish, draw_proposal
from collector_app.studio.rules import DivideAll
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.zones.services import accept_proposal, record_proposal
from config import DevConfig
from scripts.serving import cpu_s, csrf_token, flask, logged_in, serving

PORT = 5986
DAYS_BACK, SEARCH_S, SEED = 7, 20.0, 1
SYSTEM = Actor.system("bench")
DISPATCHER = "despacho1"


class Took(NamedTuple):
    """One request: wall and CPU of the server, milliseconds."""

    wall_ms: float
    cpu_ms: float


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="time of repairing a day through HTTP")
    parser.add_argument("--routes", type=int, default=20)
    parser.add_argument("--clients", type=int, default=3_200)
    parser.add_argument("--folder", type=Path, help="keeps the loaded company for the next run")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with _folder(options.folder) as folder:
        flask(folder, options.port, "db", "upgrade")
        clients = prepared(folder, options.routes, options.clients)
        os.environ["WEB_CONCURRENCY"] = "1"
        with serving(folder, options.port, ("gunicorn", "wsgi:app")) as server:
            browser = logged_in(options.port, DISPATCHER)
            rounds = [repaired(browser, server.pid, one) for one in clients]
    result = {"routes": len(clients), **_figures(rounds)}
    if options.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        for name, value in result.items():
            sys.stdout.write(f"{name:22} {value}\n")
    return 0


def prepared(instance: Path, routes: int, clients: int) -> list[int]:
    """Load the company once, publish today's routes; return a client in the middle of each."""
    os.environ["COLLECTOR_INSTANCE"] = str(instance)
    app = create_app(DevConfig())
    with app.app_context():
        zone = local_zone()
        scale = DemoScale(clients, DAYS_BACK, SEARCH_S)
        place = DemoPlace(instance, zone, clock.today(zone), scale)
        tell = lambda _share, _note: None  # noqa: E731
        prepare_city(place, tell)
        if not is_loaded(db.session()):
            db.session().rollback()
            load_company(place, tell)
            _hire(routes, place)
        publish_today(place, tell)
        session = db.session()
        plan = published_plan(session, place.today)
        assert plan is not None  # noqa: S101 - published above
        found = routes_of_plan(session, plan.id)
        db.engine.dispose()
        return [one.stops[len(one.stops) // 2].client_id for one in found]


def _hire(routes: int, place: DemoPlace) -> None:
    """Hire collectors until there are as many as routes, and divide the city among them."""
    with transaction() as session:
        first = workdays(session)[0]
        for number in range(len(workdays(session)) + 1, routes + 1):
            person = PersonData(full_name=f"Gestor {number}", role=Role.COLLECTOR)
            user, _password = create_person(session, SYSTEM, f"bench{number}", person)
            session.flush()
            set_workday(session, SYSTEM, replace(first, collector_id=user.id))
        everybody = [one.collector_id for one in workdays(session)]
        wish = ProposalWish(DivideAll(len(everybody)), seed=SEED)
        proposal = record_proposal(
            session, SYSTEM, draw_proposal(session, wish, place.today, place.zone)
        )
        accept_proposal(session, SYSTEM, proposal.id, place.today, dict(enumerate(everybody)))


def repaired(browser: httpx.Client, server: int, client_id: int) -> dict[str, Took]:
    """Cancel one visit, look, apply and take it back; return what each step took."""
    change = {"cambio": "cancelled", "cliente": str(client_id)}
    took = {}
    with _timed(server) as preview:
        page = browser.get("/reparar", params={**change, "ver": "1"}).raise_for_status().text
    took["preview"] = preview[0]
    print_ = re.search(r'name="huella" value="([^"]+)"', page)
    assert print_  # noqa: S101 - the preview can be applied
    token = {"csrf_token": csrf_token(page)}
    with _timed(server) as applying:
        answer = browser.post(
            "/reparar", data={**change, **token, "huella": print_[1]}, follow_redirects=False
        )
    took["apply"] = applying[0]
    with _timed(server) as undoing:
        undone = browser.post("/reparar/deshacer", data=token, follow_redirects=False)
    took["undo"] = undoing[0]
    if (answer.status_code, undone.status_code) != (303, 303):
        raise SystemExit(f"a repair was refused: {answer.status_code}, {undone.status_code}")
    return took


@contextmanager
def _timed(server: int) -> Iterator[list[Took]]:
    """Measure one request."""
    found: list[Took] = []
    cpu, wall = cpu_s(server), time.perf_counter()
    yield found
    taken_s = time.perf_counter() - wall
    found.append(Took(1000 * taken_s, 1000 * (cpu_s(server) - cpu)))


def _figures(rounds: list[dict[str, Took]]) -> dict[str, float]:
    figures = {}
    for step in rounds[0]:
        first, *others = (one[step] for one in rounds)
        figures[f"{step}_first_ms"] = round(first.wall_ms, 1)
        for name in Took._fields:
            values = [getattr(one, name) for one in others]
            figures[f"{step}_p50_{name}"] = round(float(np.median(values)), 1)
            figures[f"{step}_p95_{name}"] = round(float(np.percentile(values, 95)), 1)
    return figures


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
