"""One condition of a segment: a trait of a client, how it is compared, and with what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from collector_app.core.errors import InvalidInput
from collector_app.portfolio.rules import ClientKind, Stage
from collector_app.visits.rules import Outcome

MOST_CENTS = 10**15  # ten million million pesos: more is a slip of the keyboard
MOST_COUNT = 100_000
LONGEST_WORD = 80


class Trait(StrEnum):
    """What is known of a client that a segment may ask for."""

    DAYS_PAST_DUE = "days_past_due"
    BALANCE = "balance"
    OVERDUE = "overdue"
    STAGE = "stage"
    BROKEN_PROMISES = "broken_promises"
    KEPT_PROMISES = "kept_promises"
    DAYS_SINCE_CONTACT = "days_since_contact"
    LAST_OUTCOME = "last_outcome"
    KIND = "kind"
    PRODUCT = "product"
    ZONE = "zone"
    MUNICIPALITY = "municipality"


class Comparison(StrEnum):
    """How a trait is compared with what was written."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    IS = "is"  # one of the values
    IS_NOT = "is_not"  # none of the values


class TraitKind(StrEnum):
    """What the values of a trait are."""

    COUNT = "count"
    MONEY = "money"  # cents
    CHOICE = "choice"  # a member of a closed set
    WORD = "word"  # a name that the house gives; small and capital letters are the same


@dataclass(frozen=True, slots=True)
class ClientTraits:
    """What is known of a client on a day; money in cents.

    ``days_since_contact`` and ``last_outcome`` are None for who was never reached, or never tried.
    """

    client_id: int
    days_past_due: int
    balance_cents: int
    overdue_cents: int
    stage: Stage
    kind: ClientKind
    broken_promises: int = 0
    kept_promises: int = 0
    days_since_contact: int | None = None
    last_outcome: Outcome | None = None
    products: frozenset[str] = frozenset()
    zone: str | None = None
    municipality: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison; ``values`` is one number, or one or more words."""

    trait: Trait
    comparison: Comparison
    values: tuple[int | str, ...]


class BadCondition(InvalidInput):
    """A condition can't be used; the trait is named, and what was expected."""

    code = "bad_condition"


_KINDS = {
    Trait.DAYS_PAST_DUE: TraitKind.COUNT,
    Trait.BALANCE: TraitKind.MONEY,
    Trait.OVERDUE: TraitKind.MONEY,
    Trait.BROKEN_PROMISES: TraitKind.COUNT,
    Trait.KEPT_PROMISES: TraitKind.COUNT,
    Trait.DAYS_SINCE_CONTACT: TraitKind.COUNT,
    Trait.STAGE: TraitKind.CHOICE,
    Trait.LAST_OUTCOME: TraitKind.CHOICE,
    Trait.KIND: TraitKind.CHOICE,
    Trait.PRODUCT: TraitKind.WORD,
    Trait.ZONE: TraitKind.WORD,
    Trait.MUNICIPALITY: TraitKind.WORD,
}
CHOICES: Mapping[Trait, type[StrEnum]] = {
    Trait.STAGE: Stage,
    Trait.LAST_OUTCOME: Outcome,
    Trait.KIND: ClientKind,
}
_MOST = {TraitKind.COUNT: MOST_COUNT, TraitKind.MONEY: MOST_CENTS}
NUMBERS: Mapping[Trait, Callable[[ClientTraits], int | None]] = {
    Trait.DAYS_PAST_DUE: lambda one: one.days_past_due,
    Trait.BALANCE: lambda one: one.balance_cents,
    Trait.OVERDUE: lambda one: one.overdue_cents,
    Trait.BROKEN_PROMISES: lambda one: one.broken_promises,
    Trait.KEPT_PROMISES: lambda one: one.kept_promises,
    Trait.DAYS_SINCE_CONTACT: lambda one: one.days_since_contact,
}
WORDS: Mapping[Trait, Callable[[ClientTraits], frozenset[str]]] = {
    Trait.STAGE: lambda one: frozenset({one.stage.value}),
    Trait.LAST_OUTCOME: lambda one: _set_of(one.last_outcome),
    Trait.KIND: lambda one: frozenset({one.kind.value}),
    Trait.PRODUCT: lambda one: one.products,
    Trait.ZONE: lambda one: _set_of(one.zone),
    Trait.MUNICIPALITY: lambda one: _set_of(one.municipality),
}


def kind_of(trait: Trait) -> TraitKind:
    """Return what the values of a trait are."""
    return _KINDS[trait]


def is_number(trait: Trait) -> bool:
    """Tell whether a trait is a number, which alone can be at least or at most something."""
    return trait in NUMBERS


def check_condition(condition: Condition) -> None:
    """Raise `BadCondition`, naming the trait, unless the condition can be used."""
    trait, values = condition.trait, condition.values
    if is_number(trait):
        most = _MOST[kind_of(trait)]
        _expect(len(values) == 1, trait, "one number")
        _expect(
            isinstance(values[0], int) and 0 <= values[0] <= most, trait, f"a number up to {most}"
        )
        return
    _expect(
        condition.comparison in (Comparison.IS, Comparison.IS_NOT), trait, "is, or is not, a word"
    )
    _expect(bool(values), trait, "a word")
    known = {str(one.value) for one in CHOICES[trait]} if trait in CHOICES else None
    for value in values:
        if known is not None:
            _expect(value in known, trait, f"one of {', '.join(sorted(known))}")
        _expect(
            isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_WORD,
            trait,
            f"words of at most {LONGEST_WORD} letters",
        )


def holds(condition: Condition, traits: ClientTraits) -> bool:
    """Tell whether a condition holds for a client.

    Who was never reached is as if it had been for ever: at least any number of days ago.
    """
    if condition.trait in NUMBERS:
        return _holds_number(condition, NUMBERS[condition.trait](traits))
    wanted = condition.comparison is Comparison.IS
    return is_in(condition, WORDS[condition.trait](traits)) is wanted


def is_in(condition: Condition, words: frozenset[str]) -> bool:
    """Tell whether any of the words is one that a condition names."""
    asked = {str(one).casefold() for one in condition.values}
    return not asked.isdisjoint(one.casefold() for one in words)


def _holds_number(condition: Condition, number: int | None) -> bool:
    wanted = int(condition.values[0])
    match condition.comparison:
        case Comparison.AT_LEAST:
            return number is None or number >= wanted
        case Comparison.AT_MOST:
            return number is not None and number <= wanted
        case Comparison.IS:
            return number == wanted
    return number != wanted


def _set_of(word: str | None) -> frozenset[str]:
    return frozenset() if word is None else frozenset({word})


def _expect(is_so: bool, trait: Trait, expected: str) -> None:
    if not is_so:
        raise BadCondition(trait.value, expected)
