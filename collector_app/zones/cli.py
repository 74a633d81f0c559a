"""flask zones: draw zones from the command line, and see those in force."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from rich import box
from rich.console import Console
from rich.table import Table

from collector_app.city.packs import streets_in_use
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.errors import CollectorError
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message
from collector_app.zones import queries, services, territories
from collector_app.zones.rules import ProposedZone

zones = AppGroup("zones", help="Zonas: quién atiende qué parte de la ciudad.")

NOBODY = "–"


@zones.command("propose")
@click.option("--zones", "zone_count", type=int, required=True, metavar="K", help="Cuántas zonas.")
@click.option(
    "--seed", type=int, default=1, show_default=True, help="El mismo número da las mismas zonas."
)
@click.option("--accept", is_flag=True, help="Aceptarla, con los gestores sugeridos.")
@click.option(
    "--from",
    "from_on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Con --accept: primer día, AAAA-MM-DD. Si no se dice, hoy.",
)
def propose(zone_count: int, seed: int, accept: bool, from_on: datetime | None) -> None:
    """Traza K zonas parejas por las calles de la ciudad y las guarda como propuesta."""
    actor = Actor.system("command line")
    today = clock.today(local_zone())
    try:
        streets = streets_in_use(Path(current_app.instance_path), current_app.config["CITY"])
        drawn = territories.draw(
            queries.located(db.session()), zone_count, seed=seed, streets=streets
        )
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


@zones.command("list")
def list_zones() -> None:
    """Muestra las zonas vigentes hoy."""
    board = queries.zone_board(db.session(), clock.today(local_zone()))
    if not board.zones:
        click.echo(_("Hoy no hay zonas."))
        return
    table = _table(_("Zona"), _("Gestor"))
    for load in board.zones:
        zone = load.zone
        table.add_row(
            zone.name,
            zone.collector_name or NOBODY,
            str(zone.client_count),
            f"{load.month_h:.0f}",
            f"{load.share - 1:+.1%}",
        )
    _show(table)


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
    table = _table(_("Zona"), _("Gestor sugerido"))
    for zone, collector_id in zip(proposed, suggestion, strict=True):
        table.add_row(
            zone.name,
            names[collector_id] if collector_id else NOBODY,
            str(len(zone.client_ids)),
            f"{zone.month_h:.0f}",
            f"{zone.share - 1:+.1%}",
        )
    _show(table)


def _table(*heads: str) -> Table:
    table = Table(box=box.SIMPLE)
    for head in heads:
        table.add_column(head)
    for figure in (_("Clientes"), _("Horas al mes"), _("Carga")):
        table.add_column(figure, justify="right")
    return table


def _show(table: Table) -> None:
    console = Console(width=max(100, Console().width))
    with console.capture() as captured:
        console.print(table)
    click.echo(captured.get().rstrip())
