"""/api/v1: lists in pages or as whole files, and single rows, for who has a key."""

from collections.abc import Iterator
from typing import Any

import msgspec
from flask import Blueprint, Response, jsonify, request, stream_with_context, url_for

from collector_app.accounts.access import ANYBODY, allow
from collector_app.api.description import openapi
from collector_app.api.files import as_file, every_row
from collector_app.api.forms import read_call, read_format
from collector_app.api.queries import Asked
from collector_app.api.resources import RESOURCES, row_of
from collector_app.api.rules import MEDIA_TYPES, FileFormat
from collector_app.api.services import log_download
from collector_app.api.views.access import authorise, slow_down_files
from collector_app.core import clock
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone

bp = Blueprint("api", __name__)

_LISTS = f"any({', '.join(sorted(RESOURCES))})"


@bp.get("/openapi.json")
@allow(ANYBODY)
def description() -> Response:
    """Describe the API; nothing of anybody stands in it."""
    return jsonify(openapi(url_for(".description").rpartition("/")[0]))


@bp.get(f"/<{_LISTS}:resource>")
@allow(ANYBODY)  # who calls has no login but a key; see `authorise`
def rows(resource: str) -> Response:
    found = RESOURCES[resource]
    key = authorise(found.scope)
    zone = local_zone()
    wanted = read_format(request.args, request.accept_mimetypes, found.formats)
    asked = read_call(
        request.args, found.filters, clock.today(zone), zone, is_whole=wanted is not None
    )
    if wanted:
        slow_down_files(key)
        with transaction() as session:
            log_download(session, key.id, resource, wanted)
        return _file(resource, wanted, asked)
    some = found.read(db.session(), asked)
    page = some[: asked.limit]
    goes_on = len(some) > asked.limit
    return _json({"rows": page, "next": page[-1].id if goes_on else None})


@bp.get(f"/<{_LISTS}:resource>/<int:row_id>")
@allow(ANYBODY)  # by key, as above
def row(resource: str, row_id: int) -> Response:
    authorise(RESOURCES[resource].scope)
    zone = local_zone()
    return _json(row_of(db.session(), RESOURCES[resource], row_id, clock.today(zone), zone))


def _file(name: str, wanted: FileFormat, asked: Asked) -> Response:
    """Answer with a whole list as a file, which is sent while it is read."""
    resource, session = RESOURCES[name], db.session()

    def lines() -> Iterator[bytes]:
        try:
            every = every_row(session, resource.read, asked)
            yield from as_file(wanted, every, resource.table, resource.features)
        finally:
            session.close()  # the request ends, and with it its session, before the last row

    response = Response(stream_with_context(lines()), mimetype=MEDIA_TYPES[wanted])
    response.headers["Content-Disposition"] = f"attachment; filename={name}.{wanted}"
    return _kept_nowhere(response)


def _json(told: Any) -> Response:
    return _kept_nowhere(Response(msgspec.json.encode(told), mimetype="application/json"))


def _kept_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response
