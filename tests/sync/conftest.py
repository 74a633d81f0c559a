"""A registered phone of a collector with a route, and what it sends."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector_app.core import clock
from tests.phone.conftest import RouteOfToday, route

__all__ = ["route"]

EVENTS = "/phone/api/v1/events"


@dataclass
class Phone:
    """Tells events by its token; numbers them as a phone does."""

    client: FlaskClient
    token: str
    device: str
    seq: int = 0
    told: dict[str, object] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def event(self, body: dict, kind: str = "visit.recorded", **values: object) -> dict:
        self.seq += 1
        made_at = clock.now().isoformat()
        event = {"id": str(uuid4()), "seq": self.seq, "type": kind, "made_at": made_at}
        return {**event, "body": body, **values}

    def letter(self, *events: object, **values: object) -> dict:
        letter = {
            "sent_at": clock.now().isoformat(),
            "last_seq": self.seq,
            "pending_events": len(events),
            "pending_photos": 0,
            "installed": True,
            "build": "b1",
            "events": list(events),
        }
        return letter | values

    def post(self, letter: object, *, is_zipped: bool = False):
        data = letter if isinstance(letter, bytes) else json.dumps(letter).encode()
        headers = self.headers | {"Content-Type": "application/json"}
        if is_zipped:
            headers["Content-Encoding"], data = "gzip", gzip.compress(data)
        return self.client.post(EVENTS, data=data, headers=headers)

    def send(self, *events: object, **values: object) -> list[dict]:
        """Send events and return the answers to them."""
        answer = self.post(self.letter(*events, **values))
        assert answer.status_code == 200, answer.text
        return answer.json["answers"]

    def states(self, *events: object) -> list[str]:
        return [one["state"] for one in self.send(*events)]

    def upload(self, sha256: str, data: bytes, media_type: str = "image/jpeg"):
        headers = self.headers | {"Content-Type": media_type}
        return self.client.put(f"/phone/api/v1/evidence/{sha256}", data=data, headers=headers)


@pytest.fixture
def phone_of(app: Flask, client_as) -> Callable[..., Phone]:
    """Register a phone for a collector: ``phone_of(user)``."""

    def register(user) -> Phone:
        browser = client_as(user)
        body = {"name": "Moto G", "installed": True, "build": "b1"}
        answer = browser.post("/phone/api/v1/devices", json=body)
        assert answer.status_code == 201, answer.text
        return Phone(app.test_client(), answer.json["token"], answer.json["device"])

    return register


@pytest.fixture
def phone(session: Session, route: RouteOfToday, phone_of) -> Phone:
    return phone_of(route.collector)


def nobody_home(client_id: int, stop_id: int | None = None, **values: object) -> dict:
    now = clock.now().isoformat()
    body = {
        "client_id": client_id,
        "stop_id": stop_id,
        "started_at": now,
        "ended_at": now,
        "lat": -29.9027,
        "lon": -71.2519,
        "accuracy_m": 12,
        "no_gps_reason": None,
        "person_met": "nobody",
        "outcome": "not_home",
        "objection": None,
        "note": None,
        "promise": None,
        "payment": None,
        "appointment": None,
        "photos": [],
        "signature": None,
    }
    return body | values


def promised(client_id: int, **values: object) -> dict:
    promise = {"amount_cents": 50_000, "due_on": "2026-03-13"}
    return nobody_home(
        client_id, person_met="holder", outcome="promised", promise=promise, **values
    )


def paid(client_id: int, receipt: dict | None = None, **values: object) -> dict:
    payment = {
        "amount_cents": 35_000,
        "method": "cash",
        "reference": None,
        "receipt": receipt,
    }
    return nobody_home(
        client_id, person_met="holder", outcome="paid_in_part", payment=payment, **values
    )
