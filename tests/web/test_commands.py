"""What commands say of themselves: in Spanish, as the pages do."""

import re
from collections.abc import Iterator

import click
from flask import Flask

from collector_app.app import COMMANDS

ENGLISH = re.compile(r"\b(the|and|of|to|is|are|who|what|it|with|without)\b", re.IGNORECASE)


def told(command: click.Command) -> Iterator[str]:
    """Whatever its help shows, and that of the commands below it."""
    yield command.help or ""
    for option in command.params:
        if isinstance(option, click.Option):
            yield f"{option.help or ''} {option.prompt or ''}"
    for below in getattr(command, "commands", {}).values():
        yield from told(below)


def test_no_command_speaks_english(app: Flask):
    said = [one for command in COMMANDS for one in told(command)]

    assert len(said) > 60
    assert [one for one in said if ENGLISH.search(one)] == []


def test_every_command_says_what_it_does(app: Flask):
    def silent(command: click.Command) -> Iterator[str]:
        if not command.help:
            yield command.name or ""
        for below in getattr(command, "commands", {}).values():
            yield from silent(below)

    assert [name for command in COMMANDS for name in silent(command)] == []
