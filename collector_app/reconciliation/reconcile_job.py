"""The long job of a file of payments: reads it again and records it in small transactions."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.jobs import Report
from collector_app.exchange.import_job import file_store
from collector_app.reconciliation.movements_file import MovementsFile, read_movements
from collector_app.reconciliation.queries import (
    FileRow,
    clients_of,
    confirmed_payments,
    unconfirmed_payments,
)
from collector_app.reconciliation.queries import files as payment_files
from collector_app.reconciliation.rules import (
    ON_REQUEST,
    Pairing,
    Reconciliation,
    Verdict,
    reconcile,
)
from collector_app.reconciliation.services import apply_lines
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone

KIND = "payment_file_apply"
LINES_AT_ONCE = 50  # phones that send visits meanwhile wait for one such transaction at most


def compare(file: FileRow) -> tuple[MovementsFile, Reconciliation]:
    """Read a file and pair it with our payments as they are now.

    Raises
    ------
    UnreadableFile
        When it is no list of payments.
    """
    session, zone = db.session(), local_zone()
    path = file_store().path(file.file_sha256)
    read = read_movements(path, file.file_name, clock.today(zone))
    days = [one.paid_on for one in read.movements]
    if not days:
        return read, reconcile((), (), {})
    ours, told = (
        payments(session, min(days), max(days), zone, but_not_of=file.id)
        for payments in (unconfirmed_payments, confirmed_payments)
    )
    return read, reconcile(read.movements, ours, clients_of(session, read.movements), told)


def run_reconciliation(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Handle the job ``payment_file_apply``; run twice it records every line once."""
    actor = Actor(arguments["actor_id"], Role(arguments["role"]))
    file_id, chosen = arguments["file_id"], set(arguments["chosen"])
    (file,) = payment_files(db.session(), file_id)
    report(0.0, _("Comparando con los pagos registrados"))
    _read, found = compare(file)
    db.session().rollback()
    lines = [
        one
        for one in found.pairings
        if one.verdict in {Verdict.MATCHED, Verdict.NEW}
        or (one.verdict in ON_REQUEST and one.movement.key in chosen)
    ]
    for first in range(0, len(lines), LINES_AT_ONCE):
        _apply(actor, file_id, lines[first : first + LINES_AT_ONCE])
        done = min(first + LINES_AT_ONCE, len(lines))
        report(done / len(lines), _("Pago %(n)s de %(total)s", n=done, total=len(lines)))
    return {"next_url": f"/conciliacion/{file_id}"}


def _apply(actor: Actor, file_id: int, lines: Sequence[Pairing]) -> None:
    with transaction() as session:
        apply_lines(session, actor, file_id, lines, zone=local_zone())
