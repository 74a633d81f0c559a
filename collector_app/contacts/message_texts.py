"""Reads the messages that may be sent, in the language of the screens."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import gettext

from collector_app.portfolio.rules import Stage

_FILE = Path(__file__).parent / "words.es.toml"


@dataclass(frozen=True, slots=True)
class MessageText:
    """A message ready to be sent, or to be changed before."""

    id: str
    title: str
    text: str
    speaks_of_debt: bool


def texts_for(stage: Stage, facts: Mapping[str, str]) -> list[MessageText]:
    """Return the messages of a stage of the debt, with their facts filled in.

    Parameters
    ----------
    facts : mapping of str to str
        ``client``, ``collector``, ``overdue``, ``balance`` and ``days``, as people read them;
        with an open promise also ``promised`` and ``promised_day``. Messages that need a fact which
        is missing are left out.
    """
    return [
        MessageText(
            id=name,
            title=str(gettext(one["title"])),
            text=str(gettext(one["text"])).format_map(facts),
            speaks_of_debt=one["speaks_of_debt"],
        )
        for name, one in _texts().items()
        if stage.value in one["stages"] and facts.keys() >= set(one.get("needs", ()))
    ]


def unfilled_texts() -> list[dict[str, Any]]:
    """Return all messages with their stages and the facts they need, for a phone to fill in."""
    return [
        {
            "title": str(gettext(one["title"])),
            "text": str(gettext(one["text"])),
            "stages": one["stages"],
            "needs": one.get("needs", []),
            "speaks_of_debt": one["speaks_of_debt"],
        }
        for one in _texts().values()
    ]


@cache
def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["text"]
    return texts
