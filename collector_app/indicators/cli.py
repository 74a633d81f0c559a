"""``flask indicators``: the page of the manual."""

import click
from flask.cli import AppGroup

from collector_app.indicators.definitions import manual_page

indicators = AppGroup("indicators", help="Indicators and their definitions.")


@indicators.command("manual")
def manual() -> None:
    """Write the manual's page of indicators to standard output."""
    click.echo(manual_page(), nl=False)
