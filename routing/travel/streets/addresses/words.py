"""How people write addresses: short forms, accents, numbers in words, made one spelling."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("abbreviations.toml")
LONGEST_TEXT = 300  # characters that are looked at; no address is longer
COMMA = ","
_OTHER_COMMAS = (";", "|", "\n")

_COMBINING = re.compile("[\u0300-\u036f]")
_WITHOUT_NUMBER = re.compile(r"\bs\s*[/.]\s*n(?:[ou]?m?)?\b\.?")
_ORDINAL_SIGN = re.compile(r"(?<=\d)\s?[°ºª]")
_LETTERS_WITH_DOTS = re.compile(r"\b((?:[a-z]\.){2,})")
_BETWEEN = re.compile(r"\be/")
_TOKEN = re.compile(r"[a-z0-9]+|[#,;|\n]")
_NUMBER = re.compile(r"\d{1,6}[a-z]{0,3}")
_LETTER_OF_NUMBER = re.compile(r"(?<=\d)\s?-\s?(?=[a-z]\b)")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The short forms of ``abbreviations.toml``, each leading to its long form."""

    kinds: Mapping[str, str]
    words: Mapping[str, str]  # short forms, orientations and numbers inside names
    orientations: frozenset[str]
    fillers: frozenset[str]
    titles: frozenset[str]
    markers: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class StreetName:
    """A street name taken apart: ``Av. de los Insurgentes Sur`` is an avenida, insurgentes sur.

    Attributes
    ----------
    kind : str
        ``""`` when the name doesn't say.
    core : str
        The other words, short forms written out, without what people leave out.
    """

    kind: str
    core: str


@cache
def vocabulary() -> Vocabulary:
    """Return the words of ``abbreviations.toml``."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    sections = ("words", "orientations", "numbers")
    return Vocabulary(
        kinds=_forms(table["kinds"]),
        words={short: long for name in sections for short, long in _forms(table[name]).items()},
        orientations=frozenset(table["orientations"]),
        fillers=frozenset(table["left_out"]["fillers"]),
        titles=frozenset(table["left_out"]["titles"]),
        markers={name: frozenset(words) for name, words in table["markers"].items()},
    )


def tokens_of(text: str) -> list[str]:
    """Return the words, numbers and commas of a text, in small letters without accents."""
    plain = unicodedata.normalize("NFKD", _ORDINAL_SIGN.sub("o", text[:LONGEST_TEXT]).casefold())
    plain = _COMBINING.sub("", plain).replace("&", " y ")
    plain = _WITHOUT_NUMBER.sub(" sn ", plain)
    plain = _BETWEEN.sub(" entre ", plain)
    plain = _LETTERS_WITH_DOTS.sub(lambda found: found[0].replace(".", ""), plain)
    plain = _LETTER_OF_NUMBER.sub("", plain)
    return [COMMA if word in _OTHER_COMMAS else word for word in _TOKEN.findall(plain)]


def key_of(text: str) -> str:
    """Return what is equal for two ways to write one name, kind of street included."""
    name = street_name(word for word in tokens_of(text) if word != COMMA)
    return f"{name.kind} {name.core}".strip()


def street_name(tokens: Iterable[str]) -> StreetName:
    """Take the words of a street name apart."""
    known = vocabulary()
    words = list(_with_dos([word for word in tokens if word not in ("#", COMMA)]))
    # Before looking for the kind, so that "a la Av. Juárez" has one.
    telling = [word for word in words if word not in known.fillers]
    kind, rest = _kind_and_rest(telling or words, known)
    return StreetName(kind, " ".join(known.words.get(word, word) for word in rest))


def without_titles(core: str) -> str:
    """Return a core without *general*, *doctor* and their like, unless nothing would remain."""
    words = core.split()
    telling = [word for word in words if word not in vocabulary().titles]
    return " ".join(telling or words)


def is_number(token: str) -> bool:
    """Tell whether a word may be the number of a house, such as ``12`` or ``12b``."""
    return _NUMBER.fullmatch(token) is not None and (
        token.isdigit() or token not in vocabulary().words
    )


def split_number(token: str) -> tuple[int, str]:
    """Return the number and the letter of a house, such as 12 and ``b``."""
    digits = re.match(r"\d+", token)
    if digits is None:
        raise ValueError(f"{token!r} doesn't begin with a digit")
    return int(digits[0]), token[digits.end() :]


def _with_dos(words: list[str]) -> Iterator[str]:
    """Tell the number of "Dos de Abril" from the Portuguese filler of "Rua dos Andradas"."""
    for position, word in enumerate(words):
        following = words[position + 1] if position + 1 < len(words) else ""
        if word != "dos":
            yield word
        elif following in ("", "de"):
            yield "2"


def _kind_and_rest(words: list[str], known: Vocabulary) -> tuple[str, list[str]]:
    """Find the kind at the beginning, or behind an ordinal: ``2a Cerrada de Juárez``."""
    if len(words) > 1 and words[0] in known.kinds:
        return known.kinds[words[0]], words[1:]
    is_counted = len(words) > 2 and known.words.get(words[0], words[0]).isdigit()
    if is_counted and words[1] in known.kinds:
        return known.kinds[words[1]], [words[0], *words[2:]]
    return "", words


def _forms(table: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the long form of every form, the long one included."""
    return {form: long for long, shorts in table.items() for form in (long, *shorts)}
