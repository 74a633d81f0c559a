"""The examples of docs/api.md work as they stand there, with a real curl over a real connection."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from collector_app.api.writes import WRITES
from collector_app.payments.models import Payment
from collector_app.promises.models import Promise
from tests.factories import make_user

TEXT = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^( *)```sh\n(.*?)^\1```", TEXT, re.M | re.S)


class Silent(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def office(app) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, request_handler=Silent)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/api/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_example_is_answered(office, key, session, stopped_clock, tmp_path):
    make_user(session)
    session.commit()
    (settings, *calls) = [example for _indent, example in EXAMPLES]
    settings = settings.replace("https://example.org/api/v1", office).replace("ruta_...", key)
    for call in calls:
        ran = subprocess.run(
            ["bash", "-euc", settings + call.replace("curl ", "curl --silent --fail-with-body ")],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr

    assert session.scalars(select(Payment.amount_cents)).all() == [35_000]
    assert session.scalars(select(Promise.amount_cents)).all() == [50_000]
    for name in ("clients", "routes"):
        found = json.loads((tmp_path / f"{name}.geojson").read_text())
        assert found["type"] == "FeatureCollection"


def test_every_call_that_writes_is_listed_with_its_scope():
    listed = set(re.findall(r"^\| `([A-Z]+) (/\S+)` \| `(\S+)` \|", TEXT, re.M))

    assert listed == {
        (one.method, re.sub(r"<(?:int:)?(\w+)>", r"{\1}", one.path), one.scope.value)
        for one in WRITES
    }
