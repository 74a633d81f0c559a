"""flask cartera: import a file from the command line."""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from collector_app.core.actor import Actor
from collector_app.core.errors import CollectorError
from collector_app.exchange.import_job import LookedAt, foretell_file, import_file
from collector_app.exchange.rules import CURRENCY_OF, Issue, UnreadableFile
from collector_app.exchange.services import ImportTerms
from collector_app.exchange.summaries import ImportSummary, to_json
from collector_app.exchange.usual_country import usual_country
from collector_app.exchange.wording import change_value, field_title, file_sentence, issue_sentence
from collector_app.web.extensions import db
from collector_app.web.filters import pesos
from collector_app.web.words import label, message

cartera = AppGroup("cartera", help="Cartera: importarla desde un archivo.")
DAY = click.DateTime(["%Y-%m-%d"])
SHOWN_ISSUES = 50


@cartera.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Solo decir qué pasaría; no escribe nada.")
@click.option("--json", "as_json", is_flag=True, help="Escribe el resultado completo como JSON.")
@click.option("--cut-on", type=DAY, help="Día de los saldos, AAAA-MM-DD. Si no se dice, hoy.")
@click.option(
    "--country",
    type=click.Choice(sorted(CURRENCY_OF)),
    help="País de teléfonos y ubicaciones. Si no se dice, el de la ciudad en uso.",
)
def import_(
    file: Path, dry_run: bool, as_json: bool, cut_on: datetime | None, country: str | None
) -> None:
    """Importa una cartera de Excel (.xlsx) o CSV.

    Termina con 0 si algo del archivo sirve y con 1 si nada.
    """
    terms = ImportTerms(
        cut_on=cut_on.date() if cut_on else None,
        country=country or _usual_country(),
    )
    work = foretell_file if dry_run else import_file
    try:
        looked_at = _with_bar(lambda report: work(file, terms, _ACTOR, report))
    except UnreadableFile as error:
        _fail(error, file_sentence(error.problem, error.facts), as_json=as_json)
    except CollectorError as error:
        _fail(error, message(error.code, error.facts), as_json=as_json)
    if as_json:
        click.echo(json.dumps(_as_json(looked_at, dry_run=dry_run), ensure_ascii=False, indent=1))
    else:
        _show(looked_at, dry_run=dry_run)
    if not looked_at.summary.is_usable:
        sys.exit(1)


_ACTOR = Actor.system("command line")


def _usual_country() -> str:
    config, instance = current_app.config, Path(current_app.instance_path)
    return usual_country(db.session(), instance, config["CITY"], config["LOCALE"])


def _with_bar(work: Callable[[Callable[[float, str], None]], LookedAt]) -> LookedAt:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    screen = Console(stderr=True)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task(_("Empezando"), total=1.0)
        return work(lambda share, note: bar.update(task, completed=share, description=note))


def _fail(error: CollectorError, sentence: str, *, as_json: bool) -> NoReturn:
    if not as_json:
        raise click.ClickException(sentence) from error
    problem = error.problem.value if isinstance(error, UnreadableFile) else error.code
    click.echo(json.dumps({"error": {"code": problem, "message": sentence}}, ensure_ascii=False))
    sys.exit(1)


def _as_json(looked_at: LookedAt, *, dry_run: bool) -> dict[str, Any]:
    """Return the summary, and every issue: a page shows only the first ones."""
    summary = looked_at.summary
    return {
        "dry_run": dry_run,
        "applied": not dry_run and summary.changes_something,
        **to_json(summary),
        "issues": [_issue_as_json(issue) for issue in looked_at.issues],
    }


def _issue_as_json(issue: Issue) -> dict[str, Any]:
    return {
        "sheet": issue.sheet,
        "row": issue.row,
        "column": issue.column,
        "heading": issue.heading,
        "value": issue.value,
        "problem": issue.problem.value,
        "expected": issue_sentence(issue),
        "is_refused": issue.is_refused,
    }


def _show(looked_at: LookedAt, *, dry_run: bool) -> None:
    screen, summary = Console(), looked_at.summary
    screen.print(_what_happened(summary, dry_run=dry_run))
    screen.print(_counts(summary))
    for sheet in summary.sheets:
        ignored = ", ".join(f"{one.heading} ({one.letter})" for one in sheet.ignored)
        if ignored:
            screen.print(
                escape(_("Hoja %(sheet)s: no se leyó %(what)s", sheet=sheet.name, what=ignored))
            )
    screen.print(_searched(summary), end="")
    for currency, cents in summary.balance_cents.items():
        screen.print(_("Saldo leído: %(sum)s", sum=pesos(cents, currency)))
    if summary.changes:
        screen.print(_changes(summary))
    if looked_at.issues:
        screen.print(_issues(looked_at.issues))
    if len(looked_at.issues) > SHOWN_ISSUES:
        screen.print(_("Se muestran %(n)s; --json las da todas.", n=SHOWN_ISSUES))


def _searched(summary: ImportSummary) -> str:
    """Say what became of the clients without coordinates; nothing when all have some."""
    if not summary.was_searched:
        text = _("Los domicilios sin coordenadas no se buscaron: la ciudad en uso no los tiene.")
        return f"{text}\n"
    parts = ", ".join(f"{label(one)}: {count}" for one, count in summary.placements.items())
    return f"{_('Buscados por su domicilio: %(parts)s', parts=parts)}\n" if parts else ""


def _what_happened(summary: ImportSummary, *, dry_run: bool) -> str:
    if not summary.is_usable:
        return str(_("Ninguna fila puede entrar; no cambió nada."))
    if not summary.changes_something:
        return str(_("Este archivo no cambia nada: la cartera ya está igual."))
    return str(_("Esto pasaría al importar:") if dry_run else _("Importado:"))


def _counts(summary: ImportSummary) -> Table:
    table = Table(
        _("Cartera"), _("Se crean"), _("Cambian"), _("Quedan igual"), title=_counted(summary)
    )
    for part, tally in summary.tallies.items():
        table.add_row(label(part), str(tally.created), str(tally.changed), str(tally.unchanged))
    return table


def _counted(summary: ImportSummary) -> str:
    return str(
        _(
            "%(rows)s filas, %(refused)s no entran, %(noticed)s avisos",
            rows=summary.row_count,
            refused=summary.refused_count,
            noticed=summary.noticed_count,
        )
    )


def _changes(summary: ImportSummary) -> Table:
    table = Table(_("Cliente"), _("Dato"), _("Antes"), _("Después"), title=_("Cambios"))
    for change in summary.changes[:SHOWN_ISSUES]:
        values = (change_value(change, change.old), change_value(change, change.new))
        table.add_row(*map(escape, (change.owner, field_title(change.field), *values)))
    return table


def _issues(issues: list[Issue]) -> Table:
    table = Table(
        *(_("Hoja"), _("Fila"), _("Columna"), _("Decía"), _("Qué se esperaba"), _("¿Entra?")),
        title=_("Qué revisar en el archivo"),
    )
    for issue in issues[:SHOWN_ISSUES]:
        place = (issue.sheet, str(issue.row), f"{issue.column} {issue.heading}".strip())
        came_in = _("No") if issue.is_refused else _("Sí")
        table.add_row(*map(escape, (*place, issue.value, issue_sentence(issue), came_in)))
    return table
