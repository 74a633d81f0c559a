"""Every Spanish word of an enum and every sentence of an error, from two tables.

The tables are keyed by text because `web` may not import the areas above it. Their Spanish is the
source language of gettext, so that other countries' catalogues can replace a word.
"""

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path

from flask_babel import gettext

_FOLDER = Path(__file__).parent


@cache
def _table(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def label(member: StrEnum) -> str:
    """Return the word for an enum member, as people read it."""
    return str(gettext(_table("labels.es.toml")[type(member).__name__][member.value]))


def has_label(member: StrEnum) -> bool:
    """Tell whether a member has its word; the conventions test asks for all of them."""
    return member.value in _table("labels.es.toml").get(type(member).__name__, {})


def has_message(code: str) -> bool:
    """Tell whether an error code has its own sentence."""
    return code in _table("messages.es.toml")["messages"]


def message(code: str, facts: dict[str, object]) -> str:
    """Return the sentence for an error code, with its facts filled in."""
    sentences = _table("messages.es.toml")["messages"]
    sentence = str(gettext(sentences.get(code, sentences["internal"])))
    return sentence.format_map(_Blank(facts))


class _Blank(dict[str, object]):
    """Facts that a sentence names and an error lacks become nothing, not a second error."""

    def __missing__(self, key: str) -> str:
        return ""
