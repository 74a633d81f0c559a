"""Finds streets by name: exactly, by a part of the name, as far as typed, or misspelt."""

from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from routing.travel.streets.addresses.confidence import ConfidenceRules
from routing.travel.streets.addresses.index import AddressIndex
from routing.travel.streets.addresses.words import (
    StreetName,
    street_name,
    tokens_of,
    vocabulary,
    without_titles,
)

LEAST_LIKENESS = 0.78  # of two names: two wrong letters in nine
MOST_NAMES = 12
LEAST_TYPED = 3  # letters
_PART_OF_NAME = 0.9  # "Cárdenas" for Lázaro Cárdenas
_TYPED_SO_FAR = 0.7  # "Juár" for Juárez
_OTHER_NUMBER = 0.5  # Calle 10 is not Calle 11, although all but one letter is the same
_OTHER_SIDE = 0.5  # nor Insurgentes Norte Insurgentes Sur
_NO_SIDE = 0.9
# Ways of little width, which are often named after the street they branch off.
_MINOR = frozenset(
    {"andador", "beco", "callejon", "cerrada", "ciclovia", "privada", "retorno", "rinconada"}
)
_ONE_TITLE = 0.97  # "Doctor Mora" and "Mora"
_OTHER_TITLE = 0.75  # "Doctor Mora" and "General Mora"
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class NamedStreet:
    """A street whose name fits.

    Attributes
    ----------
    likeness : float
        0-1, 1 for the same name.
    kind_worth : float
        1 when the kind of street is the same, or not said.
    name : int
        The fitting name, which may be another than the usual one.
    """

    street: int
    likeness: float
    kind_worth: float
    name: int


class StreetNames:
    """The names of an index, ready to be searched."""

    def __init__(self, index: AddressIndex, rules: ConfidenceRules) -> None:
        self._rules = rules
        self._names = [street_name(tokens_of(name)) for name in index.names]
        self._streets: defaultdict[int, list[int]] = defaultdict(list)
        for street, name in enumerate(index.street_name.tolist()):
            self._streets[name].append(street)
        for name, street in zip(
            index.alias_name.tolist(), index.alias_street.tolist(), strict=True
        ):
            self._streets[name].append(street)
        self._by_core: defaultdict[str, set[int]] = defaultdict(set)
        self._by_word: defaultdict[str, set[str]] = defaultdict(set)
        for number in self._streets:
            core = self._names[number].core
            for spelling in {core, without_titles(core)} - {""}:
                self._by_core[spelling].add(number)
                for word in spelling.split():
                    self._by_word[word].add(spelling)
        self._cores = list(self._by_core)
        self._spaced = [f" {core}" for core in self._cores]
        self._close: dict[str, list[tuple[str, float]]] = {}

    def exactly(self, asked: StreetName) -> list[NamedStreet]:
        """Return the streets of a name, whatever their kind."""
        cores = dict.fromkeys((asked.core, without_titles(asked.core)))
        return self._named(asked, [(core, 1.0) for core in cores if core in self._by_core])

    def nearly(self, asked: StreetName) -> list[NamedStreet]:
        """Return the streets whose name is nearly, or begins or ends like, the one asked for."""
        core = without_titles(asked.core)
        if core not in self._close:
            if len(self._close) >= _REMEMBERED:
                self._close.clear()
            self._close[core] = self._like(core)
        return self._named(asked, self._close[core])

    def _named(self, asked: StreetName, cores: list[tuple[str, float]]) -> list[NamedStreet]:
        found: dict[int, NamedStreet] = {}
        for core, likeness in cores:
            for name in sorted(self._by_core[core]):
                known = self._names[name]
                worth = self._kind_worth(asked.kind, known.kind)
                alike = likeness * _title_worth(asked.core, known.core)
                for street in self._streets[name]:
                    new = NamedStreet(street, alike, worth, name)
                    old = found.get(street)
                    if old is None or _rank(new) > _rank(old):
                        found[street] = new
        return list(found.values())

    def _like(self, core: str) -> list[tuple[str, float]]:
        if len(core) < LEAST_TYPED:
            return []
        close: dict[str, float] = {}
        for found, ratio, _number in process.extract(
            core,
            self._cores,
            scorer=fuzz.ratio,
            score_cutoff=LEAST_LIKENESS * 100,
            limit=MOST_NAMES,
        ):
            close[found] = ratio / 100
        for found in self._containing(core):
            close[found] = max(close.get(found, 0.0), _PART_OF_NAME)
        typed = f" {core}"
        for position, spaced in enumerate(self._spaced):
            if typed in spaced:
                found = self._cores[position]
                close[found] = max(close.get(found, 0.0), _TYPED_SO_FAR)
        weighed = ((found, likeness * _agreement(core, found)) for found, likeness in close.items())
        best = sorted(weighed, key=lambda one: (-one[1], len(one[0]), one[0]))
        return [(found, likeness) for found, likeness in best if likeness >= 0.4][:MOST_NAMES]

    def _containing(self, core: str) -> set[str]:
        """Return the names that hold every word of the one asked for, one of them a long word."""
        words = [word for word in core.split() if not word.isdigit()]
        if not any(len(word) > LEAST_TYPED for word in words):
            return set()
        return set.intersection(*(self._by_word.get(word, set()) for word in core.split()))

    def _kind_worth(self, asked: str, known: str) -> float:
        if not asked or not known or asked == known:
            return 1.0
        is_opposite = (asked in _MINOR) != (known in _MINOR)
        return self._rules.opposite_kind if is_opposite else self._rules.other_kind


def _rank(found: NamedStreet) -> float:
    return found.likeness * found.kind_worth


def _title_worth(asked: str, known: str) -> float:
    titles = vocabulary().titles
    first, second = ({word for word in core.split() if word in titles} for core in (asked, known))
    if first == second:
        return 1.0
    return _OTHER_TITLE if first and second else _ONE_TITLE


def _agreement(asked: str, found: str) -> float:
    """Return what is left of a likeness when numbers or sides of the compass differ."""
    asked_words, found_words = asked.split(), found.split()
    sides = vocabulary().orientations
    numbers = [sorted(w for w in words if w.isdigit()) for words in (asked_words, found_words)]
    told = [{w for w in words if w in sides} for words in (asked_words, found_words)]
    share = 1.0 if numbers[0] == numbers[1] else _OTHER_NUMBER
    if told[0] == told[1]:
        return share
    return share * (_OTHER_SIDE if told[0] and told[1] else _NO_SIDE)
