"""flask privacy: let go of data whose time is over."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.privacy.erased_files import delete_erased_files
from collector_app.privacy.queries import retention
from collector_app.privacy.services import apply_retention
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone

privacy = AppGroup("privacy", help="Personal data: how long it is kept.")


@privacy.command("retention")
@click.option("--apply", "is_real", is_flag=True, help="Erase; without it nothing changes.")
def retention_command(is_real: bool) -> None:
    """Tell whose data is older than the law lets us keep it, and erase it with --apply."""
    day = clock.today(local_zone())
    found = retention(db.session(), day)
    if found.limit_on is None:
        click.echo(_("La ley en vigor no pone límite."))
        return
    click.echo(
        _(
            "Incumplimientos anteriores al %(day)s: %(over)s clientes por borrar, "
            "%(owing)s que todavía deben",
            day=found.limit_on.isoformat(),
            over=len(found.over),
            owing=len(found.owing),
        )
    )
    if is_real:
        with transaction() as session:
            erased = apply_retention(session, Actor.system("retention"), day=day)
        delete_erased_files()
        click.echo(_("Borrados: %(n)s", n=erased.count))
