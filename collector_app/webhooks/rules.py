"""Which events are told, how they are signed, where they may go, and when they are sent again."""

import hashlib
import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from collector_app.core.errors import InvalidInput

SIGNATURE_HEADER = "Ruta-Signature"
REPLAY_WINDOW_S = 300  # who receives refuses what is signed longer ago
MOST_FAILURES = 12  # in a row, some 11 hours: then nobody is at home
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=2)
LONGEST_URL = 500


class WebhookEvent(StrEnum):
    """What other systems may be told of; the names are those of the log."""

    VISIT_RECORDED = "visit.recorded"
    VISIT_ANNULLED = "visit.annulled"
    PROMISE_MADE = "promise.made"
    PROMISE_CANCELLED = "promise.cancelled"
    PAYMENT_RECORDED = "payment.recorded"
    PAYMENT_ANNULLED = "payment.annulled"
    AGREEMENT_SIGNED = "agreement.signed"
    PLAN_PUBLISHED = "plan.published"
    PLAN_WITHDRAWN = "plan.withdrawn"


class DeliveryState(StrEnum):
    """How the telling of one event stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"


class WrongAddress(InvalidInput):
    """An address to which nothing may be sent."""

    code = "wrong_webhook_address"


class NoEvents(InvalidInput):
    """A webhook that is told nothing is of no use."""

    code = "no_webhook_events"


def secret_of(app_secret: str, salt: str) -> str:
    """Return the secret that a webhook shares with who receives it.

    Made of the application's own secret, so that a copy of the database signs nothing.
    """
    made = hmac.new(app_secret.encode(), f"webhook:{salt}".encode(), hashlib.sha256)
    return f"whsec_{made.hexdigest()}"


def signature(secret: str, body: bytes, at_s: int) -> str:
    """Return the header that proves who sent a body, and when (seconds since 1970).

    ``t=<seconds>,v1=<hex>``, where the hex is the HMAC-SHA256 of ``<seconds>.<body>``.
    """
    made = hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256)
    return f"t={at_s},v1={made.hexdigest()}"


def is_signed(secret: str, body: bytes, header: str, now_s: int) -> bool:
    """Tell whether a body came from us within the replay window; what a receiver does."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    stamp = parts.get("t", "")
    if not stamp.isdecimal() or abs(now_s - int(stamp)) > REPLAY_WINDOW_S:
        return False
    return hmac.compare_digest(signature(secret, body, int(stamp)), header)


@dataclass(frozen=True, slots=True)
class Example:
    """What is sent, as somebody who writes a receiver has to see it once."""

    secret: str = "secreto-de-ejemplo"  # noqa: S105 - it signs nothing but the example
    body: str = (
        '{"id":"6f0c2d3e-9f1a-4b7c-8d5e-0a1b2c3d4e5f","event":"payment.recorded",'
        '"at":"2025-11-28T15:00:00+00:00","subject":{"type":"payment","id":17}}'
    )
    at_s: int = 1_764_342_000
    name: str = SIGNATURE_HEADER
    window_s: int = REPLAY_WINDOW_S

    @property
    def header(self) -> str:
        """Return the signature of the example."""
        return signature(self.secret, self.body.encode(), self.at_s)


EXAMPLE = Example()


def checked_url(url: str, *, may_be_private: bool) -> str:
    """Return an address that may be told, without the space around it.

    Raises
    ------
    WrongAddress
        Unless it is https, with a host and nothing secret in it, or when that host is a private
        address. http is taken only where private addresses are.
    """
    told = url.strip()
    schemes = ("https", "http") if may_be_private else ("https",)
    try:
        parts = urlsplit(told)
        is_right = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_right = False
    if not is_right or len(told) > LONGEST_URL:
        raise WrongAddress("url", f"{' or '.join(schemes)}://host/path", scheme=schemes[0])
    if parts.username or parts.password:
        raise WrongAddress("url", "an address without user and password", scheme=schemes[0])
    if _is_address(parts.hostname or ""):
        chosen_address([parts.hostname or ""], may_be_private=may_be_private)
    return told


def _is_address(host: str) -> bool:
    """Tell whether this is an address itself; what a name stands for is looked up when sending."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def chosen_address(found: Iterable[str], *, may_be_private: bool) -> str:
    """Return the address to connect to, of those that a name stands for.

    Raises
    ------
    WrongAddress
        If any of them is not of the public internet: the name may be made to point at this
        machine, at its network or at the metadata of a cloud (server-side request forgery).
    """
    addresses = list(found)
    if not addresses:
        raise WrongAddress("url", "a host that has an address", scheme="https")
    if not may_be_private:
        for one in addresses:
            address = ipaddress.ip_address(one.partition("%")[0])
            mapped = getattr(address, "ipv4_mapped", None) or address
            if not mapped.is_global or mapped.is_multicast:
                raise WrongAddress("url", "a host of the public internet", scheme="https")
    return addresses[0]


def pause_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: it doubles, up to two hours."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(failures - 1, 20)
    return min(doubled, LONGEST_PAUSE)


def is_given_up(failures: int) -> bool:
    """Tell whether a webhook failed so often that it is turned off until somebody looks."""
    return failures >= MOST_FAILURES


def is_sent_now(next_try_at: datetime | None, now: datetime) -> bool:
    """Tell whether what waits may be sent."""
    return next_try_at is None or next_try_at <= now
