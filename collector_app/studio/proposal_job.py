"""The durable job that draws zones: read, draw outside any transaction, keep the proposal."""

from typing import Any

from flask_babel import gettext as _

from collector_app.accounts.queries import actor_with_id
from collector_app.core import clock
from collector_app.core.jobs import Report
from collector_app.studio.proposing import ProposalWish, draw_proposal
from collector_app.studio.rules import DivideAll
from collector_app.studio.streets import streets
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.zones import services
from collector_app.zones.proposal_order import ProposalOrder


def run_proposal(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Draw zones and keep them as a proposal; says where to look at it."""
    order = ProposalOrder(**arguments)
    session = db.session()
    actor = actor_with_id(session, order.user_id)
    actor.require(*services.WRITERS)
    report(0.1, str(_("Leyendo dónde están los clientes")))
    wish = ProposalWish(
        DivideAll(order.zone_count, order.whole_colonias, order.around_starts),
        tuple(order.locked_zone_ids),
        tuple(order.barred_streets),
    )
    report(0.3, str(_("Trazando zonas parejas")))
    drawing = draw_proposal(session, wish, clock.today(local_zone()), streets())
    report(0.9, str(_("Guardando la propuesta")))
    session.rollback()  # what was read is done with
    with transaction() as writing:
        proposal = services.record_proposal(writing, actor, drawing, job_id=order.job_id)
        proposal_id = proposal.id
    return {"proposal_id": proposal_id, "next_url": f"/zonas/propuestas/{proposal_id}"}
