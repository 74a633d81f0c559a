"""Sends one signed body to an address of the public internet, and nowhere else."""

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import httpx

from collector_app.webhooks.rules import (
    SIGNATURE_HEADER,
    WrongAddress,
    chosen_address,
    signature,
)

TIMEOUT_S = 10.0
Resolve = Callable[[str, int], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, or why nothing did."""

    status: int | None = None
    error: str | None = None


def addresses_of(host: str, port: int) -> list[str]:
    """Return the addresses that a name stands for now."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


def send(
    url: str,
    body: bytes,
    secret: str,
    at_s: int,
    *,
    may_be_private: bool,
    resolve: Resolve = addresses_of,
) -> Answer:
    """Post a body to an address, signed at a moment (seconds since 1970).

    The name is looked up once and that very address is connected to, so that a name that answers
    differently the second time gains nothing. Redirects are not followed, proxies of the
    environment not used, and the answer's body is not read.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        address = chosen_address(resolve(host, port), may_be_private=may_be_private)
    except WrongAddress:
        return Answer(error="private_address")
    except OSError:
        return Answer(error="unknown_host")
    place = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    request = httpx.Request(
        "POST",
        urlunsplit((parts.scheme, place, parts.path or "/", parts.query, "")),
        content=body,
        headers={
            "Host": parts.netloc,
            "Content-Type": "application/json",
            "User-Agent": "ruta-del-gestor",
            SIGNATURE_HEADER: signature(secret, body, at_s),
        },
        extensions={
            "sni_hostname": host,  # the certificate is checked against the name, not the address
            "timeout": httpx.Timeout(TIMEOUT_S).as_dict(),
        },
    )
    try:
        with httpx.Client(trust_env=False, follow_redirects=False) as client:
            answer = client.send(request, stream=True)
            answer.close()
    except httpx.TimeoutException:
        return Answer(error="timeout")
    except httpx.HTTPError:
        return Answer(error="no_connection")
    return Answer(status=answer.status_code)
