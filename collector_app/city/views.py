"""The offline map of the city, as one file that browsers read in pieces, and its addresses."""

from pathlib import Path

from flask import (
    Blueprint,
    abort,
    current_app,
    jsonify,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.city.addresses import AddressMatch, NoAddressBook, Point, address_book
from collector_app.city.limits import SearchPace
from collector_app.city.packs import base_map, pack_in_use
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.web.extensions import wants_json
from collector_app.web.static_files import content_hash

bp = Blueprint("city", __name__)

EVERYBODY = (Role.COLLECTOR, Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
A_WEEK_S = 7 * 24 * 3600
MATCHES = 6
_pace = SearchPace()


@bp.get("/base.pmtiles")
@allow(*EVERYBODY)
def base_map_file() -> Response:
    file = _base_map()
    if file is None:
        abort(404)
    # Address and tag change with the content alone: a pack that was built again from the same
    # extract is not sent again.
    answer = send_file(
        file,
        mimetype="application/vnd.pmtiles",
        etag=content_hash(file) or "",
        max_age=A_WEEK_S,
        conditional=False,
    )
    try:
        return answer.make_conditional(
            _with_one_range(), accept_ranges=True, complete_length=file.stat().st_size
        )
    except RequestedRangeNotSatisfiable:
        answer.close()
        raise


def _with_one_range() -> dict[str, object]:
    """Return the request without a range that can't be answered in one piece.

    A server may answer the whole file instead (RFC 9110, 14.2); only a range beyond the end is 416.
    """
    environ = dict(request.environ)
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        environ.pop("HTTP_RANGE", None)
    return environ


@bp.get("/buscar")
@allow(*EVERYBODY)
def search() -> Answer:
    """Answer ``?q=juarez y hidalgo`` with places; ``&cerca=lat,lon`` puts near ones first."""
    _pace.count(current_actor().user_id, clock.now())
    text = request.args.get("q", "").strip()
    try:
        book = address_book(Path(current_app.instance_path), current_app.config["CITY"])
    except NoAddressBook:
        if wants_json():
            raise
        return render_template("city/_matches.html", has_book=False, matches=(), text=text)
    matches = book.search(text, near=_near(), limit=MATCHES) if text else []
    if wants_json():
        return jsonify(matches=[_as_json(match) for match in matches])
    return render_template("city/_matches.html", has_book=True, matches=matches, text=text)


def _near() -> Point | None:
    lat, _, lon = request.args.get("cerca", "").partition(",")
    try:
        near = Point(float(lat), float(lon))
    except ValueError:
        return None
    return near if abs(near.lat) <= 90 and abs(near.lon) <= 180 else None  # neither is NaN then


def _as_json(match: AddressMatch) -> dict[str, object]:
    return {
        "lat": match.point.lat,
        "lon": match.point.lon,
        "label": match.label,
        "kind": match.kind.value,
        "confidence": match.confidence,
        "reach_m": match.reach_m,
        "doubts": [doubt.value for doubt in match.doubts],
    }


def base_map_url() -> str | None:
    """Return the address of the map in use, with its hash in it; None while there is none."""
    file = _base_map()
    if file is None:
        return None
    return url_for("city.base_map_file", v=content_hash(file))


def _base_map() -> Path | None:
    return base_map(pack_in_use(Path(current_app.instance_path), current_app.config["CITY"]))
