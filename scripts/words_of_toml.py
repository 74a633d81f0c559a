"""Tell gettext the Spanish of our tables of words: every text value of a file named *.es.toml."""

import tomllib
from collections.abc import Iterator
from io import BufferedReader
from typing import Any

Message = tuple[int, str, str, list[str]]  # line, function, text, comments for the translator


def extract(
    file: BufferedReader, _keywords: object, _tags: object, options: object
) -> Iterator[Message]:
    """Yield the values in the order of the file, each with the table that it stands in.

    Parameters
    ----------
    options : object
        Unused; the name is Babel's.
    """
    del options
    for table, values in tomllib.load(file).items():
        for key, text in _texts(values):
            yield 1, "gettext", text, [f"{table}.{key}"]


def _texts(values: Any, key: str = "") -> Iterator[tuple[str, str]]:
    match values:
        case str():
            yield key, values
        case dict():
            for name, value in values.items():
                yield from _texts(value, name)
