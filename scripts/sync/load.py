"""Many phones that send at once, and how long each of them waited."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import cycle
from uuid import uuid4

import msgspec

# Of a hundred visits of the demo's collectors so many end in a promise and in money.
PROMISES, PAYMENTS = 15, 5


@dataclass
class Phone:
    """A registered phone; ``stops`` are those of its collector, with their clients.

    ``letters`` are requests that it wrote before anybody looked at the clock: writing them is the
    work of phones, which have processors of their own.
    """

    token: str
    stops: Iterator[tuple[int, int]]
    seq: int = 0
    letters: deque[bytes] = field(default_factory=deque)

    @classmethod
    def with_route(cls, token: str, stops: list[tuple[int, int]]) -> "Phone":
        """Return a phone that goes round its route again and again."""
        return cls(token, cycle(stops))

    def write_ahead(self, letters: int, count: int) -> None:
        """Write so many requests of so many events each."""
        self.letters = deque(self.letter(count) for _ in range(letters))

    def next_letter(self, count: int) -> bytes:
        """Return the next request that was written ahead, or write one now."""
        return self.letters.popleft() if self.letters else self.letter(count)

    def letter(self, count: int) -> bytes:
        """Return a request with so many new events."""
        events = [self._event(n) for n in range(count)]
        told = {
            "sent_at": _now(),
            "last_seq": self.seq,
            "pending_events": count,
            "pending_photos": 0,
            "installed": True,
            "build": "bench",
            "events": events,
        }
        return msgspec.json.encode(told)

    def _event(self, n: int) -> dict[str, object]:
        self.seq += 1
        body = visit(*next(self.stops))
        if n % 100 < PROMISES:
            due_on = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
            promise = {"amount_cents": 50_000, "due_on": due_on}
            body |= {"person_met": "holder", "outcome": "promised", "promise": promise}
        elif n % 100 < PROMISES + PAYMENTS:
            payment = {"amount_cents": 100, "method": "cash", "reference": None}
            body |= {"person_met": "holder", "outcome": "paid_in_part", "payment": payment}
        return {
            "id": str(uuid4()),
            "seq": self.seq,
            "type": "visit.recorded",
            "made_at": _now(),
            "body": body,
        }


def visit(stop_id: int, client_id: int) -> dict[str, object]:
    """Return the body of a visit at which nobody was home."""
    return {
        "client_id": client_id,
        "stop_id": stop_id,
        "started_at": _now(),
        "ended_at": _now(),
        "lat": -29.9027,
        "lon": -71.2519,
        "accuracy_m": 12,
        "person_met": "nobody",
        "outcome": "not_home",
        "photos": [],
    }


@dataclass
class Sent:
    """What came of many requests; waits in milliseconds, of the whole answer."""

    events: int = 0
    wall_s: float = 0.0
    waits_ms: list[float] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)  # answers other than 2xx, by status
    cpu_s: float = 0.0  # of this process: what sending and reading took from the server

    @property
    def per_second(self) -> float:
        """Return the events that were acknowledged in a second."""
        return self.events / self.wall_s if self.wall_s else 0.0

    def percentile_ms(self, part: float) -> float:
        """Return the wait that this part of the requests did not exceed (nearest rank)."""
        waits = sorted(self.waits_ms)
        return waits[max(0, math.ceil(part * len(waits)) - 1)] if waits else math.nan


# Returns the status, and how many events are acknowledged.
Send = Callable[[HTTPConnection, Phone], tuple[int, int]]


def send_for(
    port: int, phones: list[Phone], send: Send, seconds: float, *, pause_s: float = 0.0
) -> Sent:
    """Let all phones send for a time, each in a thread of its own, one request after the other.

    Parameters
    ----------
    pause_s : float
        From the start of a request of a phone to that of its next; 0: as soon as it is answered.
        Phones begin spread over this time.
    """
    sent, lock = Sent(), threading.Lock()
    start, cpu_before_s = time.perf_counter(), time.process_time()

    def run(phone: Phone, first_s: float) -> None:
        due = start + first_s
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as client:
            while due < start + seconds:
                time.sleep(max(0.0, due - time.perf_counter()))
                before = time.perf_counter()
                status, events = send(client, phone)
                now = time.perf_counter()
                with lock:
                    sent.waits_ms.append((now - before) * 1000)
                    sent.events += events
                    if status >= 300:
                        sent.refused[status] = sent.refused.get(status, 0) + 1
                due = max(due + pause_s, now)

    threads = [
        threading.Thread(target=run, args=(phone, n * pause_s / len(phones)))
        for n, phone in enumerate(phones)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent.wall_s = time.perf_counter() - start
    sent.cpu_s = time.process_time() - cpu_before_s
    return sent


def push(batch: int) -> Send:
    """Return how a phone of ours sends: a batch in each request, by its token."""

    def send(client: HTTPConnection, phone: Phone) -> tuple[int, int]:
        headers = {
            "Authorization": f"Bearer {phone.token}",
            "Content-Type": "application/json",
        }
        client.request("POST", "/phone/api/v1/events", phone.next_letter(batch), headers)
        answer = client.getresponse()
        told = answer.read()
        if answer.status != HTTPStatus.OK:
            return answer.status, 0
        states = [one["state"] for one in msgspec.json.decode(told)["answers"]]
        return answer.status, states.count("applied")

    return send


def _now() -> str:
    return datetime.now(UTC).isoformat()
