"""Files that a page hands out, made in memory."""

from io import BytesIO

from flask import Response, send_file

from collector_app.core import clock
from collector_app.web.filters import local_zone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def dated(name: str) -> str:
    """Return the name of a file, without its ending, that says of which day it is."""
    return f"{name}-{clock.today(local_zone()).isoformat()}"


def download(data: bytes, name: str, mimetype: str) -> Response:
    """Answer with a file to be saved; no cache keeps it, as it may hold personal data."""
    answer = send_file(BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
