"""Who may read what through the API, and how much at once."""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from collector_app.core.errors import CollectorError, InvalidInput

KEY_PREFIX = "ruta_"  # lets scanners of leaked secrets know one of ours
USUAL_ROWS, MOST_ROWS = 100, 1000


class Scope(StrEnum):
    """What a key may read."""

    CLIENTS = "clients:read"
    PAYMENTS = "payments:read"
    PLANS = "plans:read"
    PROMISES = "promises:read"
    VISITS = "visits:read"
    ZONES = "zones:read"


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
    """A call for something that its key may not read."""

    code = "scope_missing"
    status = 403


class TooManyCalls(CollectorError):
    """A key calls more often than one system needs to."""

    code = "too_many_calls"
    status = 429


class NoScopes(InvalidInput):
    """A key that may read nothing is of no use."""

    code = "no_scopes"


def key_hash(key: str) -> str:
    """Return what is kept of a key; it is random, so one round of SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()
