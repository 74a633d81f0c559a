"""flask zones: the group of commands, and the zones in force; the studio adds proposals."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from rich import box
from rich.console import Console
from rich.table import Table

from collector_app.core import clock
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone
from collector_app.zones import queries

zones = AppGroup("zones", help="Zonas: quién atiende qué parte de la ciudad.")

NOBODY = "–"


@zones.command("list")
def list_zones() -> None:
    """Muestra las zonas vigentes hoy."""
    board = queries.zone_board(db.session(), clock.today(local_zone()))
    if not board.zones:
        click.echo(_("Hoy no hay zonas."))
        return
    table = load_table(_("Zona"), _("Gestor"))
    for load in board.zones:
        zone = load.zone
        table.add_row(
            zone.name,
            zone.collector_name or NOBODY,
            str(zone.client_count),
            f"{load.month_h:.0f}",
            f"{load.share - 1:+.1%}",
        )
    show_table(table)


def load_table(*heads: str) -> Table:
    table = Table(box=box.SIMPLE)
    for head in heads:
        table.add_column(head)
    for figure in (_("Clientes"), _("Horas al mes"), _("Carga")):
        table.add_column(figure, justify="right")
    return table


def show_table(table: Table) -> None:
    """Print a table as wide as the window, or a hundred letters."""
    console = Console(width=max(100, Console().width))
    with console.capture() as captured:
        console.print(table)
    click.echo(captured.get().rstrip())
