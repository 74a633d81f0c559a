"""The phone's API: register, push events, upload photos. Described in docs/sync-api.md."""

import hashlib
import io
from http import HTTPStatus

from flask import Blueprint, jsonify, make_response, request
from werkzeug.wrappers import Response

from collector_app.accounts.access import allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.sync import services
from collector_app.sync.access import by_token, current_caller
from collector_app.sync.evidence_files import evidence_store
from collector_app.sync.office_keys import office_keys
from collector_app.sync.reading import read_bytes, read_json_bytes
from collector_app.sync.refusals import refuse_as_agreed
from collector_app.sync.rules import (
    MOST_ADDED_BYTES,
    MOST_PHOTO_BYTES,
    BadEnvelope,
    BrokenSeal,
    NotAPhoto,
    PhotoTooLarge,
    open_box,
    photo_type,
    read_envelope,
    read_registration,
)
from collector_app.sync.services import Answer
from collector_app.web.extensions import in_line, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message

SEALED_TYPE = "application/octet-stream"  # of a photo that only the office can open

bp = refuse_as_agreed(Blueprint("sync_api", __name__))


@bp.post("/devices")
@allow(Role.COLLECTOR)
def register() -> Response:
    """Register the phone of who is logged in; the token is told this once."""
    told = read_registration(read_json_bytes(request))
    with transaction() as session:
        device, token = services.register_device(session, current_actor(), told)
        answer = jsonify(device=device.uuid, token=token, series=device.receipt_series)
    answer.headers["Cache-Control"] = "no-store"
    return make_response(answer, HTTPStatus.CREATED)


@bp.post("/events")
@by_token(even_revoked=True)
def push() -> Response:
    """Take events in; what was stored is on the disk before this answers."""
    data = read_json_bytes(request)
    with in_line():
        envelope = read_envelope(data, office_keys())
        with transaction() as session:
            pushed = services.push(
                session, current_caller(), envelope, evidence_store(), zone=local_zone()
            )
        return jsonify(
            answers=[_told(one) for one in pushed.answers],
            received_at=clock.now().isoformat(),
            wipe=pushed.wipe,
            lost=pushed.recall.lost,
            missing=pushed.recall.photos,
            folios={"series": pushed.receipt_series, "last": pushed.last_receipt},
        )


@bp.put("/evidence/<sha256>")
@by_token(even_revoked=True)
def upload(sha256: str) -> Response:
    """Take the bytes of a photo, maybe sealed; the same photo again is fine."""
    is_sealed = request.mimetype == SEALED_TYPE
    try:
        data = read_bytes(request, MOST_PHOTO_BYTES + (MOST_ADDED_BYTES if is_sealed else 0))
    except BadEnvelope:
        limit = {"limit_bytes": MOST_PHOTO_BYTES}
        raise PhotoTooLarge("body", f"at most {MOST_PHOTO_BYTES} bytes", **limit) from None
    if is_sealed:
        data = _unsealed(data, sha256)
    found = photo_type(data)
    if found is None or request.mimetype not in (found, SEALED_TYPE):
        raise NotAPhoto("body", "a JPEG, PNG or WebP, as its Content-Type says")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotAPhoto("sha256", "the SHA-256 of the body, 64 small hexadecimal digits")
    files = evidence_store()
    is_known = files.holds(sha256)
    if not is_known:
        files.save(io.BytesIO(data))
    with transaction() as session:
        services.photo_stored(session, current_caller(), sha256, found)
    status = HTTPStatus.OK if is_known else HTTPStatus.CREATED
    return make_response(jsonify(sha256=sha256, media_type=found), status)


def _unsealed(box: bytes, sha256: str) -> bytes:
    try:
        return open_box(box, office_keys(), sha256)
    except BrokenSeal:
        raise NotAPhoto("body", "a box that the office has the key of") from None


def _told(one: Answer) -> dict[str, object]:
    sentence = message(one.code, dict(one.facts)) if one.code else None
    return {
        "id": one.uuid,
        "state": one.state.value,
        "code": one.code,
        "sentence": sentence,
        "field": one.facts.get("field"),
        "missing": list(one.missing),
    }
