"""Where the bytes of photos and signatures lie, and how one of them is shown."""

from http import HTTPStatus
from pathlib import Path

from flask import current_app, make_response
from werkzeug.wrappers import Response

from collector_app.core.errors import NotFound
from collector_app.core.storage import FileStore
from collector_app.sync.rules import MOST_PHOTO_BYTES, photo_type


def evidence_store() -> FileStore:
    """Return where photos are kept."""
    return FileStore(Path(current_app.instance_path) / "evidence", MOST_PHOTO_BYTES)


def shown(sha256: str) -> Response:
    """Answer a picture to be looked at: as what its bytes are, and nothing in it runs.

    Raises
    ------
    NotFound
        When its bytes are not here, or are no picture.
    """
    with evidence_store().open(sha256) as file:
        data = file.read()
    media_type = photo_type(data)
    if media_type is None:
        message = f"{sha256} is no picture"
        raise NotFound(message)
    answer = make_response(data, HTTPStatus.OK)
    answer.headers["Content-Type"] = media_type
    answer.headers["Content-Disposition"] = "inline"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"  # personal data
    return answer
