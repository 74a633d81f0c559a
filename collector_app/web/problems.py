"""What goes wrong in a call of another system, told as RFC 9457 wants it."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Response, request

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:ruta-del-gestor:problem:"  # with a code of docs/errors.md
_API = "/api/"
UNAUTHORISED = 401


def is_api_call() -> bool:
    """Tell whether the caller of this request is another system, which reads problems."""
    return request.path.startswith(_API)


def problem(code: str, detail: str, status: int, facts: Mapping[str, object]) -> Response:
    """Return a problem: what kind, a sentence, and each field with what was expected there."""
    told: dict[str, object] = {
        "type": _TYPE + code,
        "title": _title(code, status),
        "status": status,
        "detail": detail,
        "code": code,
        "errors": [{"field": field, "expected": expected} for field, expected in _fields(facts)],
    }
    answer = Response(json.dumps(told, ensure_ascii=False), status, mimetype=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    if status == UNAUTHORISED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _title(code: str, status: int) -> str:
    """Return the kind of problem in words, the same for all of its kind."""
    if code.startswith("http_"):
        return HTTPStatus(status).phrase
    return code.replace("_", " ").capitalize()


def _fields(facts: Mapping[str, object]) -> Sequence[tuple[object, object]]:
    several = facts.get("errors")
    if isinstance(several, list):
        return several
    return [(facts["field"], facts["expected"])] if "field" in facts else []
