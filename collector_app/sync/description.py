"""The description of the phone's API, OpenAPI 3.1; docs/sync-api.md says what it means."""

from collector_app.agreements.rules import MOST_INSTALMENTS
from collector_app.contacts.rules import CHANNELS, LONGEST_TEXT
from collector_app.core.money import MOST_CENTS
from collector_app.payments.rules import (
    CODE_LENGTH,
    CODE_LETTERS,
    SERIES_LENGTH,
    SERIES_LETTERS,
    PaymentMethod,
)
from collector_app.schedules.rules import WHOLE
from collector_app.sync.rules import (
    MOST_BYTES,
    MOST_EVENTS,
    MOST_FOLIO,
    MOST_PHOTO_BYTES,
    MOST_PHOTOS,
    MOST_RUNS,
    AnswerState,
    ReorderCause,
    SyncEventKind,
)
from collector_app.sync.schemas import (
    COUNT,
    HASH,
    ID,
    INSTANT,
    UUID,
    Schema,
    choice,
    json_answer,
    json_body,
    object_of,
    or_null,
    ref,
    refused,
    text,
)
from collector_app.visits.rules import Objection, Outcome, PersonMet

VERSION = "1.2.0"


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
                "VisitAnnulled": object_of(
                    {"visit": text(40), "reason": text(200)}, ("visit", "reason")
                ),
                "RouteReordered": _reorder(),
                "ContactRecorded": _contact(),
                "OfferRequested": _offer(),
                "Photo": _photo(),
                "Answer": _answer(),
                "Refusal": object_of(
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
    told = object_of(
        {"name": text(None), "installed": {"type": "boolean"}, "build": text(None)}, ()
    )
    word = {"type": "string"}
    names = ("device", "token", "series")
    token = object_of({"device": UUID, "token": word, "series": _series()}, names)
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
        "requestBody": json_body(told),
        "responses": {
            "201": json_answer("Registered.", token),
            "302": {"description": "Nobody is logged in."},
            "400": json_answer("Without X-CSRFToken.", ref("Refusal")),
            **refused("401", "403", "415", "422", "429", "503"),
        },
    }


def _push() -> Schema:
    told = object_of(
        {
            "answers": {"type": "array", "items": ref("Answer")},
            "received_at": INSTANT,
            "wipe": {"type": "boolean"},
            "lost": {
                "type": "array",
                "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": ID},
                "description": "Runs of numbers to tell again: first and last.",
            },
            "missing": {"type": "array", "items": HASH},
            "folios": object_of({"series": _series(), "last": COUNT}, ("series", "last")),
        },
        ("answers", "received_at", "wipe", "lost", "missing", "folios"),
    )
    return {
        "operationId": "push_events",
        "summary": "Tell what happened; each event is kept once and answered by itself.",
        "requestBody": json_body(ref("Report")),
        "responses": {
            "200": json_answer("One answer for each event, in their order.", told),
            **refused("401", "422", "429", "503"),
        },
    }


def _upload() -> Schema:
    stored = object_of({"sha256": HASH, "media_type": {"type": "string"}}, ("sha256", "media_type"))
    bytes_of = {"schema": {"type": "string", "format": "binary", "maxLength": MOST_PHOTO_BYTES}}
    types = ("image/jpeg", "image/png", "image/webp", "application/octet-stream")
    return {
        "operationId": "upload_evidence",
        "summary": "Send a photo by its hash; again is fine.",
        "parameters": [{"name": "sha256", "in": "path", "required": True, "schema": HASH}],
        "requestBody": {"required": True, "content": dict.fromkeys(types, bytes_of)},
        "responses": {
            "200": json_answer("It was here.", stored),
            "201": json_answer("Stored.", stored),
            **refused("401", "422", "429", "503"),
        },
    }


def _report() -> Schema:
    return object_of(
        {
            "sent_at": INSTANT,
            "last_seq": COUNT,
            "pending_events": COUNT,
            "pending_photos": COUNT,
            "installed": {"type": "boolean"},
            "build": text(None),
            "wrong_pins": COUNT,
            "delivered": {"type": "array", "maxItems": MOST_RUNS, "items": _run()},
            "compared": {"type": "array", "maxItems": MOST_RUNS, "items": _run()},
            "events": {"type": "array", "maxItems": MOST_EVENTS, "items": ref("Event")},
        },
        ("sent_at", "events"),
    )


def _run() -> Schema:
    return {
        "type": "array",
        "prefixItems": [ID, ID, {"type": "string"}],
        "minItems": 3,
        "maxItems": 3,
        "description": "First and last number, and the digest of the ids in their order.",
    }


