"""Every Spanish word of an enum and every sentence of an error, from two tables.

The tables are keyed by text because `web` may not import the areas above it. Their Spanish is the
source language of gettext, so that other countries' catalogues can replace a word.
"""

import tomllib
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import cast

from babel.support import Translations
from flask import Flask, current_app
from flask_babel import force_locale, format_decimal, get_translations, gettext
from jinja2 import pass_context
from jinja2.runtime import Context

_CATALOGUES = "catalogues"
_FOLDER = Path(__file__).parent


@cache
def _table(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def register_words(app: Flask) -> None:
    """Let templates look up in the catalogue itself: finding it anew took most of the time."""
    app.extensions[_CATALOGUES] = {}
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of Jinja's extension
        gettext=lambda one: spoken().ugettext(one),
        ngettext=lambda one, many, n: spoken().ungettext(one, many, n),
        newstyle=True,
    )
    app.jinja_env.globals["ngettext"] = _counting(
        cast("Callable[..., str]", app.jinja_env.globals["ngettext"])
    )


def _counting(ngettext: Callable[..., str]) -> Callable[..., str]:
    """Let sentences of templates write their number as people read it: ``12,345 clientes``."""

    @pass_context
    def counted(context: Context, one: str, many: str, num: int, /, **facts: object) -> str:
        return ngettext(context, one, many, num, **{"num": numero(num), **facts})

    return counted


def spoken() -> Translations:
    """Return the words of the country that this application is for."""
    locale, known = current_app.config["LOCALE"], current_app.extensions[_CATALOGUES]
    if locale not in known:
        with force_locale(locale):
            known[locale] = get_translations()
    catalogue: Translations = known[locale]
    return catalogue


def numero(count: int) -> str:
    """Show how many there are: ``850``, ``12,345``."""
    return str(count) if -1000 < count < 1000 else str(format_decimal(count))


def label(member: StrEnum) -> str:
    """Return the word for an enum member, as people read it."""
    word: str = spoken().ugettext(_table("labels.es.toml")[type(member).__name__][member.value])
    return word


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
