"""Static files: their content is in their address, so that browsers keep them for good."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

HASH_LETTERS = 10
FOR_GOOD = "public, max-age=31536000, immutable"
_hashes: dict[Path, tuple[int, str]] = {}  # path: time of change, hash; one per process is enough


def register_static_files(app: Flask) -> None:
    """Add ``?v=<hash>`` to every static address and let browsers keep what carries it."""
    app.url_defaults(_add_hash)
    app.after_request(_let_keep)


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


def _add_hash(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint != "static" or "v" in values or "filename" not in values:
        return
    found = content_hash(_file(values["filename"]))
    if found:
        values["v"] = found


def _file(name: str) -> Path:
    return Path(str(current_app.static_folder)) / name


def _let_keep(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code not in (200, 206, 304):
        return response
    asked = request.args.get("v")
    is_current = asked is not None and asked == content_hash(
        _file((request.view_args or {})["filename"])
    )
    response.headers["Cache-Control"] = FOR_GOOD if is_current else "no-cache"
    return response
