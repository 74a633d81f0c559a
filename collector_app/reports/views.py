"""Informes: those that were made, one now, and those that make themselves."""

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.exchange.import_job import file_store
from collector_app.reports import services
from collector_app.reports.forms import AskForm, ScheduleForm
from collector_app.reports.queries import latest_reports, schedules
from collector_app.reports.report_job import put_into_queue
from collector_app.reports.rules import FileKind, ReportState
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import label, message

bp = Blueprint("reports", __name__)

READERS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get("")
@allow(*READERS)
def overview() -> str:
    return _page(AskForm(formdata=None), ScheduleForm(formdata=None))


@bp.post("")
@allow(*READERS)
def ask() -> Answer:
    form = AskForm()
    if not form.validate_on_submit():
        return _page(form, ScheduleForm(formdata=None)), 422
    with transaction() as session:
        asked = services.ask_for_report(session, current_actor(), form.kind.data, form.day.data)
    return redirect(url_for("jobs.progress", job_id=put_into_queue(asked)), code=303)


@bp.post("/<int:report_id>/otra-vez")
@allow(*READERS)
def again(report_id: int) -> Response:
    with transaction() as session:
        asked = services.try_again(session, current_actor(), report_id)
    put_into_queue(asked)
    return redirect(url_for(".overview"), code=303)


@bp.get("/<int:report_id>/<any(pdf, xlsx):file_kind>")
@allow(*READERS)
def file(report_id: int, file_kind: str) -> Response:
    found = services.report_numbered(db.session(), report_id)
    kept = found.pdf_sha256 if file_kind == FileKind.PDF else found.xlsx_sha256
    if found.state is not ReportState.MADE or kept is None:
        text = f"report {report_id} has no file"
        raise NotFound(text)
    return send_file(
        file_store().path(kept),
        mimetype=TYPES[FileKind(file_kind)],
        as_attachment=True,
        download_name=f"{label(found.kind)} {found.day.isoformat()}.{file_kind}",
        max_age=0,
    )


@bp.post("/horarios")
@allow(*READERS)
def schedule() -> Answer:
    form = ScheduleForm()
    if not form.validate_on_submit():
        return _page(AskForm(formdata=None), form), 422
    try:
        with transaction() as session:
            services.schedule_report(
                session, current_actor(), form.scheduled_kind.data, form.hours()
            )
    except InvalidInput as error:
        form.weekdays.errors = [message(error.code, error.facts)]
        return _page(AskForm(formdata=None), form), 422
    flash(_("Programado: aparecerá aquí cuando se haga."), "good")
    return redirect(url_for(".overview"), code=303)


@bp.post("/horarios/<int:schedule_id>/terminar")
@allow(*READERS)
def end(schedule_id: int) -> Response:
    with transaction() as session:
        services.end_schedule(session, current_actor(), schedule_id)
    return redirect(url_for(".overview"), code=303)


def _page(ask_form: AskForm, schedule_form: ScheduleForm) -> str:
    session = db.session()
    ask_form.day.data = ask_form.day.data or clock.today(local_zone())
    if request.method == "GET":
        schedule_form.weekdays.data = list(range(5))
    return render_template(
        "reports/overview.html",
        ask_form=ask_form,
        schedule_form=schedule_form,
        schedules=schedules(session),
        reports=latest_reports(session),
        states=ReportState,
        message=message,
    )
