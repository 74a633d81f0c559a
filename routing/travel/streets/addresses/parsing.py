"""From the text of an address to what it may mean: street, number, corner, neighbourhood."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from routing.travel.streets.addresses.words import (
    COMMA,
    StreetName,
    is_number,
    key_of,
    split_number,
    street_name,
    tokens_of,
    vocabulary,
)

Words = Sequence[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand the text.

    Attributes
    ----------
    number : (int, str) or None
        Number and letter of the house.
    crosses : tuple of StreetName
        One street for a corner, two for "between X and Y".
    """

    street: StreetName
    number: tuple[int, str] | None = None
    crosses: tuple[StreetName, ...] = ()


@dataclass(slots=True)
class ParsedAddress:
    """Everything an address says.

    Attributes
    ----------
    readings : list[Reading]
        Ways to understand the street part, the likeliest first: "Calle 10 25" may be number 25 of
        Calle 10, or a street called "10 25".
    neighbourhood : str
        Key of the neighbourhood, when the text says that it is one (``Col. Centro``).
    context : list[str]
        Keys of other parts, which may name a neighbourhood, a municipality, or nothing known.
    wants_number : bool
        The address has a number, whether a house of that number is known or not.
    """

    readings: list[Reading] = field(default_factory=list)
    neighbourhood: str = ""
    context: list[str] = field(default_factory=list)

    @property
    def wants_number(self) -> bool:
        """Tell whether the likeliest reading has the number of a house."""
        return bool(self.readings) and self.readings[0].number is not None


@dataclass(slots=True)
class _Parts:
    """What was found beside the street part."""

    street: list[str] = field(default_factory=list)
    between: list[str] = field(default_factory=list)
    corner: list[str] = field(default_factory=list)
    neighbourhood: list[str] = field(default_factory=list)


def parse_address(text: str) -> ParsedAddress:
    """Read an address as people in Latin America write it.

    Understands ``Av. Juárez #12-B int. 3 esq. Hidalgo, Col. Centro, C.P. 06000``, ``Juárez s/n
    entre Hidalgo y Allende``, ``Juárez y Hidalgo``; parts stand between commas, the street first.
    """
    parsed = ParsedAddress()
    main: _Parts | None = None
    for segment in _segments(tokens_of(text)):
        parts = _parts_of(segment)
        if parts.neighbourhood:
            parsed.neighbourhood = parsed.neighbourhood or _place_key(parts.neighbourhood)
        if main is None:
            main = parts if parts.street or parts.corner or parts.between else None
            continue
        main.between = main.between or parts.between
        main.corner = main.corner or parts.corner
        _take_later(parsed, main, parts.street)
    if main is not None:
        parsed.readings, rest = _readings(main)
        parsed.context = [key for key in (*rest, *parsed.context) if key]
    return parsed


def place_key(name: str) -> str:
    """Return what is equal for two ways to write a neighbourhood: ``Col. Centro``, ``Centro``."""
    return _place_key([word for word in tokens_of(name) if word != COMMA])


def _place_key(words: Words) -> str:
    markers = vocabulary().markers["neighbourhood"]
    telling = list(words)
    while len(telling) > 1 and telling[0] in markers:
        telling = telling[1:]
    return key_of(" ".join(telling))


def _segments(tokens: list[str]) -> Iterator[list[str]]:
    """Yield the parts between commas, without postcodes and what lies inside of a house."""
    segment: list[str] = []
    skip_next = False
    for position, token in enumerate([*tokens, COMMA]):
        following = tokens[position + 1] if position + 1 < len(tokens) else ""
        if token == COMMA:
            if segment:
                yield segment
            segment, skip_next = [], False
        elif skip_next:
            skip_next = False
        elif _is_left_out(token, following, is_first=not segment):
            skip_next = True
        else:
            segment.append(token)


