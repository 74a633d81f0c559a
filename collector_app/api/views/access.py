"""Who calls the API: a key, no login and no cookie, and so no CSRF."""

from flask import request

from collector_app.api.models import ApiKey
from collector_app.api.rules import ApiKeyUnknown, Scope, TooManyCalls
from collector_app.api.services import is_use_to_note, key_for, note_use
from collector_app.core import clock
from collector_app.core.pace import Pace
from collector_app.web.extensions import db, transaction

_BEARER = "Bearer "
CALLS_PER_MINUTE = 300  # a cartera of 300,000 in a minute; in each web process
FILES_PER_MINUTE = 30  # a whole cartera each
_pace, _file_pace = Pace(CALLS_PER_MINUTE), Pace(FILES_PER_MINUTE)


def authorise(scope: Scope) -> ApiKey:
    """Return the key of this call; raises unless it may do what the scope names."""
    header = request.headers.get("Authorization", "")
    if not header.startswith(_BEARER):
        text = "expected the header Authorization: Bearer <key>"
        raise ApiKeyUnknown(text)
    key = key_for(db.session(), header.removeprefix(_BEARER).strip(), scope)
    _slow_down(_pace, key)
    if is_use_to_note(key):
        with transaction() as session:
            note_use(session, key.id)
    return key


def slow_down_files(key: ApiKey) -> None:
    """Raise `TooManyCalls` when a key takes more whole lists than a system needs."""
    _slow_down(_file_pace, key)


def _slow_down(pace: Pace, key: ApiKey) -> None:
    if not pace.allows(key.key_hash, clock.now()):
        text = f"API key {key.id} calls too often"
        raise TooManyCalls(text, minutes=1)
