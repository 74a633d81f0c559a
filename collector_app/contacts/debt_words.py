"""By which words a message tells of a debt, whatever was said of it."""

import tomllib
from functools import cache
from pathlib import Path

from collector_app.compliance.rules import words_said

_FILE = Path(__file__).with_name("words.es.toml")


@cache
def debt_words() -> str:
    """Return the words, between commas, as a catalogue translates them."""
    return str(tomllib.loads(_FILE.read_text(encoding="utf-8"))["said"]["debt"])


def tells_of_debt(text: str | None) -> bool:
    """Tell whether a message speaks of a debt; who ticks that it does not may be wrong."""
    return bool(words_said(debt_words().split(","), text))