def _event() -> Schema:
    facts = ("VisitRecorded", "VisitAnnulled", "RouteReordered", "ContactRecorded")
    bodies = [ref(name) for name in (*facts, "OfferRequested")]
    return object_of(
        {
            "id": UUID,
            "seq": ID,
            "type": choice(SyncEventKind),
            "made_at": INSTANT,
            "body": {"anyOf": bodies},
            "sealed": {"type": "string", "description": "The body, sealed to the office's key."},
        },
        ("id", "seq", "type", "made_at"),
    )


def _visit() -> Schema:
    payment = object_of(
        {
            "amount_cents": _cents(),
            "method": choice(PaymentMethod),
            "reference": or_null(text(60)),
            "receipt": or_null(_receipt()),
        },
        ("amount_cents", "method"),
    )
    appointment = object_of(
        {"starts_at": {"type": "string", "description": "What the clock on the wall shows."}},
        ("starts_at",),
    )
    photos = {"type": "array", "maxItems": MOST_PHOTOS, "items": ref("Photo")}
    number = {"type": "number"}
    return object_of(
        {
            "client_id": ID,
            "stop_id": or_null(ID),
            "started_at": INSTANT,
            "ended_at": INSTANT,
            "lat": or_null(number),
            "lon": or_null(number),
            "accuracy_m": or_null(number),
            "no_gps_reason": or_null(text(40)),
            "person_met": choice(PersonMet),
            "outcome": choice(Outcome),
            "objection": or_null(choice(Objection)),
            "card_opened": or_null({"type": "boolean"}),
            "note": or_null(text(2000)),
            "promise": or_null(_promise()),
            "payment": or_null(payment),
            "appointment": or_null(appointment),
            "photos": photos,
            "signature": or_null(ref("Photo")),
        },
        ("client_id", "started_at", "ended_at", "person_met", "outcome"),
    )


def _series() -> Schema:
    letters = f"T[{SERIES_LETTERS}]{{{SERIES_LENGTH}}}"
    return {"type": "string", "pattern": f"^{letters}$", "description": "Of a phone's receipts."}


def _receipt() -> Schema:
    number = {"type": "integer", "minimum": 1, "maximum": MOST_FOLIO}
    code = {"type": "string", "pattern": f"^[{CODE_LETTERS}]{{{CODE_LENGTH}}}$"}
    parts = {"series": _series(), "number": number, "code": code}
    return object_of(parts, ("series", "number", "code"))


def _reorder() -> Schema:
    return object_of(
        {
            "day": {"type": "string", "format": "date"},
            "stops": {"type": "array", "items": ID},
            "cause": choice(ReorderCause),
            "note": or_null(text(200)),
        },
        ("day", "stops", "cause"),
    )


def _contact() -> Schema:
    flag: Schema = {"type": "boolean"}
    return object_of(
        {
            "client_id": ID,
            "channel": choice(CHANNELS),
            "at": INSTANT,
            "person": choice(PersonMet),
            "was_answered": flag,
            "spoke_of_debt": flag,
            "text": or_null(text(LONGEST_TEXT)),
            "note": or_null(text(LONGEST_TEXT)),
            "promise": or_null(_promise()),
        },
        ("client_id", "channel", "at", "person", "was_answered", "spoke_of_debt"),
    )


def _offer() -> Schema:
    def whole(least: int, most: int) -> Schema:
        return {"type": "integer", "minimum": least, "maximum": most}

    parts = {
        "client_id": ID,
        "debt_cents": _cents(),
        "discount_basis": whole(0, WHOLE - 1),
        "down_cents": whole(0, MOST_CENTS),
        "count": whole(1, MOST_INSTALMENTS),
        "every_days": whole(1, 366),
        "first_on": {"type": "string", "format": "date"},
        "step_cents": whole(0, MOST_CENTS),
    }
    return object_of(parts, tuple(parts))


def _promise() -> Schema:
    day = {"type": "string", "format": "date"}
    return object_of({"amount_cents": _cents(), "due_on": day}, ("amount_cents", "due_on"))


def _cents() -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": MOST_CENTS}


def _photo() -> Schema:
    size = {"type": "integer", "minimum": 1, "maximum": 10**8}
    return object_of({"sha256": HASH, "bytes": size}, ("sha256", "bytes"))


def _answer() -> Schema:
    said = {"type": "string"}
    return object_of(
        {
            "id": or_null(UUID),
            "state": choice(AnswerState),
            "code": or_null(said),
            "sentence": or_null(said),
            "field": or_null(said),
            "missing": {"type": "array", "items": HASH},
        },
        ("id", "state", "code", "sentence", "field", "missing"),
    )
