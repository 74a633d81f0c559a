"""Proposals as rows, without drawing them."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from collector_app.core.actor import Actor
from collector_app.portfolio.models import Client
from collector_app.zones.colours import PALETTE
from collector_app.zones.models import ZoneProposal
from collector_app.zones.rules import ProposedZone
from collector_app.zones.services import record_proposal
from collector_app.zones.territories import Drawing
from tests.zones.factories import SQUARE


def make_proposal(
    session: Session, *groups: Sequence[Client], alternative_to: ZoneProposal | None = None
) -> ZoneProposal:
    """A proposal of one zone for each group of clients, drawn a moment ago."""
    drawing = Drawing(
        zones=tuple(
            ProposedZone(
                name=f"Zona {number} · Centro",
                colour=PALETTE[number % len(PALETTE)],
                outline=SQUARE,
                client_ids=tuple(client.id for client in group),
                month_h=10.0 * len(group),
                share=1.0,
                pieces=1,
                month_km=3.0 * len(group),
                overdue_cents=150_000 * len(group),
                mean_distance_m=1200.0,
                tour_m=9000.0,
            )
            for number, group in enumerate(groups, start=1)
        ),
        seed=1,
    )
    proposal = record_proposal(
        session, Actor.system("tests"), drawing, alternative_to=alternative_to
    )
    session.flush()
    return proposal
