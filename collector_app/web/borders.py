"""What a request may carry at all; the rest is refused before any view sees it."""

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1  # of an integer column in PostgreSQL; no row can have a larger id
LONGEST_NAME = 100  # of a field; ours are far shorter
NUL = "\0"  # no text column of PostgreSQL takes it


class IdConverter(IntegerConverter):
    """``<int:...>`` of an address; with a number that no id can have it leads nowhere."""

    def __init__(self, map: Map, max: int = LARGEST_ID) -> None:
        """Bound the number."""
        super().__init__(map, max=max)


def register_borders(app: Flask) -> None:
    """Bound the ids in addresses, and refuse fields that nobody's browser sends."""
    app.url_map.converters["int"] = IdConverter
    app.before_request(_refuse_odd_fields)


def _refuse_odd_fields() -> None:
    fields = list(request.args.items(multi=True))
    # Files are read by the view that wants them, after it knows who is asking.
    if request.mimetype == "application/x-www-form-urlencoded":
        fields += request.form.items(multi=True)
    if any(len(name) > LONGEST_NAME or NUL in name or NUL in value for name, value in fields):
        abort(400)
