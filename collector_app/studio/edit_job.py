"""The durable job that divides or evens a large draft: worked out outside any transaction."""

from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _

from collector_app.accounts.queries import actor_with_id
from collector_app.core import clock
from collector_app.core.jobs import Report
from collector_app.studio import queries, services
from collector_app.studio.pacing import pacing
from collector_app.studio.rules import division_from_json
from collector_app.studio.streets import streets
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone

KIND = "draft_division"


@dataclass(frozen=True, slots=True)
class DivisionOrder:
    """What somebody asked of a draft, the version they looked at, and why.

    `job_id` makes a job that runs twice leave one edit; `order` is as `division_as_json` writes it;
    `ends_early` says that the job knows how to end with the best zones that it has.
    """

    job_id: str
    user_id: int
    draft_id: int
    seen: int
    order: dict[str, Any]
    note: str
    title: str
    back_url: str
    ends_early: bool = True

    def as_arguments(self) -> dict[str, Any]:
        """Return what the queue keeps."""
        return asdict(self)


def run_division(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Work out a division and add it to its draft; says where to look at it."""
    wanted = DivisionOrder(**arguments)
    session = db.session()
    actor = actor_with_id(session, wanted.user_id)
    actor.require(*services.EDITORS)
    done = {"draft_id": wanted.draft_id, "next_url": wanted.back_url}
    if queries.is_made(session, wanted.job_id):
        return done  # the worker died between writing and telling so
    order = division_from_json(wanted.order)
    report(0.1, str(_("Leyendo el borrador")))
    land = queries.land_now(session, clock.today(local_zone()), streets())
    effect = services.effect_on_draft(
        session,
        wanted.draft_id,
        wanted.seen,
        order,
        land,
        pacing(wanted.job_id, report, str(_("Repartiendo a los clientes"))),
    )
    report(0.9, str(_("Guardando el cambio")))
    session.rollback()  # what was read is done with
    made = services.MadeEdit(order, effect, wanted.note, wanted.job_id)
    with transaction() as writing:
        services.record_edit(writing, actor, wanted.draft_id, wanted.seen, made)
    return done
