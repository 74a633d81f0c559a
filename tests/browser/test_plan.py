"""A dispatcher asks for a plan, stops it, asks again and publishes; a real worker does the work."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from collector_app.core import jobs
from collector_app.core.actor import Role
from collector_app.planning import queries
from tests.factories import make_client, make_user
from tests.planning.factories import CENTRE, TUESDAY, make_workday, make_zone

ROOT = Path(__file__).parents[2]
PATIENCE_MS = 60_000  # a worker takes seconds to start, more on a busy machine


@pytest.fixture
def worker(app: Flask, tmp_path: Path) -> Iterator[subprocess.Popen]:
    """`flask worker` over the database of the test, with jobs of its own.

    What it has not finished when it is killed, such as the sums that come each minute, would
    otherwise wait in the store that the tests after this one share.
    """
    jobs.keep_in(tmp_path, app.config["SQLALCHEMY_DATABASE_URI"])
    environment = {
        **os.environ,
        "COLLECTOR_ENV": "development",
        "COLLECTOR_INSTANCE": str(tmp_path),
        "COLLECTOR_TRAVEL": "haversine",
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
    }
    argv = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with subprocess.Popen(argv, cwd=ROOT, env=environment) as process:
        yield process
        process.terminate()  # it takes its own searches down with it
    jobs.close()  # the store goes with the folder; the next test says where its own is


@pytest.fixture
def cartera(session):
    """A collector with thirty clients in arrears around the centre."""
    dice = random.Random(5)
    collector = make_user(session, full_name="Ana Gestora")
    make_workday(session, collector)
    places = [[one + dice.uniform(-0.02, 0.02) for one in CENTRE] for _ in range(30)]
    make_zone(session, collector, [make_client(session, lat=a, lon=b) for a, b in places])
    session.commit()


def test_a_plan_is_stopped_asked_for_again_and_published(desk, session, cartera, worker):
    page = desk(Role.DISPATCHER)
    page.set_default_timeout(PATIENCE_MS)

    page.goto("/planes")
    page.get_by_role("button", name="Planear").click()
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    expect(page.get_by_text("En marcha")).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_timeout(1200)  # the page renews itself: the question must survive that
    page.get_by_role("button", name="Detener").click()
    page.wait_for_timeout(1200)
    page.get_by_role("button", name="Sí").click()
    expect(page.get_by_text("Se detuvo y no se guardó nada.")).to_be_visible()
    page.get_by_role("link", name="Volver").click()
    expect(page.get_by_text("Aún no hay planes para este día")).to_be_visible()

    page.get_by_label("¿Cuánto buscar?").select_option("5")
    page.get_by_role("button", name="Planear").click()
    page.wait_for_url("**/planes/*", timeout=PATIENCE_MS)
    expect(page.get_by_text("paradas fuera de la ley")).to_contain_text("0 de 30")
    expect(page.get_by_text("Tiempos aproximados")).to_be_visible()
    page.get_by_role("button", name="Publicar").click()
    page.get_by_role("button", name="Sí").click()
    expect(page.get_by_text("los gestores ya ven su ruta")).to_be_visible()

    session.rollback()
    assert queries.published_plan(session, TUESDAY) is not None
