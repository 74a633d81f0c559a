"""flask audit: whether the log and the facts are as they were sealed."""

import sys
from typing import TextIO

import click
from flask.cli import AppGroup

from collector_app.audit.chain import head_of
from collector_app.audit.queries import faults, lines, start_of
from collector_app.audit.rules import Head
from collector_app.web.extensions import db

audit = AppGroup("audit", help="Who did what, sealed in a chain.")


class _HeadType(click.ParamType[Head]):
    name = "POSITION:HASH"

    def convert(self, value: str, *_rest: object) -> Head:
        position, _, noted = value.partition(":")
        if not position.isdecimal() or len(noted) != 64:
            self.fail("expected POSITION:HASH as `flask audit head` prints it")
        return Head(int(position), noted)


@audit.command("verify")
@click.option("--expect", type=_HeadType(), help="A head noted before, on paper or elsewhere.")
def verify(expect: Head | None) -> None:
    """Name every row that was altered, removed or inserted; ends with 1 if there is any."""
    session = db.session()
    found = 0
    for fault in faults(session, expect):
        found += 1
        click.echo(f"{fault.kind.value:<9} {fault.row}: {fault.detail}")
    head = head_of(session)
    if found:
        click.echo(f"{found} rows are not as they were sealed.", err=True)
        sys.exit(1)
    start = start_of(session)
    if start.position:
        click.echo(f"Entries up to {start.position} were let go of; the log notes it.")
    click.echo(f"{head.position - start.position} entries hold. Head {head.position}:{head.hash}")


@audit.command("head")
def show_head() -> None:
    """Print the last sealed entry; noted elsewhere, it proves that nothing before was rewritten."""
    head = head_of(db.session())
    click.echo(f"{head.position}:{head.hash}")


@audit.command("export")
@click.option("--output", "-o", type=click.File("w", encoding="utf-8"), default="-")
def export(output: TextIO) -> None:
    """Write the log for others to verify: a line each, hash, tab, JSON."""
    for line in lines(db.session()):
        output.write(line + "\n")
