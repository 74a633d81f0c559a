"""Datos personales: a client's own data, its correction and deletion, and whose time is over."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.audit.services import log
from collector_app.complaints.queries import waiting_data_rights
from collector_app.compliance.sentences import source_words
from collector_app.core import clock, jobs
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound, Unavailable
from collector_app.core.jobs import JobState, JobStatus
from collector_app.payments.receipts import ReceiptRow
from collector_app.portfolio.erasures import is_kept_out
from collector_app.portfolio.queries import ClientCard, client_cards
from collector_app.privacy import queries, services
from collector_app.privacy.erased_files import delete_erased_files
from collector_app.privacy.forms import CorrectionForm, ErasureForm
from collector_app.privacy.own_data import own_data
from collector_app.privacy.retention_job import KIND
from collector_app.privacy.rules import DataStillNeeded
from collector_app.web.downloads import download
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message

bp = Blueprint("privacy", __name__)
DESK = (Role.SUPERVISOR, Role.ADMIN)


@bp.get("")
@allow(*DESK)
def overview() -> str:
    session, today = db.session(), clock.today(local_zone())
    found = queries.retention(session, today, local_zone())
    return render_template(
        "privacy/overview.html",
        found=found,
        cards=client_cards(session, {*found.over, *found.owing}),
        may_erase=current_actor().role is Role.ADMIN,
        asked=waiting_data_rights(session, local_zone()),
        today=today,
        source_words=source_words,
        last_run=_last_run(),
        failed=JobState.FAILED,
    )


def _last_run() -> JobStatus | None:
    try:
        return jobs.last_run(KIND)
    except Unavailable:
        return None


@bp.post("/vencidos/borrar")
@allow(Role.ADMIN)
def erase_over() -> Answer:
    with transaction() as session:
        erased = services.apply_retention(
            session, current_actor(), day=clock.today(local_zone()), zone=local_zone()
        ).count
    delete_erased_files()
    flash(_("Clientes cuyos datos se borraron: %(n)s.", n=erased), "good")
    return redirect(url_for(".overview"), code=303)


@bp.get("/<int:client_id>")
@allow(*DESK)
def client(client_id: int) -> str:
    card, form = _card(client_id), CorrectionForm()
    form.show(card)
    return _page(card, form, ErasureForm())


@bp.get("/<int:client_id>.zip")
@allow(*DESK)
def data(client_id: int) -> Response:
    """Hand out everything about a client, for themselves; who took it away stands in the log."""
    _card(client_id)
    content = own_data(db.session(), client_id, _public_address)
    with transaction() as session:
        log(session, current_actor(), "client.data_handed_out", f"client:{client_id}")
    answer = download(content, f"datos-{client_id}.zip", "application/zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _public_address(receipt: ReceiptRow) -> str:
    return url_for("payments.verify", code=receipt.code, _external=True)


@bp.post("/<int:client_id>/corregir")
@allow(*DESK)
def correct(client_id: int) -> Answer:
    card, form = _card(client_id), CorrectionForm()
    if not form.validate_on_submit():
        return _page(card, form, ErasureForm()), 422
    try:
        with transaction() as session:
            changed = services.correct(session, current_actor(), client_id, form.correction())
    except InvalidInput as error:
        form[error.field].errors = [message(error.code, error.facts)]
        return _page(card, form, ErasureForm()), 422
    flash(_("Datos corregidos.") if changed else _("No había nada que corregir."), "good")
    return redirect(url_for(".client", client_id=client_id), code=303)


@bp.post("/<int:client_id>/borrar")
@allow(Role.ADMIN)
def erase(client_id: int) -> Answer:
    card, form, correction = _card(client_id), ErasureForm(), CorrectionForm()
    try:
        with transaction() as session:
            services.erase(
                session,
                current_actor(),
                client_id,
                form.reason.data or "",
                day=clock.today(local_zone()),
                zone=local_zone(),
            )
    except InvalidInput as error:
        form.reason.errors = [message(error.code, error.facts)]
    except DataStillNeeded as error:
        form.reason.errors = [message(error.code, error.facts)]
    else:
        delete_erased_files()
        flash(_("Se borraron los datos. Los importes y las fechas se conservan."), "good")
        return redirect(url_for(".client", client_id=client_id), code=303)
    correction.show(card)
    return _page(card, correction, form), 422


@bp.post("/<int:client_id>/readmitir")
@allow(Role.ADMIN)
def readmit(client_id: int) -> Answer:
    card, form, correction = _card(client_id), ErasureForm(), CorrectionForm()
    try:
        with transaction() as session:
            services.readmit(session, current_actor(), client_id, form.reason.data or "")
    except InvalidInput as error:
        form.reason.errors = [message(error.code, error.facts)]
        correction.show(card)
        return _page(card, correction, form), 422
    flash(_("La próxima cartera puede volver a traer sus datos."), "good")
    return redirect(url_for(".client", client_id=client_id), code=303)


def _page(card: ClientCard, form: CorrectionForm, erasure: ErasureForm) -> str:
    return render_template(
        "privacy/client.html",
        client=card,
        form=form,
        erasure=erasure,
        may_erase=current_actor().role is Role.ADMIN,
        is_kept_out=is_kept_out(db.session(), card.id),
    )


def _card(client_id: int) -> ClientCard:
    card = client_cards(db.session(), [client_id]).get(client_id)
    if card is None:
        message_ = f"no client {client_id}"
        raise NotFound(message_)
    return card
