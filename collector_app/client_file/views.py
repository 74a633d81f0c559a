"""The client's file at the desk."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from collector_app.accounts.access import allow, current_actor
from collector_app.agreements.queries import agreements
from collector_app.backing.queries import backing_of
from collector_app.client_file.maps import visits_map
from collector_app.client_file.queries import bills_of, expediente
from collector_app.client_file.rules import EventKind
from collector_app.compliance.sentences import block_sentence
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotFound
from collector_app.planning.queries import Weighed
from collector_app.planning.reasons import reason_sentences, skip_sentences
from collector_app.planning.rules import PlanPolicy
from collector_app.planning.worth import worth_of
from collector_app.portfolio.erasures import is_kept_out
from collector_app.portfolio.queries import client_cards
from collector_app.stages.queries import client_life
from collector_app.sync.evidence_files import shown
from collector_app.sync.queries import Picture, is_picture_of, pictures_of
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
    pictures, weighed = pictures_of(db.session(), client_id), found.weighed
    return render_template(
        "client_file/file.html",
        file=found,
        agreements=[
            one
            for one in agreements(db.session(), current_actor(), day, zone, client_id=client_id)
            if one.proposed_at < clock.local_midnight(day + timedelta(days=1), zone)
        ],
        worth=worth_of(weighed.stop, PlanPolicy(), found.told.currency)
        if weighed and weighed.stop
        else None,
        why=_why(weighed, found.told.currency) if weighed else [],
        pictures=pictures,
        map=visits_map(found, _photos(client_id, pictures)),
        is_erased=is_kept_out(db.session(), client_id),
        kinds=EventKind,
        sentence=block_sentence,
        now=clock.now(),
        day=day,
        today=today,
    )


def _photos(client_id: int, pictures: Mapping[int, Sequence[Picture]]) -> dict[int, str]:
    """Return where the first photo of each visit is, of those that came."""
    first = {
        visit_id: next((one for one in found if one.is_here and not one.is_signature), None)
        for visit_id, found in pictures.items()
    }
    return {
        visit_id: url_for(".picture", client_id=client_id, sha256=photo.sha256)
        for visit_id, photo in first.items()
        if photo
    }


def _why(weighed: Weighed, currency: str) -> list[str]:
    """Return why the last plan visits the client, or why it left them out."""
    if weighed.stop:
        return reason_sentences(weighed.stop.reasons, currency)
    left_out = weighed.left_out
    return skip_sentences(left_out.cause, left_out.facts, currency) if left_out else []


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
    life = client_life(session, client_id, day, zone)
    backing = backing_of(session, client_id, day, zone)
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
