"""The client's file at the desk."""

from flask import Blueprint, render_template

from collector_app.accounts.access import allow
from collector_app.client_file.maps import visits_map
from collector_app.client_file.queries import expediente
from collector_app.client_file.rules import EventKind
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotFound
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone

bp = Blueprint("client_file", __name__)

DESK = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)


@bp.get("/<int:client_id>/expediente")
@allow(*DESK)
def file(client_id: int) -> str:
    zone = local_zone()
    found = expediente(db.session(), client_id, clock.today(zone), zone)
    if found is None:
        message = f"no client {client_id}"
        raise NotFound(message)
    return render_template(
        "client_file/file.html",
        file=found,
        map=visits_map(found),
        kinds=EventKind,
        sentence=block_sentence,
        now=clock.now(),
    )
