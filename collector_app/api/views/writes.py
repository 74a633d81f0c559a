"""/api/v1: what other systems change. A call that comes twice is done once."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collector_app.accounts.access import ANYBODY, allow
from collector_app.api.forms import read_body
from collector_app.api.rules import (
    MOST_BYTES,
    CallKeyMissing,
    CallTooLarge,
    NotJson,
)
from collector_app.api.services import Answered, Call, answer_once, keep_contradiction, log_write
from collector_app.api.views.access import authorise
from collector_app.api.writes import WRITES, Write
from collector_app.city.addresses import NoAddressBook, address_book
from collector_app.core.facts import FactConflict
from collector_app.locations.searching import best_place
from collector_app.portfolio.facts import Address, FoundPlaces
from collector_app.web.extensions import csrf, transaction
from collector_app.web.filters import local_zone

bp = Blueprint("api_writes", __name__)
csrf.exempt(bp)


def _view(write: Write) -> Callable[..., Response]:
    def view(**named: Any) -> Response:
        key_id = authorise(write.scope).id
        call_key = request.headers.get("Idempotency-Key")
        if call_key is None and write.makes:
            text = f"{write.name} needs an Idempotency-Key"
            raise CallKeyMissing(text)
        body = read_body(_json_sent(), write.body) if write.body else None
        call = Call(key_id, call_key, named, local_zone(), _find_places)
        return _answer(_answered(write, call, body))

    view.__name__, view.__doc__ = write.name, write.do.__doc__
    return allow(ANYBODY)(view)  # who calls has no login but a key; see `authorise`


for _write in WRITES:
    bp.add_url_rule(_write.path, _write.name, _view(_write), methods=[_write.method])


def _answered(write: Write, call: Call, body: Any) -> Answered:
    """Do what was asked; of the same call at the same time, the later finds the other's answer."""
    try:
        return _done(write, call, body)
    except IntegrityError:
        return _done(write, call, body)


def _done(write: Write, call: Call, body: Any) -> Answered:
    """Do what was asked in one transaction; a contradiction is kept in the next one."""
    try:
        with transaction() as session:
            return _once(session, write, call, body)
    except FactConflict as conflict:
        with transaction() as session:
            keep_contradiction(session, call, conflict)
        raise


def _once(session: Session, write: Write, call: Call, body: Any) -> Answered:
    def do() -> tuple[int, Any]:
        status, row = write.do(session, call, body)
        log_write(session, call, write.name, getattr(row, "id", None))
        return status, row

    asked = (write.name, repr(sorted(call.named.items())), repr(body))
    return answer_once(session, call.key_id, call.call_key, asked, do)


def _answer(answered: Answered) -> Response:
    response = Response(answered.body, answered.status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    if answered.again:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _json_sent() -> bytes:
    if request.mimetype != "application/json":
        text = f"expected application/json, got {request.mimetype}"
        raise NotJson(text)
    data: bytes = request.get_data()
    if len(data) > MOST_BYTES:
        text = f"{len(data)} bytes"
        raise CallTooLarge(text, most_kb=MOST_BYTES // 1024)
    return data


def _find_places(addresses: Collection[Address]) -> FoundPlaces:
    """Search addresses of clients without coordinates, as an import does; a millisecond each."""
    if not addresses:
        return {}
    try:
        book = address_book(Path(current_app.instance_path), current_app.config["CITY"])
    except NoAddressBook:
        return {}
    return {one: best_place(book, one) for one in addresses}
