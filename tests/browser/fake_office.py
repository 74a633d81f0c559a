"""The office as a phone meets it on a bad day: it answers, or the network does something else.

It stores events by the rules of docs/sync-api.md: a test can say what arrived, and how often.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Route

from collector_app.sync.rules import OfficeKey, open_box

JSON = "application/json"
Answer = Callable[[Route], None]


def dead(route: Route) -> None:
    """Nobody answers: no server, or no network."""
    route.abort("connectionrefused")


def broken(route: Route) -> None:
    route.fulfill(status=500, content_type="text/html", body="<h1>Internal Server Error</h1>")


def captive_portal(route: Route) -> None:
    """A network that answers everything with a page of its own, and with success."""
    route.fulfill(status=200, content_type="text/html", body="<h1>Bienvenido a WiFi Plaza</h1>")


def nothing_wrong(route: Route) -> None:
    """Stands in a list of faults where one request shall be answered."""


@dataclass
class FakeOffice:
    """What arrived, and a list of what to do instead of answering."""

    keys: Sequence[OfficeKey]  # that open what phones seal
    faults: list[Answer] = field(default_factory=list)  # of the next requests, then none
    always: Answer | None = None  # until it is taken away
    stored: dict[str, str] = field(default_factory=dict)  # canonical bytes by id
    events: list[dict[str, Any]] = field(default_factory=list)  # in the order of arrival, once each
    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)  # of types, instead of ours
    photos: dict[str, bytes] = field(default_factory=dict)
    letters: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    lost: list[list[int]] = field(default_factory=list)  # runs of numbers to ask for once more
    folios: dict[str, Any] | None = None  # what it says that it heard of
    deaf: bool = False  # stores, and the answer is lost

    def listen(self, context: BrowserContext) -> None:
        context.route("**/phone/api/v1/**", self._hear)

    def bodies(self, kind: str = "visit.recorded") -> list[dict[str, Any]]:
        return [one["body"] for one in self.events if one["type"] == kind]

    def _hear(self, route: Route) -> None:
        if route.request.method == "GET":  # the day package is the real office's
            return route.fallback()
        fault = self.always or (self.faults.pop(0) if self.faults else None)
        if fault and fault is not nothing_wrong:
            return fault(route)
        path = route.request.url.split("/phone/api/v1/")[1]
        status, answer = self._answer(route, path)
        if self.deaf:
            return dead(route)
        return route.fulfill(status=status, content_type=JSON, body=json.dumps(answer))

    def _answer(self, route: Route, path: str) -> tuple[int, dict[str, Any]]:
        request = route.request
        if path == "devices":
            told = route.fetch().json()  # the real office knows the phone too: it answers the day
            self.tokens.append(told["token"])
            return 201, told
        if request.headers.get("authorization", "")[len("Bearer ") :] not in self.tokens:
            return 401, {"code": "device_unknown"}
        data = request.post_data_buffer or b""
        if path.startswith("evidence/"):
            sha256 = path.split("/")[1]
            assert request.headers["content-type"] == "application/octet-stream"  # a box
            photo = open_box(data, self.keys, sha256)
            assert hashlib.sha256(photo).hexdigest() == sha256
            self.photos[sha256] = photo
            return 201, {"sha256": sha256}
        if request.headers.get("content-encoding") == "gzip":
            data = gzip.decompress(data)
        letter = json.loads(data)
        self.letters.append(letter)
        answers = [self._store(one) for one in letter["events"]]
        lost, self.lost = self.lost, []
        told = {"answers": answers, "wipe": False, "lost": lost, "missing": []}
        return 200, told | ({"folios": self.folios} if self.folios else {})

    def _store(self, event: dict[str, Any]) -> dict[str, Any]:
        told = json.dumps({key: event[key] for key in ("type", "made_at", "body")}, sort_keys=True)
        known = self.stored.setdefault(event["id"], told)
        if known != told:
            return {"id": event["id"], "state": "conflict"}
        is_new = all(one["id"] != event["id"] for one in self.events)
        if is_new:
            self.events.append(event)
        body = event["body"]
        evidence = [*body.get("photos", []), *filter(None, [body.get("signature")])]
        asked = [one["sha256"] for one in evidence]
        answer = {
            "id": event["id"],
            "state": "applied" if is_new else "duplicate",
            "missing": [one for one in asked if one not in self.photos],
        }
        return answer | self.verdicts.get(event["type"], {})
