"""The durable job that draws zones: read, draw outside any transaction, keep the proposals."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from collector_app.accounts.queries import actor_with_id
from collector_app.core import clock
from collector_app.core.jobs import Report
from collector_app.studio.pacing import pacing
from collector_app.studio.proposing import ProposalWish, draw_proposal
from collector_app.studio.rules import Barrier, DivideAll
from collector_app.studio.streets import streets
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.zones import services
from collector_app.zones.proposal_order import ProposalOrder


def run_proposal(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Draw zones and keep them as a proposal; says where to look at it.

    Beside today's zones made even stands a cold division.
    """
    order = ProposalOrder(**arguments)
    session = db.session()
    actor = actor_with_id(session, order.user_id)
    actor.require(*services.WRITERS)
    report(0.1, str(_("Leyendo dónde están los clientes")))
    wish = ProposalWish(
        DivideAll(order.zone_count, order.whole_colonias, order.around_starts),
        tuple(order.locked_zone_ids),
        tuple(order.barred_streets),
        tuple(Barrier.from_json(one) for one in order.barriers),
    )
    ends_early = pacing(order.job_id, report, str(_("Trazando zonas parejas")))
    today = clock.today(local_zone())
    even = None
    if order.from_today:
        even = draw_proposal(
            session, replace(wish, from_today=True), today, local_zone(), streets()
        )
    anew = draw_proposal(session, wish, today, local_zone(), streets(), ends_early)
    report(0.9, str(_("Guardando la propuesta")))
    session.rollback()  # what was read is done with
    with transaction() as writing:
        proposal = services.record_proposal(writing, actor, even or anew, job_id=order.job_id)
        proposal_id = proposal.id
        if even:
            services.record_proposal(
                writing, actor, anew, job_id=f"{order.job_id}-cold", alternative_to=proposal
            )
    return {"proposal_id": proposal_id, "next_url": f"/zonas/propuestas/{proposal_id}"}
