"""One page, or one JSON shape, for everything that can go wrong."""

import logging
import secrets
from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, jsonify, make_response, render_template, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from collector_app.core.errors import CollectorError
from collector_app.web.extensions import wants_json
from collector_app.web.problems import is_api_call, problem
from collector_app.web.skeletons import skeleton_for
from collector_app.web.words import has_message, message

log = logging.getLogger(__name__)
TOO_MANY = 429
OURS = 500  # from here on it is our fault


def register_errors(app: Flask) -> None:
    """Register the three handlers: ours, HTTP's, and the unexpected."""
    app.register_error_handler(CollectorError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _ours(error: CollectorError) -> Response:
    if type(error) is CollectorError:  # nothing that anybody foresaw
        return _unexpected(error)
    log.info("%s %s: %s", request.method, request.endpoint, error.code)
    text = message(error.code, error.facts)
    answer = _answer(error.code, text, error.status, facts=error.facts)
    minutes = error.facts.get("minutes")
    if error.status == TOO_MANY and isinstance(minutes, int):
        answer.headers["Retry-After"] = str(minutes * 60)
    return answer


def _http(error: HTTPException) -> HTTPException | Response:
    if error.response is not None:  # a redirect or an answer made on purpose
        return error
    status = error.code or OURS
    if status >= OURS:
        return _unexpected(error)
    code = f"http_{status}"
    answer = _answer(code, message(code if has_message(code) else "http_400", {}), status)
    answer.headers.extend(
        [(name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")]
    )
    return answer


def _unexpected(error: Exception) -> Response:
    """Answer with a reference that the log has too; the page needs no database."""
    reference = secrets.token_hex(4)
    log.error("unexpected error, reference %s", reference, exc_info=error)
    text = message("internal", {"reference": reference})
    return _answer("internal", text, OURS, base="base_alone.html")


def _answer(
    code: str,
    text: str,
    status: int,
    base: str | None = None,
    facts: Mapping[str, object] = MappingProxyType({}),
) -> Response:
    if is_api_call():
        return problem(code, text, status, facts)
    if wants_json():
        return make_response(jsonify(error={"code": code, "message": text}), status)
    base = base or skeleton_for(getattr(current_user, "role", None))
    page = render_template("errors/error.html", base=base, text=text, status=status)
    return make_response(page, status)
