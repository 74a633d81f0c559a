"""How the phones are (/telefonos), and what they sent that needs a person (/revision)."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotFound
from collector_app.sync import queries, services
from collector_app.sync.evidence_files import shown
from collector_app.sync.forms import DismissForm
from collector_app.sync.rules import EventState
from collector_app.sync.wording import differences, told_facts
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message

bp = Blueprint("sync", __name__)
WHO_REVIEWS = services.WHO_REVIEWS
WHO_LOOKS = (*WHO_REVIEWS, Role.DISPATCHER)
REORDERS_SHOWN = timedelta(hours=24)


@bp.get("/telefonos")
@allow(*WHO_LOOKS)
def devices() -> str:
    session, now = db.session(), clock.now()
    return render_template(
        "sync/devices.html",
        devices=queries.devices(session, now),
        reorders=queries.reorders_since(session, now - REORDERS_SHOWN),
        waiting=queries.waiting_count(session),
        may_review=current_actor().role in WHO_REVIEWS,
    )


@bp.post("/telefonos/<int:device_id>/baja")
@allow(*WHO_REVIEWS)
def revoke(device_id: int) -> Response:
    with transaction() as session:
        name = services.revoke_device(session, current_actor(), device_id).name
    flash(_("%(name)s quedó dado de baja. Lo que aún mande se guarda en Revisión.", name=name))
    return redirect(url_for(".devices"), code=303)


@bp.get("/revision")
@allow(*WHO_REVIEWS)
def review() -> str:
    return _review(DismissForm())


@bp.get("/revision/fotos/<sha256>")
@allow(*WHO_REVIEWS)
def picture(sha256: str) -> Response:
    """Show a photo or signature of what waits for a decision, and of nothing else."""
    if not queries.is_picture_to_review(db.session(), sha256):
        why = f"no picture {sha256[:64]!r} waits for a decision"
        raise NotFound(why)
    return shown(sha256)


@bp.post("/revision/<int:event_id>/aplicar")
@allow(*WHO_REVIEWS)
def apply_again(event_id: int) -> Response:
    with transaction() as session:
        row = services.apply_again(session, current_actor(), event_id, zone=local_zone())
        state, code, facts = row.state, row.code, dict(row.facts)
    if state is EventState.APPLIED:
        flash(_("Aplicado: ya cuenta como lo que es."), "good")
    else:
        why = message(code or "internal", facts)
        flash(_("Todavía no se puede aplicar. %(why)s", why=why), "warn")
    return redirect(url_for(".review"), code=303)


@bp.post("/revision/<int:event_id>/descartar")
@allow(*WHO_REVIEWS)
def dismiss(event_id: int) -> Answer:
    form = DismissForm()
    if not form.validate_on_submit():
        return _review(form), 422
    with transaction() as session:
        services.dismiss_event(session, current_actor(), event_id, form.reason.data or "")
    flash(_("Descartado. El registro se conserva con el motivo."), "good")
    return redirect(url_for(".review"), code=303)


@bp.post("/revision/conflictos/<int:conflict_id>/aplicar")
@allow(*WHO_REVIEWS)
def apply_other(conflict_id: int) -> Answer:
    form = DismissForm()
    if not form.validate_on_submit():
        return _review(form), 422
    with transaction() as session:
        became = services.apply_other(
            session, current_actor(), conflict_id, form.reason.data or "", zone=local_zone()
        )
    if became.state is EventState.APPLIED:
        flash(_("Aplicada: ahora cuenta la otra versión. La primera se conserva."), "good")
    else:
        why = message(became.code or "internal", dict(became.facts))
        flash(_("No se pudo aplicar y nada cambió. %(why)s", why=why), "warn")
    return redirect(url_for(".review"), code=303)


@bp.post("/revision/conflictos/<int:conflict_id>/descartar")
@allow(*WHO_REVIEWS)
def settle(conflict_id: int) -> Answer:
    form = DismissForm()
    if not form.validate_on_submit():
        return _review(form), 422
    with transaction() as session:
        services.dismiss_conflict(session, current_actor(), conflict_id, form.reason.data or "")
    flash(_("Comparado. Las dos versiones se conservan con el motivo."), "good")
    return redirect(url_for(".review"), code=303)


def _review(form: DismissForm) -> str:
    session = db.session()
    return render_template(
        "sync/review.html",
        form=form,
        waiting=queries.waiting_events(session),
        conflicts=queries.conflicts(session),
        told_facts=told_facts,
        differences=differences,
        why=message,
    )
