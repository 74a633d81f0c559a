"""flask privacy: let go of data whose time is over."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from collector_app.audit.cutting import cut_before, cut_log
from collector_app.audit.rules import LogBroken
from collector_app.compliance.sentences import source_words
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.privacy.erased_files import delete_erased_files
from collector_app.privacy.queries import log_limit, retention
from collector_app.privacy.rules import KeptTooShort
from collector_app.privacy.services import apply_retention
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone
from collector_app.web.words import message

privacy = AppGroup("privacy", help="Datos personales: cuánto se guardan.")


@privacy.command("cut-log")
@click.option("--months", type=click.IntRange(min=1), help="Cuántos meses se guarda la bitácora.")
@click.option("--apply", "is_real", is_flag=True, help="Cortar; sin esto nada cambia.")
def cut_log_command(months: int | None, is_real: bool) -> None:
    """Con --apply, suelta el principio de la bitácora que ya nadie tiene que guardar."""
    day = clock.today(local_zone())
    try:
        limit_on = log_limit(db.session(), day, months)
    except KeptTooShort as error:
        raise click.ClickException(message(error.code, error.facts)) from error
    if limit_on is None:
        raise click.ClickException(_("La ley en vigor no dice cuánto se guarda: usa --months."))
    before = clock.local_midnight(limit_on, local_zone())
    try:
        with transaction() as session:
            actor = Actor.system("retention")
            cut = cut_log(session, actor, before) if is_real else cut_before(session, before)
    except LogBroken as error:
        raise click.ClickException(message(error.code, error.facts)) from error
    if cut is None:
        click.echo(_("Nada es anterior al %(day)s.", day=limit_on.isoformat()))
        return
    told = _("Entradas anteriores al %(day)s: %(n)s", day=limit_on.isoformat(), n=cut.count)
    click.echo(f"{told}, {cut.last.position}:{cut.last.hash}")


@privacy.command("retention")
@click.option("--apply", "is_real", is_flag=True, help="Borrar; sin esto nada cambia.")
def retention_command(is_real: bool) -> None:
    """Dice de quiénes se guardan datos más de lo que deja la ley; con --apply los borra."""
    day = clock.today(local_zone())
    found = retention(db.session(), day, local_zone())
    if not found.limits:
        click.echo(_("La ley en vigor no pone límite."))
        return
    for limit in found.limits:
        click.echo(f"{limit.limit_on.isoformat()}: {source_words(limit.rule.source)}")
    click.echo(
        _(
            "Incumplimientos anteriores a esos días: %(over)s clientes por borrar, "
            "%(owing)s que todavía deben",
            over=len(found.over),
            owing=len(found.owing),
        )
    )
    if is_real:
        with transaction() as session:
            erased = apply_retention(session, Actor.system("retention"), day=day, zone=local_zone())
        delete_erased_files()
        click.echo(_("Borrados: %(n)s", n=erased.count))
