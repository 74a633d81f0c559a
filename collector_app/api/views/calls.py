"""/api/v1: lists in pages, for who has a key."""

import msgspec
from flask import Blueprint, Response, jsonify, make_response, request, url_for

from collector_app.accounts.access import ANYBODY, allow
from collector_app.api.description import openapi
from collector_app.api.forms import read_call
from collector_app.api.resources import RESOURCES, Resource
from collector_app.api.rules import ApiKeyUnknown, TooManyCalls
from collector_app.api.services import is_use_to_note, key_for, note_use
from collector_app.core import clock
from collector_app.core.errors import CollectorError
from collector_app.core.pace import Pace
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message

bp = Blueprint("api", __name__)

_BEARER = "Bearer "
CALLS_PER_MINUTE = 300  # a cartera of 300,000 in a minute; in each web process
_pace = Pace(CALLS_PER_MINUTE)


@bp.errorhandler(CollectorError)
def refuse(error: CollectorError) -> Response:
    """Answer a refusal as JSON, whatever the caller says that it reads."""
    answer = make_response(
        jsonify(error={"code": error.code, "message": message(error.code, error.facts)}),
        error.status,
    )
    if isinstance(error, ApiKeyUnknown):
        answer.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyCalls):
        answer.headers["Retry-After"] = "60"
    return answer


@bp.get("/openapi.json")
@allow(ANYBODY)
def description() -> Response:
    """Describe the API; nothing of anybody stands in it."""
    return jsonify(openapi(url_for(".description").rpartition("/")[0]))


@bp.get(f"/<any({', '.join(sorted(RESOURCES))}):resource>")
@allow(ANYBODY)  # who calls has no login but a key; see `_authorise`
def rows(resource: str) -> Response:
    found = RESOURCES[resource]
    _authorise(found)
    zone = local_zone()
    asked = read_call(request.args, found.filters, clock.today(zone), zone)
    some = found.read(db.session(), asked)
    page = some[: asked.limit]
    goes_on = len(some) > asked.limit
    answer = {"rows": page, "next": page[-1].id if goes_on else None}
    response = Response(msgspec.json.encode(answer), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _authorise(resource: Resource) -> None:
    """Raise unless the key of this call may read the resource."""
    header = request.headers.get("Authorization", "")
    if not header.startswith(_BEARER):
        text = "expected the header Authorization: Bearer <key>"
        raise ApiKeyUnknown(text)
    key = key_for(db.session(), header.removeprefix(_BEARER).strip(), resource.scope)
    if not _pace.allows(key.key_hash, clock.now()):
        text = f"API key {key.id} calls too often"
        raise TooManyCalls(text, minutes=1)
    if is_use_to_note(key):
        with transaction() as session:
            note_use(session, key.id)
