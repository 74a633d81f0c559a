"""Telephone numbers as people write them, to E.164."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from collector_app.exchange.rules import CellProblem
from collector_app.exchange.sheets.cells import EXACT_DIGITS, BadCell, scientific_digits
from collector_app.exchange.sheets.grids import Cell, shown

_SEPARATORS = re.compile(r"[/;,|\n]|\s+[yoYO]\s+")
_SCIENTIFIC = re.compile(r"\s*[0-9][.,]?[0-9]*[eE]\+?[0-9]+\s*")
# What was dialled before a number in Mexico until August 2019 (IFT, plan de numeración) and is
# still in old files, followed by the ten digits of today.
_OLD_PREFIXES = {"MX": re.compile(r"\D*(?:52\D*1|044|045|01)\D*(?=(?:[0-9]\D*){10}$)")}


@dataclass(frozen=True, slots=True)
class ReadPhone:
    """A number in E.164, and whether the cell held others too."""

    number: str
    had_others: bool


def read_phone(country: str) -> Callable[[Cell], ReadPhone]:
    """Return a reader of phones, which belong to `country` (ISO 3166) unless they say otherwise."""

    def read(cell: Cell) -> ReadPhone:
        if isinstance(cell, float) and (not cell.is_integer() or abs(cell) >= 10**EXACT_DIGITS):
            raise BadCell(CellProblem.NO_PHONE)
        text = shown(cell)
        if _SCIENTIFIC.fullmatch(text):
            try:
                text = scientific_digits(text)
            except ValueError as error:
                raise BadCell(CellProblem.PHONE_DIGITS_LOST) from error
        numbers = [number for part in _SEPARATORS.split(text) if (number := e164(part, country))]
        if not numbers:
            raise BadCell(CellProblem.NO_PHONE)
        return ReadPhone(numbers[0], had_others=len(set(numbers)) > 1)

    return read


@lru_cache(maxsize=50_000)
def e164(text: str, country: str) -> str | None:
    """Return a number in E.164, or None when no such number exists."""
    old = _OLD_PREFIXES.get(country)
    if old is not None:
        text = old.sub("", text, count=1)
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
