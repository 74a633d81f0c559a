"""The network between phones and the office: a proxy that does to each phone what networks do.

It knows a phone by the end of its User-Agent, so that its service worker suffers too.
"""

import http.client
import random
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

API = "/phone/api/"
_OF_THE_HOP = {"connection", "keep-alive", "transfer-encoding"}
_OFFICE_PATIENCE_S = 30.0


class Weather(StrEnum):
    """What happens to the requests of a phone."""

    FAIR = "fair"
    CUT = "cut"  # the connection breaks, before the request or in the middle of it
    ANSWER_LOST = "answer lost"  # the office did what it was asked, and nobody hears of it
    BROKEN = "broken"  # 500 with a page
    PORTAL_PAGE = "portal page"  # 200 with a page of its own
    PORTAL_REDIRECT = "portal redirect"


_HTML = ("Content-Type", "text/html")
# What the network answers by itself: a status, a header and a page.
_INSTEAD = {
    Weather.BROKEN: (500, _HTML, b"<h1>Internal Server Error</h1>"),
    Weather.PORTAL_PAGE: (200, _HTML, b"<title>WiFi Plaza</title><h1>Bienvenido</h1>"),
    Weather.PORTAL_REDIRECT: (302, ("Location", "/portal"), b""),
}
_API_ALONE = {Weather.ANSWER_LOST, Weather.BROKEN}


@dataclass
class Traffic:
    """What one phone sent and received, bytes of requests and answers with their headers."""

    sent: int = 0
    received: int = 0
    calls: list[str] = field(default_factory=list)  # the paths, in their order


class Network:
    """Listens on a port of its own and hands on to the office's."""

    def __init__(self, office_port: int, dice: random.Random) -> None:
        """Begin to listen; `close` ends it."""
        self.office_port = office_port
        self.dice = dice
        self.weather: dict[str, Weather] = {}
        self.traffic: dict[str, Traffic] = {}
        network = self

        class Wire(_Wire):
            net = network

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Wire)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def of(self, phone: str, path: str) -> Weather:
        """Return what happens to a request of a phone now."""
        weather = self.weather.get(phone, Weather.FAIR)
        is_spared = weather in _API_ALONE and not path.startswith(API)
        return Weather.FAIR if is_spared else weather

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


class _Wire(BaseHTTPRequestHandler):
    """One request on its way."""

    protocol_version = "HTTP/1.1"
    net: Network
    timeout = _OFFICE_PATIENCE_S

    def _pass(self) -> None:
        phone = self.headers.get("User-Agent", "").rpartition(" ")[2]
        weather = self.net.of(phone, self.path)
        length = int(self.headers.get("Content-Length", 0))
        if weather is Weather.CUT:
            self.rfile.read(self.net.dice.randint(0, length))
            return self._break()
        body = self.rfile.read(length)
        if weather in _INSTEAD:
            status, header, page = _INSTEAD[weather]
            return self._answer(status, [header], page)
        try:
            status, headers, answer = self._ask(body)
        except (OSError, http.client.HTTPException):
            return self._break()
        self._count(phone, body, headers, answer)
        if weather is Weather.ANSWER_LOST:
            return self._break()
        return self._answer(status, headers, answer)

    do_GET = do_POST = do_PUT = do_HEAD = _pass  # noqa: N815 - as the library calls them

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        office = http.client.HTTPConnection(
            "127.0.0.1", self.net.office_port, timeout=_OFFICE_PATIENCE_S
        )
        headers = {name: value for name, value in self.headers.items() if name != "Connection"}
        try:
            office.request(self.command, self.path, body or None, headers)
            answer = office.getresponse()
            kept = [one for one in answer.getheaders() if one[0].lower() not in _OF_THE_HOP]
            return answer.status, kept, answer.read()
        finally:
            office.close()

    def _count(
        self, phone: str, body: bytes, headers: list[tuple[str, str]], answer: bytes
    ) -> None:
        traffic = self.net.traffic.setdefault(phone, Traffic())
        traffic.sent += len(self.requestline) + len(str(self.headers)) + len(body)
        traffic.received += sum(len(name) + len(value) + 4 for name, value in headers) + len(answer)
        traffic.calls.append(self.path)

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        try:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() != "content-length":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
        except OSError:  # the browser was killed meanwhile
            self.close_connection = True

    def _break(self) -> None:
        self.close_connection = True
        with suppress(OSError):  # the browser was faster
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_told: object) -> None:
        """Say nothing: what fails is seen at the end."""
