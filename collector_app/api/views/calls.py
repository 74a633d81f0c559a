"""/api/v1: lists in pages or as whole files, for who has a key."""

import msgspec
from flask import Blueprint, Response, jsonify, make_response, request, stream_with_context, url_for

from collector_app.accounts.access import ANYBODY, allow
from collector_app.api.description import openapi
from collector_app.api.files import as_file, every_row
from collector_app.api.forms import read_call, read_format
from collector_app.api.models import ApiKey
from collector_app.api.queries import Asked
from collector_app.api.resources import RESOURCES, Resource
from collector_app.api.rules import MEDIA_TYPES, ApiKeyUnknown, FileFormat, TooManyCalls
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
FILES_PER_MINUTE = 30  # a whole cartera each
_pace, _file_pace = Pace(CALLS_PER_MINUTE), Pace(FILES_PER_MINUTE)


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
    key = _authorise(found)
    zone = local_zone()
    wanted = read_format(request.args, request.accept_mimetypes, found.formats)
    asked = read_call(
        request.args, found.filters, clock.today(zone), zone, is_whole=wanted is not None
    )
    if wanted:
        _slow_down(_file_pace, key)
        return _file(resource, wanted, asked)
    some = found.read(db.session(), asked)
    page = some[: asked.limit]
    goes_on = len(some) > asked.limit
    answer = {"rows": page, "next": page[-1].id if goes_on else None}
    return _kept_nowhere(Response(msgspec.json.encode(answer), mimetype="application/json"))


def _file(name: str, wanted: FileFormat, asked: Asked) -> Response:
    """Answer with a whole list as a file, which is sent while it is read."""
    resource = RESOURCES[name]
    every = every_row(db.session(), resource.read, asked)
    data = as_file(wanted, every, resource.table, resource.place)
    response = Response(stream_with_context(data), mimetype=MEDIA_TYPES[wanted])
    response.headers["Content-Disposition"] = f"attachment; filename={name}.{wanted}"
    return _kept_nowhere(response)


def _kept_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def _slow_down(pace: Pace, key: ApiKey) -> None:
    if not pace.allows(key.key_hash, clock.now()):
        text = f"API key {key.id} calls too often"
        raise TooManyCalls(text, minutes=1)


def _authorise(resource: Resource) -> ApiKey:
    """Return the key of this call; raises unless it may read the resource."""
    header = request.headers.get("Authorization", "")
    if not header.startswith(_BEARER):
        text = "expected the header Authorization: Bearer <key>"
        raise ApiKeyUnknown(text)
    key = key_for(db.session(), header.removeprefix(_BEARER).strip(), resource.scope)
    _slow_down(_pace, key)
    if is_use_to_note(key):
        with transaction() as session:
            note_use(session, key.id)
    return key
