"""The offline map of the city, as one file that browsers read in pieces."""

from pathlib import Path

from flask import Blueprint, abort, current_app, send_file, url_for
from werkzeug.wrappers import Response

from collector_app.accounts.access import allow
from collector_app.city.packs import base_map, pack_in_use
from collector_app.core.actor import Role

bp = Blueprint("city", __name__)

EVERYBODY = (Role.COLLECTOR, Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
A_WEEK_S = 7 * 24 * 3600


@bp.get("/base.pmtiles")
@allow(*EVERYBODY)
def base_map_file() -> Response:
    file = _base_map()
    if file is None:
        abort(404)
    # conditional: answers ranges (206) and ETags (304); the address changes with the file.
    return send_file(file, mimetype="application/vnd.pmtiles", conditional=True, max_age=A_WEEK_S)


def base_map_url() -> str | None:
    """Return the address of the map in use, with its age in it; None while there is none."""
    file = _base_map()
    if file is None:
        return None
    return url_for("city.base_map_file", v=f"{file.parent.name}-{int(file.stat().st_mtime)}")


def _base_map() -> Path | None:
    return base_map(pack_in_use(Path(current_app.instance_path), current_app.config["CITY"]))
