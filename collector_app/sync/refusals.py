"""How every door of the phone's API says no: flat JSON that names the place."""

import logging
from http import HTTPStatus

from flask import Blueprint, jsonify, make_response
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from collector_app.core.errors import CollectorError, Unavailable
from collector_app.sync.rules import DeviceRevoked
from collector_app.web.words import has_message, message

_log = logging.getLogger(__name__)
RETRY_AFTER_S = 5


def refuse_as_agreed(bp: Blueprint) -> Blueprint:
    """Let a blueprint answer errors as docs/sync-api.md says; returns the same blueprint."""
    bp.register_error_handler(CollectorError, _refuse)
    bp.register_error_handler(HTTPException, _refuse_http)
    bp.register_error_handler(OperationalError, _refuse_busy)
    return bp


def _refuse(error: CollectorError) -> Response:
    """Answer what went wrong as the contract says: flat, and naming the place."""
    if type(error) is CollectorError:  # nothing that anybody foresaw
        raise error
    told: dict[str, object] = {"code": error.code, "sentence": message(error.code, error.facts)}
    told |= {name: error.facts[name] for name in ("field", "expected") if name in error.facts}
    if isinstance(error, DeviceRevoked):
        told["wipe"] = True
    answer = make_response(jsonify(told), error.status)
    if error.status == HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers["Retry-After"] = "60"
    return answer


def _refuse_busy(error: OperationalError) -> Response:
    """Ask to come again: the database is away, or others wrote for longer than we may wait.

    Nothing of the request was kept; the phone sends the same events again.
    """
    _log.warning("database busy or away: %s", type(error.orig).__name__)
    code = Unavailable.code
    answer = make_response(jsonify(code=code, sentence=message(code, {})), Unavailable.status)
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _refuse_http(error: HTTPException) -> Response | HTTPException:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if error.response is not None or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return error
    code = f"http_{status}"
    sentence = message(code if has_message(code) else "http_400", {})
    return make_response(jsonify(code=code, sentence=sentence), status)
