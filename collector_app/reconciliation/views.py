"""Conciliación: upload the creditor's payments, look at what they are, accept, take back."""

from pathlib import PurePath
from uuid import uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import jobs
from collector_app.core.errors import NotFound
from collector_app.core.money import USUAL_CURRENCY, summed
from collector_app.exchange.import_job import file_store
from collector_app.exchange.rules import UnreadableFile
from collector_app.exchange.wording import file_sentence, issue_sentence
from collector_app.payments.queries import currencies_of
from collector_app.reconciliation import queries, services
from collector_app.reconciliation.forms import PaymentFileForm, TakeBackForm
from collector_app.reconciliation.movements_file import headings
from collector_app.reconciliation.queries import FileRow
from collector_app.reconciliation.reconcile_job import KIND, compare
from collector_app.reconciliation.rules import Verdict
from collector_app.reconciliation.services import WHO_RECONCILES
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone

bp = Blueprint("reconciliation", __name__)

ROWS_SHOWN = 200


@bp.get("")
@allow(*WHO_RECONCILES)
def upload() -> str:
    return _upload_page(PaymentFileForm())


@bp.post("")
@allow(*WHO_RECONCILES)
def receive() -> Answer:
    """Keep a file and note it, unless it can't be read: then say why beside its field."""
    form = PaymentFileForm()
    if not form.validate_on_submit():
        return _upload_page(form), 422
    name = PurePath((form.file.data.filename or "").replace("\\", "/")).name
    stored = file_store().save(form.file.data.stream)
    with transaction() as session:
        file_id = services.receive_file(session, current_actor(), stored, name).id
        file = _file(file_id)
        try:
            compare(file)
        except UnreadableFile as error:
            session.rollback()
            form.file.errors = [file_sentence(error.problem, error.facts)]
            return _upload_page(form), 422
    return redirect(url_for(".preview", file_id=file_id), code=303)


@bp.get("/<int:file_id>")
@allow(*WHO_RECONCILES)
def preview(file_id: int) -> str:
    return _preview_page(_file(file_id), TakeBackForm())


@bp.post("/<int:file_id>/aceptar")
@allow(*WHO_RECONCILES)
def accept(file_id: int) -> Response:
    actor, job_id = current_actor(), uuid4().hex
    file = _file(file_id)
    with transaction() as session:
        services.start_applying(session, actor, file_id)
    jobs.enqueue(
        KIND,
        {
            "file_id": file_id,
            "chosen": request.form.getlist("chosen"),
            "actor_id": actor.user_id,
            "role": actor.role.value,
            "title": _("Conciliación de %(file)s", file=file.file_name),
            "back_url": url_for(".preview", file_id=file_id),
        },
        job_id=job_id,
        started_by=actor.user_id,
    )
    return redirect(url_for("jobs.progress", job_id=job_id), code=303)


@bp.post("/<int:file_id>/deshacer")
@allow(*WHO_RECONCILES)
def take_back(file_id: int) -> Answer:
    form = TakeBackForm()
    if not form.validate_on_submit():
        return _preview_page(_file(file_id), form), 422
    with transaction() as session:
        count = services.take_back(
            session, current_actor(), file_id, form.reason.data or "", zone=local_zone()
        )
    flash(ngettext("%(num)s pago anulado.", "%(num)s pagos anulados.", count), "good")
    return redirect(url_for(".preview", file_id=file_id), code=303)


def _upload_page(form: PaymentFileForm) -> str:
    return render_template(
        "reconciliation/upload.html",
        form=form,
        files=queries.files(db.session()),
        headings=headings(),
        max_mb=current_app.config["MAX_CONTENT_LENGTH"] >> 20,
    )


def _preview_page(file: FileRow, form: TakeBackForm) -> str:
    read, found = compare(file)
    client_ids = {one.client_id for one in found.pairings if one.client_id is not None}
    client_ids |= {one.client_id for one in found.unconfirmed}
    known = currencies_of(db.session(), client_ids)
    new = [
        (known.get(one.client_id or 0, USUAL_CURRENCY), one.movement.amount_cents)
        for one in found.of(Verdict.NEW)
    ]
    return render_template(
        "reconciliation/preview.html",
        file=file,
        form=form,
        issues=read.issues,
        found=found,
        verdicts=Verdict,
        names=queries.names_of(db.session(), client_ids),
        currency_of=lambda client_id: known.get(client_id, USUAL_CURRENCY),
        new_sums=summed(new),
        sentence=issue_sentence,
        rows_shown=ROWS_SHOWN,
    )


def _file(file_id: int) -> FileRow:
    found = queries.files(db.session(), file_id)
    if not found:
        message = f"no file of payments {file_id}"
        raise NotFound(message)
    return found[0]
