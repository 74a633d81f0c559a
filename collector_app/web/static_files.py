"""Static files: their content is in their address, so that browsers keep them for good.

A file's hash stands in its query. Scripts import each other by where they lie, which leaves a query
out, so that theirs stands in the path: ``/static/scripts/<hash of all scripts>/phone/menu.js``.
"""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask import Response as FlaskResponse
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

HASH_LETTERS = 10
FOR_GOOD = "public, max-age=31536000, immutable"
LOOKED_AT_FOR_S = 1.0  # so long scripts are taken to be what they were: there are many
_OTHERS = "vendor/"  # scripts of others, whose pages name each by its own hash
_hashes: dict[Path, tuple[int, str]] = {}  # path: time of change, hash; one per process is enough


@dataclass(slots=True)
class _Scripts:
    """The hash of all scripts of a folder, and until when nobody looks again."""

    hash: str = ""
    until_s: float = 0.0


_scripts: dict[Path, _Scripts] = {}


class _SessionOfPages(SecureCookieSessionInterface):
    """The session in the cookie, of which files know nothing.

    An answer that varied by it would be asked for anew whenever the cookie changed.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: FlaskResponse) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def register_static_files(app: Flask) -> None:
    """Add hashes to every static address and let browsers keep what carries the right one."""
    send = app.view_functions["static"]

    def send_of_any_hash(filename: str, scripts: str = "") -> Any:
        del scripts  # a page of a version of before gets what there is now, and does not keep it
        return send(filename=filename)

    app.view_functions["static"] = send_of_any_hash
    where = f"{app.static_url_path}/scripts/<scripts>/<path:filename>"
    app.url_map.add(Rule(where, endpoint="static", methods=["GET"]))
    app.url_defaults(_add_hash)
    app.add_template_global(icons_address)
    app.after_request(_let_keep)
    app.session_interface = _SessionOfPages()


def icons_address() -> str:
    """Return the address of the icons, made once for the thousand of them on a page."""
    if "icons_address" not in g:
        g.icons_address = url_for("static", filename="icons.svg")
    found: str = g.icons_address
    return found


def content_hash(path: Path) -> str | None:
    """Return the first letters of a file's SHA-256, or None when there is no such file."""
    try:
        changed_at = path.stat().st_mtime_ns
    except OSError:
        return None
    if _hashes.get(path, (0, ""))[0] != changed_at:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        _hashes[path] = (changed_at, digest[:HASH_LETTERS])
    return _hashes[path][1]


def scripts_hash(folder: Path) -> str:
    """Return what changes when any script below a folder of static files does."""
    found = _scripts.setdefault(folder, _Scripts())
    if time.monotonic() >= found.until_s:
        paths = sorted(folder.rglob("*.js"))
        parts = (f"{path.relative_to(folder)} {content_hash(path)}" for path in paths)
        found.hash = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:HASH_LETTERS]
        found.until_s = time.monotonic() + LOOKED_AT_FOR_S
    return found.hash


def _add_hash(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint != "static" or "filename" not in values or {"v", "scripts"} & values.keys():
        return
    name = values["filename"]
    found = content_hash(static_folder() / name)
    if found is None:
        return
    if name.endswith(".js") and not name.startswith(_OTHERS):
        values["scripts"] = scripts_hash(static_folder())
    else:
        values["v"] = found


def static_folder() -> Path:
    """Return where the static files of the application lie."""
    return Path(str(current_app.static_folder))


def _let_keep(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code not in (200, 206, 304):
        return response
    told = request.view_args or {}
    if "scripts" in told:
        is_current = told["scripts"] == scripts_hash(static_folder())
    else:
        asked = request.args.get("v")
        is_current = asked is not None and asked == content_hash(static_folder() / told["filename"])
    response.headers["Cache-Control"] = FOR_GOOD if is_current else "no-cache"
    return response
