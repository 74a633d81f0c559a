"""The description of the phone's API, OpenAPI 3.1; docs/sync-api.md says what it means."""

from collections.abc import Mapping
from typing import Any

from collector_app.doors.rules import MOST_CENTS
from collector_app.payments.rules import PaymentMethod
from collector_app.sync.rules import (
    MOST_BYTES,
    MOST_EVENTS,
    MOST_PHOTO_BYTES,
    MOST_PHOTOS,
    MOST_RUNS,
    MOST_SEQ,
    AnswerState,
    ReorderCause,
    SyncEventKind,
)
from collector_app.visits.rules import Objection, Outcome, PersonMet

VERSION = "1.0.0"
Schema = dict[str, Any]

_REFUSALS = {
    "401": "No token, or none of ours: register anew; the queue stays.",
    "403": "The phone was shut out, or this person may not do that.",
    "415": "The body is of another type.",
    "422": "The body can't be read; `field` and `expected` name the place.",
    "429": "Too many calls; see Retry-After.",
    "503": "The database is busy or away; see Retry-After and send the same again.",
}
_INSTANT: Schema = {"type": "string", "format": "date-time", "maxLength": 40}
_UUID: Schema = {"type": "string", "format": "uuid"}
_COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": MOST_SEQ}
_ID: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_SEQ}
_HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def openapi(server_url: str) -> Schema:
    """Return the description of the API at a server."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "La ruta del gestor: phones",
            "version": VERSION,
            "description": f"Bodies of JSON hold at most {MOST_BYTES} bytes, also when they come "
            "as Content-Encoding: gzip and are opened. Money is whole cents, instants name their "
            "zone.",
        },
        "servers": [{"url": server_url}],
        "security": [{"device": []}],
        "paths": {
            "/devices": {"post": _registration()},
            "/events": {"post": _push()},
            "/evidence/{sha256}": {"put": _upload()},
        },
        "components": {
            "securitySchemes": {
                "device": {"type": "http", "scheme": "bearer"},
                "login": {"type": "apiKey", "in": "cookie", "name": "session"},
            },
            "schemas": {
                "Report": _report(),
                "Event": _event(),
                "VisitRecorded": _visit(),
                "VisitAnnulled": _object(
                    {"visit": _text(40), "reason": _text(200)}, ("visit", "reason")
                ),
                "RouteReordered": _reorder(),
                "Photo": _photo(),
                "Answer": _answer(),
                "Refusal": _object(
                    {
                        "code": {"type": "string"},
                        "sentence": {"type": "string"},
                        "field": {"type": "string"},
                        "expected": {"type": "string"},
                        "wipe": {"type": "boolean"},
                    },
                    ("code", "sentence"),
                ),
            },
        },
    }


def _registration() -> Schema:
    told = _object(
        {"name": _text(None), "installed": {"type": "boolean"}, "build": _text(None)}, ()
    )
    token = _object({"device": _UUID, "token": {"type": "string"}}, ("device", "token"))
    return {
        "operationId": "register_device",
        "summary": "Register the phone of who is logged in; the token is told this once.",
        "security": [{"login": []}],
        "parameters": [
            {
                "name": "X-CSRFToken",
                "in": "header",
                "required": True,
                "schema": {"type": "string"},
                "description": "The csrf_token of a page.",
            }
        ],
        "requestBody": _json_body(told),
        "responses": {
            "201": _json_answer("Registered.", token),
            "302": {"description": "Nobody is logged in."},
            "400": _json_answer("Without X-CSRFToken.", _ref("Refusal")),
            **_refused("401", "403", "415", "422", "429", "503"),
        },
    }


def _push() -> Schema:
    told = _object(
        {
            "answers": {"type": "array", "items": _ref("Answer")},
            "received_at": _INSTANT,
            "wipe": {"type": "boolean"},
            "lost": {
                "type": "array",
                "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": _ID},
                "description": "Runs of numbers to tell again: first and last.",
            },
            "missing": {"type": "array", "items": _HASH},
        },
        ("answers", "received_at", "wipe", "lost", "missing"),
    )
    return {
        "operationId": "push_events",
        "summary": "Tell what happened; each event is kept once and answered by itself.",
        "requestBody": _json_body(_ref("Report")),
        "responses": {
            "200": _json_answer("One answer for each event, in their order.", told),
            **_refused("401", "422", "429", "503"),
        },
    }


def _upload() -> Schema:
    stored = _object({"sha256": _HASH, "media_type": {"type": "string"}}, ("sha256", "media_type"))
    bytes_of = {"schema": {"type": "string", "format": "binary", "maxLength": MOST_PHOTO_BYTES}}
    types = ("image/jpeg", "image/png", "image/webp", "application/octet-stream")
    return {
        "operationId": "upload_evidence",
        "summary": "Send a photo by its hash; again is fine.",
        "parameters": [{"name": "sha256", "in": "path", "required": True, "schema": _HASH}],
        "requestBody": {"required": True, "content": dict.fromkeys(types, bytes_of)},
        "responses": {
            "200": _json_answer("It was here.", stored),
            "201": _json_answer("Stored.", stored),
            **_refused("401", "422", "429", "503"),
        },
    }


def _report() -> Schema:
    return _object(
        {
            "sent_at": _INSTANT,
            "last_seq": _COUNT,
            "pending_events": _COUNT,
            "pending_photos": _COUNT,
            "installed": {"type": "boolean"},
            "build": _text(None),
            "wrong_pins": _COUNT,
            "delivered": {"type": "array", "maxItems": MOST_RUNS, "items": _run()},
            "events": {"type": "array", "maxItems": MOST_EVENTS, "items": _ref("Event")},
        },
        ("sent_at", "events"),
    )


def _run() -> Schema:
    return {
        "type": "array",
        "prefixItems": [_ID, _ID, {"type": "string"}],
        "minItems": 3,
        "maxItems": 3,
        "description": "First and last number, and the digest of the ids in their order.",
    }


def _event() -> Schema:
    bodies = [_ref(name) for name in ("VisitRecorded", "VisitAnnulled", "RouteReordered")]
    return _object(
        {
            "id": _UUID,
            "seq": _ID,
            "type": _choice(SyncEventKind),
            "made_at": _INSTANT,
            "body": {"anyOf": bodies},
            "sealed": {"type": "string", "description": "The body, sealed to the office's key."},
        },
        ("id", "seq", "type", "made_at"),
    )


def _visit() -> Schema:
    cents = {"type": "integer", "minimum": 1, "maximum": MOST_CENTS}
    promise = _object(
        {"amount_cents": cents, "due_on": {"type": "string", "format": "date"}},
        ("amount_cents", "due_on"),
    )
    payment = _object(
        {
            "amount_cents": cents,
            "method": _choice(PaymentMethod),
            "reference": _or_null(_text(60)),
        },
        ("amount_cents", "method"),
    )
    appointment = _object(
        {"starts_at": {"type": "string", "description": "What the clock on the wall shows."}},
        ("starts_at",),
    )
    photos = {"type": "array", "maxItems": MOST_PHOTOS, "items": _ref("Photo")}
    number = {"type": "number"}
    return _object(
        {
            "client_id": _ID,
            "stop_id": _or_null(_ID),
            "started_at": _INSTANT,
            "ended_at": _INSTANT,
            "lat": _or_null(number),
            "lon": _or_null(number),
            "accuracy_m": _or_null(number),
            "no_gps_reason": _or_null(_text(40)),
            "person_met": _choice(PersonMet),
            "outcome": _choice(Outcome),
            "objection": _or_null(_choice(Objection)),
            "note": _or_null(_text(2000)),
            "promise": _or_null(promise),
            "payment": _or_null(payment),
            "appointment": _or_null(appointment),
            "photos": photos,
            "signature": _or_null(_ref("Photo")),
        },
        ("client_id", "started_at", "ended_at", "person_met", "outcome"),
    )


def _reorder() -> Schema:
    return _object(
        {
            "day": {"type": "string", "format": "date"},
            "stops": {"type": "array", "items": _ID},
            "cause": _choice(ReorderCause),
            "note": _or_null(_text(200)),
        },
        ("day", "stops", "cause"),
    )


def _photo() -> Schema:
    size = {"type": "integer", "minimum": 1, "maximum": 10**8}
    return _object({"sha256": _HASH, "bytes": size}, ("sha256", "bytes"))


def _answer() -> Schema:
    text = {"type": "string"}
    return _object(
        {
            "id": _or_null(_UUID),
            "state": _choice(AnswerState),
            "code": _or_null(text),
            "sentence": _or_null(text),
            "field": _or_null(text),
            "missing": {"type": "array", "items": _HASH},
        },
        ("id", "state", "code", "sentence", "field", "missing"),
    )


def _object(properties: Mapping[str, Schema], required: tuple[str, ...]) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": list(required)}


def _text(most: int | None) -> Schema:
    return {"type": "string"} if most is None else {"type": "string", "maxLength": most}


def _choice(kind: Any) -> Schema:
    return {"type": "string", "enum": [one.value for one in kind]}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json_body(schema: Schema) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _json_answer(text: str, schema: Schema) -> Schema:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _refused(*statuses: str) -> Schema:
    return {one: _json_answer(_REFUSALS[one], _ref("Refusal")) for one in statuses}