def _is_left_out(token: str, following: str, *, is_first: bool) -> bool:
    """Tell whether a word and the one after it are a postcode, or a flat such as ``int. 3-B``."""
    known = vocabulary().markers
    if token in known["postcode"]:
        return following.isdigit()
    is_flat = len(following) <= 2 or is_number(following)
    return token in known["interior"] and not is_first and is_flat


def _parts_of(segment: Words) -> _Parts:
    """Divide a segment by the words that say what comes next."""
    known = vocabulary()
    parts = _Parts()
    into = parts.street
    for position, token in enumerate(segment):
        before = segment[position - 1] if position else ""
        has_more = position + 1 < len(segment)
        if token in known.markers["neighbourhood"] and has_more and before not in known.kinds:
            into = parts.neighbourhood
        elif token in known.markers["between"] and has_more:
            into = parts.between
        elif token in known.markers["corner"] and has_more:
            into = parts.corner
        elif into is parts.corner and not into and token in ("con", "de"):
            continue
        else:
            into.append(token)
    return parts


def _take_later(parsed: ParsedAddress, main: _Parts, words: list[str]) -> None:
    """Take a later segment: the number of the street before it, or the name of a place."""
    if not words:
        return
    markers = vocabulary().markers
    is_late_number = (is_number(words[0]) and len(words) == 1) or words[0] in markers["number"]
    if is_late_number and not any(is_number(word) for word in main.street[1:]):
        main.street += words
    elif words[0] not in markers["no_number"]:
        parsed.context.append(_place_key(words))


def _readings(main: _Parts) -> tuple[list[Reading], list[str]]:
    """Return the ways to understand the street part, and what else its segment names."""
    context: list[str] = []
    readings: list[Reading] = []
    crosses = _crosses(main)
    for words, number, rest in _cuts(main.street):
        name = street_name(words)
        if not name.core:
            continue
        readings.append(Reading(name, number, crosses))
        if rest:
            context.append(_place_key(rest))
    if not crosses:
        readings += _corners(main.street)
    return readings, context


def _crosses(main: _Parts) -> tuple[StreetName, ...]:
    """Return the streets behind "entre" and "esquina"; of more than two only the first two."""
    sides = [side for cut in _and_cuts(main.between) for side in cut] or [main.between]
    names = [street_name(side) for side in (*sides, main.corner) if side]
    return tuple(name for name in names if name.core)[:2]


def _cuts(words: list[str]) -> Iterator[tuple[Words, tuple[int, str] | None, Words]]:
    """Yield where the name of the street may end and the number of the house stand."""
    told = _told_cut(words)
    if told is not None:
        yield told
        return
    for position in range(len(words) - 1, 0, -1):
        is_name_alone = position == 1 and words[0] in vocabulary().kinds
        if is_number(words[position]) and not is_name_alone:
            yield words[:position], split_number(words[position]), words[position + 1 :]
    if len(words) > 1 and is_number(words[0]):
        yield words[1:], split_number(words[0]), ()
    if words:
        yield words, None, ()


def _told_cut(words: list[str]) -> tuple[Words, tuple[int, str] | None, Words] | None:
    """Return the cut at "No. 12" or "s/n", if the address has one."""
    markers = vocabulary().markers
    for position, word in enumerate(words[1:], start=1):
        if word in markers["no_number"]:
            return words[:position], None, words[position + 1 :]
        following = words[position + 1] if position + 1 < len(words) else ""
        if word in markers["number"] and is_number(following):
            return words[:position], split_number(following), words[position + 2 :]
    return None


def _corners(words: list[str]) -> Iterator[Reading]:
    """Yield the corners that "A y B" may be, and the block that "A x B y C" is."""
    for left, right in _and_cuts(words):
        first = street_name(left)
        for sides in ((right,), *_and_cuts(right)):
            crosses = tuple(street_name(side) for side in sides)
            if first.core and all(name.core for name in crosses):
                yield Reading(first, None, crosses)


def _and_cuts(words: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    joining = vocabulary().markers["and"]
    for position, word in enumerate(words):
        if word in joining and 0 < position < len(words) - 1:
            yield words[:position], words[position + 1 :]
