"""flask zones propose: draw zones from the command line."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import click
from flask_babel import gettext as _

from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.errors import CollectorError
from collector_app.studio.proposing import ProposalWish, draw_proposal
from collector_app.studio.rules import DivideAll
from collector_app.studio.streets import streets
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message
from collector_app.zones import queries, services, territories
from collector_app.zones.cli import NOBODY, load_table, show_table, zones
from collector_app.zones.rules import ProposedZone

__all__ = ["zones"]


@zones.command("propose")
@click.option("--zones", "zone_count", type=int, required=True, metavar="K", help="Cuántas zonas.")
@click.option(
    "--seed", type=int, default=1, show_default=True, help="El mismo número da las mismas zonas."
)
@click.option("--whole-colonias", is_flag=True, help="Sin partir colonias.")
@click.option("--around-starts", is_flag=True, help="Cada zona alrededor de donde sale su gestor.")
@click.option(
    "--lock", "locked", type=int, multiple=True, metavar="ID", help="Zona que se queda como está."
)
@click.option("--bar", "barred", multiple=True, metavar="CALLE", help="Calle que no se cruza.")
@click.option("--accept", is_flag=True, help="Aceptarla, con los gestores sugeridos.")
@click.option(
    "--from",
    "from_on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Con --accept: primer día, AAAA-MM-DD. Si no se dice, hoy.",
)
def propose(accept: bool, from_on: datetime | None, **asked: Any) -> None:
    """Traza K zonas parejas por las calles de la ciudad y las guarda como propuesta."""
    actor = Actor.system("command line")
    today = clock.today(local_zone())
    try:
        drawn = draw_proposal(db.session(), _wish(asked), today, local_zone(), streets())
        with transaction() as session:
            proposal_id = services.record_proposal(session, actor, drawn).id
        suggestion = _suggestion(proposal_id)
        if accept:
            day = from_on.date() if from_on else today
            with transaction() as session:
                services.accept_proposal(
                    session, actor, proposal_id, day, dict(enumerate(suggestion))
                )
    except CollectorError as error:
        raise click.ClickException(message(error.code, error.facts)) from error
    _print_proposal(queries.proposal_page(db.session(), proposal_id).zones, suggestion)
    if accept:
        click.echo(_("Propuesta %(n)s aceptada desde el %(day)s.", n=proposal_id, day=day))
    else:
        click.echo(_("Propuesta %(n)s guardada: /zonas/propuestas/%(n)s", n=proposal_id))


def _wish(asked: Mapping[str, Any]) -> ProposalWish:
    return ProposalWish(
        DivideAll(asked["zone_count"], asked["whole_colonias"], asked["around_starts"]),
        locked_zone_ids=asked["locked"],
        barred_streets=asked["barred"],
        seed=asked["seed"],
    )


def _suggestion(proposal_id: int) -> list[int | None]:
    session = db.session()
    day = clock.today(local_zone())
    now = {client: owner.collector_id for client, owner in queries.owners(session, day).items()}
    staff = [one.id for one in queries.collectors(session)]
    return territories.suggest_collectors(
        queries.proposal_page(session, proposal_id).zones, now, staff
    )


def _print_proposal(proposed: Sequence[ProposedZone], suggestion: Sequence[int | None]) -> None:
    names = {one.id: one.name for one in queries.collectors(db.session())}
    table = load_table(_("Zona"), _("Gestor sugerido"))
    for zone, collector_id in zip(proposed, suggestion, strict=True):
        table.add_row(
            zone.name,
            names[collector_id] if collector_id else NOBODY,
            str(len(zone.client_ids)),
            f"{zone.month_h:.0f}",
            f"{zone.share - 1:+.1%}",
        )
    show_table(table)
