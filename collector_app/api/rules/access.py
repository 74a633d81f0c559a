"""Who may read and write what through the API, and how much at once."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from collector_app.core.errors import CollectorError, InvalidInput

KEY_PREFIX = "ruta_"  # lets scanners of leaked secrets know one of ours
USUAL_ROWS, MOST_ROWS = 100, 1000
MOST_BYTES = 1024 * 1024  # of the body of one call
MOST_KEY_LETTERS = 200
_CALL_KEY = re.compile(rf"[!-~]{{1,{MOST_KEY_LETTERS}}}")  # what a header carries unchanged


class Scope(StrEnum):
    """What a key may do."""

    ABSENCES = "absences:read"
    ABSENCES_WRITE = "absences:write"
    CLIENTS = "clients:read"
    CLIENTS_WRITE = "clients:write"
    PAYMENTS = "payments:read"
    PAYMENTS_WRITE = "payments:write"
    PLANS = "plans:read"
    PLANS_WRITE = "plans:write"
    PROMISES = "promises:read"
    PROMISES_WRITE = "promises:write"
    VISITS = "visits:read"
    VISITS_WRITE = "visits:write"
    ZONES = "zones:read"
    ZONES_WRITE = "zones:write"

    @property
    def writes(self) -> bool:
        """Tell whether it lets something be changed."""
        return self.value.endswith(":write")


class PlanState(StrEnum):
    """Which plans a list holds."""

    PUBLISHED = "published"  # phones see them, or saw them once
    DRAFT = "draft"
    ANY = "any"


class FileFormat(StrEnum):
    """As what a whole list can be had besides pages of JSON."""

    CSV = "csv"
    XLSX = "xlsx"
    GEOJSON = "geojson"


MEDIA_TYPES: Mapping[FileFormat, str] = MappingProxyType(
    {
        FileFormat.CSV: "text/csv",
        FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        FileFormat.GEOJSON: "application/geo+json",
    }
)


class ApiKeyUnknown(CollectorError):
    """A call without a key, or with one that was never given out or was revoked."""

    code = "api_key_unknown"
    status = 401


class ApiKeyExpired(CollectorError):
    """A call with a key whose time is over."""

    code = "api_key_expired"
    status = 401


class ScopeMissing(CollectorError):
    """A call for something that its key may not do."""

    code = "scope_missing"
    status = 403


class TooManyCalls(CollectorError):
    """A key calls more often than one system needs to."""

    code = "too_many_calls"
    status = 429


class NoScopes(InvalidInput):
    """A key that may do nothing is of no use."""

    code = "no_scopes"


class BadCall(CollectorError):
    """A body that is no JSON at all."""

    code = "bad_call"
    status = 400


class NotJson(CollectorError):
    """A body of another type than JSON."""

    code = "not_json"
    status = 415


class CallTooLarge(CollectorError):
    """A body of more bytes than a call may have."""

    code = "call_too_large"
    status = 413


class CallKeyMissing(CollectorError):
    """A call that makes something new, without the header Idempotency-Key."""

    code = "call_key_missing"
    status = 400


class CallKeyReused(CollectorError):
    """An Idempotency-Key came again with another call."""

    code = "call_key_reused"
    status = 422


class ClientsContradict(InvalidInput):
    """Clients that were told contradict one another or what is known; nothing was taken."""

    code = "clients_contradict"

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        """Keep each field with what was expected there."""
        super().__init__(*errors[0], errors=list(errors))


def check_call_key(text: str) -> None:
    """Refuse an Idempotency-Key that can't be kept.

    Raises
    ------
    InvalidInput
        Unless it is 1 to 200 visible ASCII characters.
    """
    if not _CALL_KEY.fullmatch(text):
        raise InvalidInput(
            "Idempotency-Key", f"1 to {MOST_KEY_LETTERS} visible ASCII characters, such as a uuid"
        )


def key_hash(key: str) -> str:
    """Return what is kept of a key; it is random, so one round of SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()
