"""What the API offers: its scopes, its limits, the shape of each row."""

from collector_app.api.rules.access import (
    KEY_PREFIX,
    MEDIA_TYPES,
    MOST_ROWS,
    USUAL_ROWS,
    ApiKeyExpired,
    ApiKeyUnknown,
    FileFormat,
    NoScopes,
    Scope,
    ScopeMissing,
    TooManyCalls,
    key_hash,
)
from collector_app.api.rules.rows import (
    ClientOut,
    PaymentOut,
    PlanOut,
    PromiseOut,
    RouteOut,
    StopOut,
    VisitOut,
    ZoneOut,
)

__all__ = [
    "KEY_PREFIX",
    "MEDIA_TYPES",
    "MOST_ROWS",
    "USUAL_ROWS",
    "ApiKeyExpired",
    "ApiKeyUnknown",
    "ClientOut",
    "FileFormat",
    "NoScopes",
    "PaymentOut",
    "PlanOut",
    "PromiseOut",
    "RouteOut",
    "Scope",
    "ScopeMissing",
    "StopOut",
    "TooManyCalls",
    "VisitOut",
    "ZoneOut",
    "key_hash",
]
