"""`flask worker`: runs durable jobs, each kind by its handler."""

import platform
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from collector_app.agenda import questions as agenda
from collector_app.analysis import questions as analysis
from collector_app.core import clock, jobs
from collector_app.core.jobs import AlreadyRunning, Handler, Report
from collector_app.core.priority import give_way
from collector_app.dispatch.optimising_job import KIND as OPTIMISE
from collector_app.dispatch.optimising_job import run_optimising
from collector_app.exchange.import_job import apply_import, preview_import
from collector_app.figures import asked_job, renewal_job
from collector_app.follow_up import questions as follow_up
from collector_app.indicators import questions as indicators
from collector_app.jobs import services
from collector_app.locations import questions as locations
from collector_app.planning.day_plan import run_plan
from collector_app.playbook import questions as playbook
from collector_app.privacy import retention_job
from collector_app.reconciliation.reconcile_job import KIND as RECONCILE
from collector_app.reconciliation.reconcile_job import run_reconciliation
from collector_app.reports.report_job import KIND as REPORT
from collector_app.reports.report_job import make_due_reports, run_report
from collector_app.strategy import questions as strategy
from collector_app.studio.edit_job import KIND as DIVIDE_DRAFT
from collector_app.studio.edit_job import run_division
from collector_app.studio.proposal_job import run_proposal
from collector_app.violations import judging_job
from collector_app.web.extensions import transaction
from collector_app.web.words import message
from collector_app.webhooks.delivery_job import KIND as WEBHOOK
from collector_app.webhooks.delivery_job import run_deliveries, tell_webhooks
from collector_app.zones import questions as zones
from collector_app.zones.proposal_order import KIND as PROPOSE_ZONES

# What the usual pages ask of the whole cartera, added up before somebody opens them.
USUAL: tuple[renewal_job.Usual, ...] = (
    agenda.usual_questions,
    analysis.usual_questions,
    follow_up.usual_questions,
    indicators.usual_questions,
    locations.usual_questions,
    playbook.usual_questions,
    strategy.usual_questions,
    zones.usual_questions,
)
# Job kind -> handler; one line each.
HANDLERS: dict[str, Handler] = {
    "plan_day": run_plan,
    "import_preview": preview_import,
    "import_apply": apply_import,
    PROPOSE_ZONES: run_proposal,
    DIVIDE_DRAFT: run_division,
    RECONCILE: run_reconciliation,
    REPORT: run_report,
    retention_job.KIND: retention_job.run_retention,
    judging_job.KIND: judging_job.run_judging,
    judging_job.ARRIVALS: judging_job.run_judging_arrivals,
    WEBHOOK: run_deliveries,
    renewal_job.KIND: renewal_job.begin_renewal,
    renewal_job.NEXT_KIND: partial(renewal_job.renew_next, USUAL),
    asked_job.KIND: partial(asked_job.answer_asked, indicators.CHOSEN),
    OPTIMISE: run_optimising,
}
# What comes by itself.
RECURRING = (
    retention_job.DAILY,
    judging_job.HOURLY,
    judging_job.EVERY_MINUTE,
    renewal_job.EVERY_MINUTE,
)


def put_recurring() -> None:
    """Put the jobs of the present periods into the queue."""
    jobs.enqueue_due(RECURRING, clock.now())


# What the worker looks after every few seconds; each puts jobs into the queue.
CHORES = (make_due_reports, put_recurring, tell_webhooks)


def give_sign(slot: str, *, is_last: bool = False) -> None:
    """Leave word for the pages that this worker is alive, or that it stops."""
    with transaction() as session:
        services.give_sign(session, platform.node(), slot, clock.now(), is_last=is_last)


def run_inside(app: Flask, handler: Handler, arguments: dict[str, Any], report: Report) -> Any:
    """Run a handler with the application at hand: settings, database, words."""
    with app.app_context():
        return handler(arguments, report)


def do_inside(app: Flask, chore: Callable[[], None]) -> None:
    """Do a chore with the application at hand."""
    with app.app_context():
        chore()


@click.command("worker")
@click.option(
    "--slot", default="1", show_default=True, help="Nombre de este trabajador en esta máquina."
)
@with_appcontext
def worker(slot: str) -> None:
    """Atiende los trabajos largos: planes, importaciones, zonas."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    handlers = {kind: partial(run_inside, app, handler) for kind, handler in HANDLERS.items()}
    give_way()  # a plan that is computed must not keep a phone waiting
    click.echo(_("Trabajador %(slot)s: empieza; Ctrl+C lo detiene.", slot=slot))
    try:
        alive = partial(give_sign, slot)
        jobs.work(
            handlers,
            slot=slot,
            folder=Path(app.instance_path),
            chores=[partial(do_inside, app, chore) for chore in (alive, *CHORES)],
            farewell=[partial(do_inside, app, partial(alive, is_last=True))],
        )
    except AlreadyRunning as error:
        raise click.ClickException(message(error.code, error.facts)) from error
