"""flask audit: whether the log and the facts are as they were sealed."""

import sys
from typing import TextIO

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from collector_app.audit.chain import head_of
from collector_app.audit.queries import faults, lines, start_of
from collector_app.audit.rules import Head
from collector_app.web.extensions import db
from collector_app.web.words import label

audit = AppGroup("audit", help="La bitácora: quién hizo qué, sellado en cadena.")


class _HeadType(click.ParamType[Head]):
    name = "POSICIÓN:HASH"

    def convert(self, value: str, *_rest: object) -> Head:
        position, _sep, noted = value.partition(":")
        if not position.isdecimal() or len(noted) != 64:
            self.fail(_("Se esperaba POSICIÓN:HASH, como lo escribe `flask audit head`."))
        return Head(int(position), noted)


@audit.command("verify")
@click.option(
    "--expect", type=_HeadType(), help="Una cabeza anotada antes, en papel o en otro lado."
)
def verify(expect: Head | None) -> None:
    """Nombra cada fila alterada, borrada o metida; termina con 1 si hay alguna."""
    session = db.session()
    found = 0
    for fault in faults(session, expect):
        found += 1
        detail = label(fault.detail).format_map(fault.facts)
        click.echo(f"{label(fault.kind):<9} {fault.row}: {detail}")
    head = head_of(session)
    if found:
        click.echo(_("Filas que no están como se sellaron: %(n)s.", n=found), err=True)
        sys.exit(1)
    start = start_of(session)
    if start.position:
        click.echo(_("Lo anterior a la %(n)s se cortó; la bitácora lo dice.", n=start.position + 1))
    told = f"{head.position}:{head.hash}"
    count = head.position - start.position
    click.echo(_("Anotaciones en orden: %(n)s. Cabeza %(head)s", n=count, head=told))


@audit.command("head")
def show_head() -> None:
    """Escribe la última anotación; anotada en otro lado, prueba que nada anterior se reescribió."""
    head = head_of(db.session())
    click.echo(f"{head.position}:{head.hash}")


@audit.command("export")
@click.option("--output", "-o", type=click.File("w", encoding="utf-8"), default="-")
def export(output: TextIO) -> None:
    """Escribe la bitácora para que otros la revisen: por línea, hash, tabulador y JSON."""
    for line in lines(db.session()):
        output.write(line + "\n")
