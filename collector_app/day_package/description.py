"""The description of the phone's whole API: what it tells (`sync`), and the day that it fetches.

OpenAPI 3.1; docs/day-package.md says what the fields mean.
"""

from collector_app.compliance.rules import Channel
from collector_app.contacts.rules import CHANNELS
from collector_app.day_package.cursor import MOST_LETTERS
from collector_app.day_package.rules import LIVES_S, NO_WAY_S
from collector_app.planning.rules import Vehicle
from collector_app.portfolio.rules import Stage
from collector_app.schedules.rules import AgreementState
from collector_app.sync.description import openapi
from collector_app.sync.schemas import (
    Schema,
    choice,
    json_answer,
    object_of,
    or_null,
    ref,
    refused,
    text,
)

_WHOLE: Schema = {"type": "integer"}
_NUMBER: Schema = {"type": "number"}
_FLAG: Schema = {"type": "boolean"}
_EPOCH: Schema = {"type": "integer", "description": "Epoch seconds."}
_DATE: Schema = {"type": "string", "format": "date"}
_KEY: Schema = {"type": "string", "pattern": "^[0-9a-f]{8}$", "description": "Of a law text."}
_SPAN: Schema = {"type": "array", "items": _EPOCH, "minItems": 2, "maxItems": 2}
_CLOSED: Schema = {
    "type": "array",
    "prefixItems": [_EPOCH, _EPOCH, {"type": "array", "items": _KEY}],
    "minItems": 3,
    "maxItems": 3,
}
_PLACE: Schema = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
_RIDE: Schema = {"type": "integer", "minimum": 0, "maximum": NO_WAY_S}


def phone_api(server_url: str) -> Schema:
    """Return the description of all that a phone may call at a server."""
    described = openapi(server_url)
    described["paths"]["/day"] = {"get": _pull()}
    described["components"]["schemas"] |= {
        "DayPackage": _package(),
        "DayChanges": _changes(),
        "LawText": _all({"rule": text(None), "article": text(None), "sentence": text(None)}),
        "Head": _all(_head()),
        "Client": _all(_client()),
        "Stop": _all(_client() | _stop()),
    }
    return described


def _pull() -> Schema:
    told = {"oneOf": [ref("DayPackage"), ref("DayChanges")]}
    headers = {
        "ETag": {"schema": {"type": "string"}},
        "Server-Time": {"schema": {"type": "string"}, "description": "Epoch seconds."},
    }
    return {
        "operationId": "pull_day",
        "security": [{"device": [], "login": []}],  # both
        "summary": "Fetch the routes of today and tomorrow, or what changed since a cursor.",
        "parameters": [
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string", "maxLength": MOST_LETTERS},
                "description": "Of the package that the phone has. One that the office does not "
                "know gets the whole package.",
            },
            {
                "name": "If-None-Match",
                "in": "header",
                "schema": {"type": "string"},
                "description": "The ETag of the package that the phone has.",
            },
        ],
        "responses": {
            "200": json_answer("The day, or its changes.", told) | {"headers": headers},
            "304": {"description": "Nothing changed.", "headers": headers},
            **refused("400", "401", "403", "429", "503"),
        },
    }


def _all(properties: dict[str, Schema]) -> Schema:
    return object_of(properties, tuple(properties))


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _stamps(*, is_whole: bool) -> dict[str, Schema]:
    return {
        "is_whole": {"const": is_whole},
        "cursor": {"type": "string"},
        "made_at": _EPOCH,
        "expires_at": _EPOCH,
        "lives_s": {"const": LIVES_S},
        "version": {"const": 1},
        "collector": _WHOLE,
        "law_texts": {
            "type": "object",
            "propertyNames": _KEY,
            "additionalProperties": ref("LawText"),
        },
    }


def _package() -> Schema:
    lists = {
        "stops": _array(ref("Stop")),
        "extras": _array(ref("Client")),
        "matrix": _array(_array(_RIDE)),
    }
    return _all(_stamps(is_whole=True) | {"days": _array(_all(_head() | lists))})


def _changes() -> Schema:
    always = {
        "day": _DATE,
        "stops": _array(ref("Stop")),
        "stops_order": _array(_WHOLE),
        "extras": _array(ref("Client")),
        "extras_order": _array(_WHOLE),
    }
    when_changed = {"head": ref("Head"), "matrix": _array(_array(_RIDE))}
    day = object_of(always | when_changed, tuple(always))
    return _all(_stamps(is_whole=False) | {"law_order": _array(_KEY), "days": _array(day)})


def _head() -> dict[str, Schema]:
    return {
        "day": _DATE,
        "from": _EPOCH,
        "until": _EPOCH,
        "is_estimate": _FLAG,
        "vehicle": choice(Vehicle),
        "route": _WHOLE,
        "start": _PLACE,
        "end": _PLACE,
        "leaves_at": _EPOCH,
        "returns_at": _EPOCH,
        "ends_at": _EPOCH,
        "travel_cents_per_hour": _WHOLE,
        "cash": _array(_KEY),
        "words": _words(),
    }


def _words() -> Schema:
    return _array(_all({"term": text(None), "article": text(None), "pattern": or_null(text(None))}))


def _creditors() -> Schema:
    lists = {"names": _array(text(None)), "duties": _array(text(None)), "words": _words()}
    return _all(lists | {"cash": _array(_KEY), "reason": _array(_KEY)})


def _stop() -> dict[str, Schema]:
    return {"id": _WHOLE, "sequence": _WHOLE, "arrives_at": _EPOCH, "visited_at": or_null(_EPOCH)}


def _law() -> dict[str, Schema]:
    counted = {"counts": text(None), "channels": _array(choice(Channel))}
    left = _all(counted | {"most": _WHOLE, "left": _WHOLE, "text": _KEY})
    return {
        "windows": _array(_SPAN),
        "closed": _array(_CLOSED),
        "contacts_left": _array(left),
    }


def _treatment() -> Schema:
    word: Schema = {"type": "string"}
    most = {"segment": word, "percent": _WHOLE, "instalments": _WHOLE}
    return _all(most | {"script": choice(Stage), "opening": or_null(word)})


def _asked() -> Schema:
    figures = {"discount_basis": _WHOLE, "count": _WHOLE, "total_cents": _WHOLE}
    why: Schema = {"type": "string"}
    return _all({"state": choice(AgreementState), "because": or_null(why)} | figures)


def _client() -> dict[str, Schema]:
    word: Schema = {"type": "string"}
    law_or_channel = {"anyOf": [_all(_law()), word]}
    return {
        "client": _WHOLE,
        "name": text(None),
        "number": word,
        "phone": or_null(word),
        "stage": choice(Stage),
        "days_past_due": _WHOLE,
        "address": text(None),
        "lat": or_null(_NUMBER),
        "lon": or_null(_NUMBER),
        "overdue_cents": _WHOLE,
        "balance_cents": _WHOLE,
        "currency": word,
        "service_s": _WHOLE,
        "prize_cents": _WHOLE,
        **_law(),
        "remote": _all({one.value: law_or_channel for one in CHANNELS}),
        "agreed": _array(_SPAN),
        "treatment": or_null(_treatment()),
        "asked": or_null(_asked()),
        "is_banned": _FLAG,
        "promise": or_null(_all({"due_on": _DATE, "cents": _WHOLE})),
        "creditors": or_null(_creditors()),
    }
