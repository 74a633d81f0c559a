"""The durable job that searches for better routes of a large board, and adds them as an edit."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from collector_app.core import jobs
from collector_app.core.actor import Actor, Role
from collector_app.core.jobs import Report
from collector_app.dispatch import services
from collector_app.dispatch.editing import drafted
from collector_app.dispatch.optimising import BoardSearch
from collector_app.dispatch.rules import Optimise
from collector_app.planning.directions import travel_of
from collector_app.planning.travel_times import travel_settings
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from routing.solver import SolverParams

KIND = "board_optimise"
MANY_ROUTES = 12  # from here on a search takes longer than people wait for a page
SEARCH_S = 20


@dataclass(frozen=True, slots=True)
class OptimiseOrder:
    """Which board to search around, as somebody saw it."""

    job_id: str
    plan_id: int
    seen: int
    actor_id: int | None
    role: str
    title: str
    back_url: str
    ends_early: bool = True


def request_optimising(order: OptimiseOrder) -> str:
    """Put the search into the queue and return the id of the job."""
    return jobs.enqueue(KIND, asdict(order), job_id=order.job_id, started_by=order.actor_id)


def run_optimising(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Search and add what was found as one edit; who edited the board meanwhile is not run over."""
    order = OptimiseOrder(**arguments)
    actor = Actor(order.actor_id, Role(order.role))
    report(0.0, _("Leyendo las rutas"))
    session = db.session()
    made = drafted(
        session,
        order.plan_id,
        order.seen,
        Optimise(),
        zone=local_zone(),
        travel=travel_of(travel_settings(current_app.config, Path(current_app.instance_path))),
        search=BoardSearch(SolverParams(seconds=SEARCH_S), _pacing(order.job_id, report)),
    )
    session.rollback()  # what was read is read again, locked
    with transaction() as writing:
        services.add_edit(
            writing,
            actor,
            order.plan_id,
            order.seen,
            kind=made.kind,
            what=made.what,
            cost=made.cost,
            effect=made.effect,
        )
    return {"next_url": order.back_url}


def _pacing(job_id: str, report: Report) -> Callable[[], bool]:
    """Return what the search asks now and then: tells how far it is, and whether to end."""
    begun_s, ends_early = monotonic(), jobs.early_end(job_id)

    def should_stop() -> bool:
        share = min(1.0, (monotonic() - begun_s) / SEARCH_S)
        report(0.1 + 0.8 * share, _("Buscando mejores rutas alrededor de tus cambios"))
        return ends_early()

    return should_stop
