"""The client's file at the desk."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from collector_app.accounts.access import allow
from collector_app.backing.queries import backing_of
from collector_app.client_file.maps import visits_map
from collector_app.client_file.queries import bills_of, expediente
from collector_app.client_file.rules import EventKind
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotFound
from collector_app.portfolio.erasures import is_kept_out
from collector_app.portfolio.queries import client_cards
from collector_app.stages.queries import client_life
from collector_app.sync.evidence_files import shown
from collector_app.sync.queries import is_picture_of, pictures_of
from collector_app.web.as_of import asked_day
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone

bp = Blueprint("client_file", __name__)

DESK = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@bp.get("/<int:client_id>/expediente")
@allow(*DESK)
def file(client_id: int) -> str:
    zone = local_zone()
    today = clock.today(zone)
    day = asked_day(today)
    found = expediente(db.session(), client_id, day, zone, today)
    if found is None:
        message = f"no client {client_id}"
        raise NotFound(message)
    return render_template(
        "client_file/file.html",
        file=found,
        pictures=pictures_of(db.session(), client_id),
        map=visits_map(found),
        is_erased=is_kept_out(db.session(), client_id),
        kinds=EventKind,
        sentence=block_sentence,
        now=clock.now(),
        day=day,
        today=today,
    )


@bp.get("/<int:client_id>/expediente/facturas")
@allow(*DESK)
def bills(client_id: int) -> str:
    zone, session = local_zone(), db.session()
    today = clock.today(zone)
    day = asked_day(today)
    card = client_cards(session, [client_id]).get(client_id)
    if card is None:
        message = f"no client {client_id}"
        raise NotFound(message)
    life, backing = client_life(session, client_id, day, zone), backing_of(session, client_id, day)
    return render_template(
        "client_file/bills.html",
        client=card,
        credits=bills_of(life, backing, day),
        day=day,
        today=today,
    )


@bp.get("/<int:client_id>/expediente/fotos/<sha256>")
@allow(*DESK)
def picture(client_id: int, sha256: str) -> Response:
    """Show a photo or signature of a visit to this very client, and no other's."""
    if not is_picture_of(db.session(), client_id, sha256):
        message = f"no picture {sha256[:64]!r} of client {client_id}"
        raise NotFound(message)
    return shown(sha256)
