"""The lock of a phone, seen from the office: /phone/llave. Described in docs/phone-security.md."""

import base64
import binascii
import json
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from collector_app.accounts.access import allow
from collector_app.core.actor import Role
from collector_app.sync import locking
from collector_app.sync.office_keys import office_keys
from collector_app.sync.reading import read_json_bytes
from collector_app.sync.refusals import refuse_as_agreed
from collector_app.sync.rules import BadEnvelope, PhoneLocked, is_point, proves
from collector_app.web.extensions import csrf

MOST_TEXT = 1000  # characters: keys, challenges and proofs are much shorter

bp = refuse_as_agreed(Blueprint("phone_lock", __name__))


@bp.get("")
@allow(Role.COLLECTOR)
def state() -> Response:
    """Tell to which key this login belongs, and what there is to answer to open its pages."""
    office = base64.urlsafe_b64encode(office_keys()[0].public).decode().rstrip("=")
    answer = jsonify(key=locking.bound_key(), challenge=locking.new_challenge(), office=office)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.put("")
@allow(Role.COLLECTOR)
def bind() -> Response:
    """Let this login belong to the key that lies before the PIN of the phone."""
    key = _text(_told(), "key")
    if not is_point(_bytes(key, "key")):
        raise BadEnvelope("key", "a public key of P-256, uncompressed, base64url")
    locking.bind_login(key)
    return make_response("", HTTPStatus.NO_CONTENT)


@bp.post("/abrir")
@allow(Role.COLLECTOR)
def open_pages() -> Response:
    """Answer this login for some minutes, after a proof that the PIN was typed."""
    told = _told()
    challenge, proof = _text(told, "challenge"), _bytes(_text(told, "proof"), "proof")
    key = locking.bound_key()
    if key is None or not locking.is_own_challenge(challenge):
        message = "no such challenge, or too late"
        raise PhoneLocked(message)
    if not proves(office_keys()[0], _bytes(key, "key"), challenge, proof):
        message = "the proof is that of another key"
        raise PhoneLocked(message)
    if not locking.spend(challenge):
        message = "this challenge was answered before"
        raise PhoneLocked(message)
    open_for_s = round(locking.OPEN_FOR.total_seconds())
    return locking.unlock(jsonify(open_for_s=open_for_s), key)


@bp.post("/cerrar")
@allow(Role.COLLECTOR)
def shut_pages() -> Response:
    """Answer this login no more: its phone was locked."""
    return locking.lock(make_response("", HTTPStatus.NO_CONTENT))


# A service worker has no token against forged requests, and these two need none: no other site can
# answer a challenge, and nobody gains from locking.
csrf.exempt(open_pages)
csrf.exempt(shut_pages)


def _told() -> dict[str, Any]:
    try:
        told = json.loads(read_json_bytes(request))
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise BadEnvelope("body", "a JSON object")
    return told


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise BadEnvelope(name, "a text")
    return value


def _bytes(text: str, name: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise BadEnvelope(name, "base64url") from None
