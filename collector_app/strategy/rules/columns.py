"""What is known of many clients, trait by trait, so that segments are counted at once.

The same conditions as `conditions.holds`, over arrays: 100,000 clients in milliseconds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collector_app.strategy.rules.conditions import (
    NUMBERS,
    WORDS,
    ClientTraits,
    Comparison,
    Condition,
    Trait,
    is_in,
)

NEVER = -1  # stands for None: a client who was never reached
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Column:
    """One number for each client, in the order of all columns; ``content`` is an array of dtype."""

    dtype: str
    content: bytes

    @classmethod
    def of(cls, numbers: Sequence[int]) -> "Column":
        """Keep numbers in as few bytes as the largest needs."""
        small = np.min_scalar_type(-1 - max((0, *numbers)))
        return cls(small.str, np.array(numbers, dtype=small).tobytes())

    @property
    def numbers(self) -> NDArray[np.integer[Any]]:
        """Return the numbers."""
        return np.frombuffer(self.content, dtype=self.dtype)


@dataclass(frozen=True, slots=True)
class WordColumn:
    """The words of a trait: ``codes`` tells for each client which of ``sets`` is theirs."""

    codes: Column
    sets: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class TraitColumns:
    """Clients by trait; ``numbers`` and ``words`` hold every trait once."""

    count: int
    numbers: Mapping[Trait, Column]
    words: Mapping[Trait, WordColumn]


def columns_of(clients: Iterable[ClientTraits]) -> TraitColumns:
    """Turn clients into columns, in their order."""
    listed = list(clients)
    return TraitColumns(
        len(listed),
        {
            trait: Column.of([_or_never(read(one)) for one in listed])
            for trait, read in NUMBERS.items()
        },
        {trait: _word_column(listed, read) for trait, read in WORDS.items()},
    )


def those_who_hold(condition: Condition, clients: TraitColumns) -> Mask:
    """Tell of each client whether a condition holds, as `holds` does of one."""
    if condition.trait in NUMBERS:
        return _holding_number(condition, clients.numbers[condition.trait].numbers)
    column = clients.words[condition.trait]
    wanted = condition.comparison is Comparison.IS
    of_set = np.array([is_in(condition, one) is wanted for one in column.sets], dtype=bool)
    found: Mask = of_set[column.codes.numbers] if column.sets else np.zeros(0, dtype=bool)
    return found


def _holding_number(condition: Condition, numbers: NDArray[np.integer[Any]]) -> Mask:
    wanted = int(condition.values[0])
    found: Mask
    match condition.comparison:
        case Comparison.AT_LEAST:
            found = (numbers >= wanted) | (numbers == NEVER)
        case Comparison.AT_MOST:
            found = (numbers <= wanted) & (numbers != NEVER)
        case Comparison.IS:
            found = numbers == wanted
        case Comparison.IS_NOT:
            found = numbers != wanted
    return found


def _word_column(
    clients: Sequence[ClientTraits], read: Callable[[ClientTraits], frozenset[str]]
) -> WordColumn:
    code_of: dict[frozenset[str], int] = {}
    codes = [code_of.setdefault(read(one), len(code_of)) for one in clients]
    return WordColumn(Column.of(codes), tuple(code_of))


def _or_never(number: int | None) -> int:
    return NEVER if number is None else number
