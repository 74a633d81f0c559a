"""One page, or one JSON shape, for everything that can go wrong."""

import logging
import secrets

from flask import Flask, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from collector_app.core.actor import Role
from collector_app.core.errors import CollectorError
from collector_app.web.extensions import wants_json
from collector_app.web.words import message

log = logging.getLogger(__name__)
TOO_MANY = 429


def register_errors(app: Flask) -> None:
    """Register the three handlers: ours, HTTP's, and the unexpected."""
    app.register_error_handler(CollectorError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _ours(error: CollectorError) -> Response:
    log.info("%s %s: %s", request.method, request.endpoint, error.code)
    answer = make_response(_answer(error.code, message(error.code, error.facts), error.status))
    minutes = error.facts.get("minutes")
    if error.status == TOO_MANY and isinstance(minutes, int):
        answer.headers["Retry-After"] = str(minutes * 60)
    return answer


def _http(error: HTTPException) -> HTTPException | tuple[Response | str, int]:
    if error.response is not None:  # a redirect or an answer made on purpose
        return error
    status = error.code or 500
    return _answer(f"http_{status}", message(f"http_{status}", {}), status)


def _unexpected(error: Exception) -> tuple[Response | str, int]:
    reference = secrets.token_hex(4)
    log.error("unexpected error, reference %s", reference, exc_info=error)
    return _answer("internal", message("internal", {"reference": reference}), 500)


def _answer(code: str, text: str, status: int) -> tuple[Response | str, int]:
    if wants_json():
        return jsonify(error={"code": code, "message": text}), status
    page = render_template(
        "errors/error.html", base=_base(), title=_("No se pudo"), text=text, code=code
    )
    return page, status


def _base() -> str:
    """Return the skeleton that the person of this request is used to."""
    role = getattr(current_user, "role", None)
    if role is None:
        return "base_alone.html"
    return "base_phone.html" if role is Role.COLLECTOR else "base_desk.html"
