"""The job that makes a report, and what the worker looks after from time to time."""

from io import BytesIO
from typing import Any

from flask_babel import gettext as _

from collector_app.core import jobs
from collector_app.core.actor import Actor
from collector_app.core.errors import CollectorError
from collector_app.core.jobs import Report, Stopped
from collector_app.core.spreadsheets import write_workbook
from collector_app.exchange.import_job import file_store
from collector_app.reports.documents import document_of
from collector_app.reports.models import MadeReport
from collector_app.reports.report_pdf import report_pdf
from collector_app.reports.rules import FileKind
from collector_app.reports.services import ask_for_due, keep_failure, keep_files, report_numbered
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone

KIND = "report"
BACK = "/informes"


def run_report(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Handle the job ``report``: make both files, then keep them; run twice it does so twice.

    A failure is kept with the report, which is tried again later.
    """
    report_id = arguments["report_id"]
    try:
        files = _files(report_id, report)
    except Stopped:
        raise
    except Exception as error:
        db.session.rollback()
        with transaction() as session:
            code = error.code if isinstance(error, CollectorError) else "internal"
            keep_failure(session, report_id, code)
        raise
    with transaction() as session:
        keep_files(session, report_id, files)
    return {"next_url": BACK}


def put_into_queue(asked: MadeReport) -> str:
    """Have the worker make a report that is committed; return the id of the job."""
    return jobs.enqueue(
        KIND,
        {"report_id": asked.id, "title": _("Informe"), "back_url": BACK},
        job_id=f"report-{asked.id}-{asked.tries}",
        started_by=asked.asked_by,
    )


def make_due_reports() -> None:
    """Put into the queue what schedules want by now; the worker calls this every half minute."""
    with transaction() as session:
        asked = ask_for_due(session, Actor.system("schedule"), local_zone())
    for one in asked:
        put_into_queue(one)


def _files(report_id: int, report: Report) -> dict[FileKind, str]:
    asked = report_numbered(db.session(), report_id)
    document = document_of(db.session(), asked.kind, asked.day, local_zone())
    db.session.rollback()  # nobody waits for us while files are written
    report(0.5, _("Escribiendo los archivos"))
    contents = {
        FileKind.PDF: report_pdf(document),
        FileKind.XLSX: write_workbook(document.sheets),
    }
    return {kind: file_store().save(BytesIO(text)).sha256 for kind, text in contents.items()}
