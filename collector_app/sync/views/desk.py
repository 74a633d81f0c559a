"""How the phones are (/telefonos), and what they sent that needs a person (/revision)."""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.sync import queries, services
from collector_app.sync.evidence_files import evidence_store, shown
from collector_app.sync.forms import CopyForm, DismissForm
from collector_app.sync.office_keys import office_keys
from collector_app.sync.rules import AnswerState, EventState, read_copy
from collector_app.sync.services import TakenCopy
from collector_app.sync.wording import differences, told_facts
from collector_app.web.extensions import db, in_line, transaction
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


@bp.post("/revision/copia")
@allow(*WHO_REVIEWS)
def take_copy() -> Answer:
    """Take in the file that a phone saved; what is wrong with the file stands beside its field."""
    form = CopyForm()
    if not form.validate_on_submit():
        return _review(DismissForm(), form), 422
    data = form.file.data.read()
    try:
        with in_line():
            copy = read_copy(data, office_keys())
            with transaction() as session:
                taken = services.take_copy(
                    session, current_actor(), copy, evidence_store(), zone=local_zone()
                )
    except InvalidInput as error:
        form.file.errors = [message(error.code, error.facts)]
        return _review(DismissForm(), form), 422
    flash(_taken(taken), "warn" if _is_incomplete(taken) else "good")
    return redirect(url_for(".review"), code=303)


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


def _taken(taken: TakenCopy) -> str:
    """Say what became of each part of a copy, the usual parts even where they are none."""
    states, parts = taken.states, list[str]()
    new = states[AnswerState.APPLIED]
    parts.append(ngettext("%(num)s registro nuevo", "%(num)s registros nuevos", new))
    parts.append(_("%(num)s ya estaban", num=states[AnswerState.DUPLICATE]))
    if waiting := states[AnswerState.WAITING] + states[AnswerState.CONFLICT]:
        parts.append(_("%(num)s esperan aquí tu decisión", num=waiting))
    if broken := states[AnswerState.REJECTED]:
        parts.append(_("%(num)s no se pudieron leer", num=broken))
    parts.append(ngettext("%(num)s foto", "%(num)s fotos", taken.photos))
    if taken.broken_photos:
        broken = taken.broken_photos
        parts.append(ngettext("%(num)s foto dañada", "%(num)s fotos dañadas", broken))
    whole: str = _("Copia de %(name)s: %(parts)s.", name=taken.collector, parts=", ".join(parts))
    return whole


def _is_incomplete(taken: TakenCopy) -> bool:
    return bool(taken.states[AnswerState.REJECTED] or taken.broken_photos)


def _review(form: DismissForm, copy_form: CopyForm | None = None) -> str:
    session = db.session()
    return render_template(
        "sync/review.html",
        form=form,
        copy_form=copy_form or CopyForm(),
        max_mb=current_app.config["MAX_CONTENT_LENGTH"] >> 20,
        waiting=queries.waiting_events(session),
        conflicts=queries.conflicts(session),
        told_facts=told_facts,
        differences=differences,
        why=message,
    )
