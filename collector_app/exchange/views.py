"""Importar cartera: upload, preview, accept, history."""

from pathlib import Path, PurePath
from uuid import uuid4

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import clock, jobs
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.core.spreadsheets import write_xlsx
from collector_app.exchange import queries, services, wording
from collector_app.exchange.columns import columns, template_row
from collector_app.exchange.forms import UploadForm
from collector_app.exchange.import_job import file_store
from collector_app.exchange.queries import BatchRow
from collector_app.exchange.usual_country import usual_country
from collector_app.web.downloads import XLSX, download
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import fecha, local_zone
from collector_app.web.pages import page_of_request

bp = Blueprint("exchange", __name__)

IMPORTERS = (Role.DISPATCHER, Role.ADMIN)
HISTORY_ROWS = 20


@bp.get("")
@allow(*IMPORTERS)
def upload() -> str:
    return _upload_page(UploadForm())


@bp.post("")
@allow(*IMPORTERS)
def receive() -> Answer:
    form = UploadForm()
    form.offer(_usual_country())
    if not form.validate_on_submit():
        return _upload_page(form), 422
    file, actor = form.file.data, current_actor()
    stored = file_store().save(file.stream)
    name = _name_of(file.filename)
    try:
        with transaction() as session:
            batch = services.draft(session, actor, stored, name, form.to_command(), local_zone())
            batch.job_id = uuid4().hex
            services.receive_file(session, actor, batch)
            batch_id, job_id = batch.id, batch.job_id
    except InvalidInput as error:
        _show_on(form, error)
        return _upload_page(form), 422
    _start("import_preview", batch_id, job_id, _("Revisión de %(file)s", file=name))
    return redirect(url_for("jobs.progress", job_id=job_id), code=303)


@bp.get("/plantilla.xlsx")
@allow(*IMPORTERS)
def template() -> Response:
    titles = {column.field: column.title for column in columns()}
    return download(write_xlsx(titles, [template_row()], "Cartera"), "plantilla-cartera.xlsx", XLSX)


@bp.get("/<int:batch_id>")
@allow(*IMPORTERS)
def preview(batch_id: int) -> str:
    batch = _batch(batch_id)
    return render_template(
        "exchange/preview.html",
        batch=batch,
        sentence=wording.issue_sentence,
        file_sentence=wording.file_sentence,
        field_title=wording.field_title,
        change_value=wording.change_value,
    )


@bp.post("/<int:batch_id>/aceptar")
@allow(*IMPORTERS)
def accept(batch_id: int) -> BaseResponse:
    batch = _batch(batch_id)
    fingerprint = batch.summary.fingerprint if batch.summary else ""
    if request.form.get("fingerprint") != fingerprint:
        flash(_("La revisión cambió mientras tanto. Mírala otra vez antes de aceptar."), "warn")
        return redirect(url_for(".preview", batch_id=batch_id), code=303)
    job_id = uuid4().hex  # of two jobs started by pressing twice, the second finds it applied
    with transaction() as session:
        services.request_apply(session, current_actor(), batch_id, job_id)
    _start("import_apply", batch_id, job_id, _("Importación de %(file)s", file=batch.file_name))
    return redirect(url_for("jobs.progress", job_id=job_id), code=303)


@bp.post("/<int:batch_id>/revisar")
@allow(*IMPORTERS)
def review(batch_id: int) -> BaseResponse:
    batch, job_id = _batch(batch_id), uuid4().hex
    with transaction() as session:
        services.request_preview(session, current_actor(), batch_id, job_id)
    _start("import_preview", batch_id, job_id, _("Revisión de %(file)s", file=batch.file_name))
    return redirect(url_for("jobs.progress", job_id=job_id), code=303)


@bp.get("/<int:batch_id>/observaciones.<any(xlsx, csv):kind>")
@allow(*IMPORTERS)
def observations(batch_id: int, kind: str) -> Response:
    batch = _batch(batch_id)
    kept = batch.summary.observations if batch.summary else None
    if kept is None:
        message = f"import {batch_id} has no observations"
        raise NotFound(message)
    sha256, mimetype = (kept.xlsx_sha256, XLSX) if kind == "xlsx" else (kept.csv_sha256, "text/csv")
    with file_store().open(sha256) as file:
        return download(file.read(), f"observaciones-{batch_id}.{kind}", mimetype)


def _name_of(path: str) -> str:
    """Return what people call an uploaded file: some browsers send a path."""
    name = PurePath(path.replace("\\", "/")).name
    return "".join(sign for sign in name if sign.isprintable())


def _upload_page(form: UploadForm) -> str:
    form.offer(_usual_country())
    session = db.session()
    page = page_of_request(queries.batch_count(session), HISTORY_ROWS)
    return render_template(
        "exchange/upload.html",
        form=form,
        columns=columns(),
        page=page,
        batches=queries.batches(session, offset=page.offset, limit=page.size),
        today=clock.today(local_zone()),
        max_mb=current_app.config["MAX_CONTENT_LENGTH"] >> 20,
    )


def _usual_country() -> str:
    config, instance = current_app.config, Path(current_app.instance_path)
    return usual_country(db.session(), instance, config["CITY"], config["LOCALE"])


def _show_on(form: UploadForm, error: InvalidInput) -> None:
    sentence = _("Elige un día hasta hoy, %(today)s.", today=fecha(clock.today(local_zone())))
    if error.field == "cut_on":
        form.cut_on.errors = [sentence]
    else:
        form.country.errors = [_("Elige un país de la lista.")]


def _start(kind: str, batch_id: int, job_id: str, title: str) -> None:
    actor = current_actor()
    jobs.enqueue(
        kind,
        {
            "batch_id": batch_id,
            "actor_id": actor.user_id,
            "role": actor.role.value,
            "title": title,
            "back_url": url_for(".preview", batch_id=batch_id),
        },
        job_id=job_id,
        started_by=actor.user_id,
    )


def _batch(batch_id: int) -> BatchRow:
    batch = queries.batch_row(db.session(), batch_id)
    if batch is None:
        message = f"no import {batch_id}"
        raise NotFound(message)
    return batch
