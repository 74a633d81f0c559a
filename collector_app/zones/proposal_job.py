"""The durable job that draws zones: read, draw outside any transaction, keep the proposal."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from collector_app.accounts.models import User
from collector_app.city.packs import streets_in_use
from collector_app.core.actor import Actor
from collector_app.core.errors import NotFound
from collector_app.core.jobs import Report
from collector_app.web.extensions import db, transaction
from collector_app.zones import services, territories
from collector_app.zones.queries import located
from routing.travel.streets.pack import Pack

KIND = "zones_propose"


@dataclass(frozen=True, slots=True)
class ProposalOrder:
    """What somebody asked for; `job_id` makes a job that runs twice leave one proposal."""

    job_id: str
    user_id: int
    zone_count: int
    title: str
    back_url: str

    def as_arguments(self) -> dict[str, Any]:
        """Return what the queue keeps."""
        return asdict(self)


def run_proposal(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Draw zones and keep them as a proposal; says where to look at it."""
    order = ProposalOrder(**arguments)
    actor = _actor(order.user_id)
    actor.require(*services.WRITERS)
    report(0.1, str(_("Leyendo dónde están los clientes")))
    clients = located(db.session())
    report(0.3, str(_("Trazando zonas parejas")))
    drawn = territories.draw(clients, order.zone_count, streets=_streets())
    report(0.9, str(_("Guardando la propuesta")))
    with transaction() as session:
        proposal = services.record_proposal(session, actor, drawn, job_id=order.job_id)
        proposal_id = proposal.id
    return {"proposal_id": proposal_id, "next_url": f"/zonas/propuestas/{proposal_id}"}


def _streets() -> Pack | None:
    return streets_in_use(Path(current_app.instance_path), current_app.config["CITY"])


def _actor(user_id: int) -> Actor:
    user = db.session().get(User, user_id)
    if user is None:
        message = f"no user {user_id}"
        raise NotFound(message)
    return Actor(user_id=user.id, role=user.role, name=user.full_name)
