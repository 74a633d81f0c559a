"""``flask indicators``: the page of the manual."""

import click
from flask.cli import AppGroup

from collector_app.indicators.definitions import manual_page

indicators = AppGroup("indicators", help="Indicadores y sus definiciones.")


@indicators.command("manual")
def manual() -> None:
    """Escribe la página de indicadores del manual."""
    click.echo(manual_page(), nl=False)
