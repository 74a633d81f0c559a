"""Which row holds the headings of a sheet, and which column means what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from collector_app.exchange.columns import Column, columns, heading_key, required_groups
from collector_app.exchange.rules import FileProblem, IgnoredBecause, UnreadableFile
from collector_app.exchange.sheets.grids import Cell, Grid, column_letter

SEARCHED_ROWS = 60  # logos, titles and legends stand above the headings
_ENOUGH = 2  # headings of ours that make a row the row of headings


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column of the file that we read."""

    field: str
    number: int  # 0 is A
    heading: str  # as the file has it

    @property
    def letter(self) -> str:
        """Return the name that Excel gives the column."""
        return column_letter(self.number)


@dataclass(frozen=True, slots=True)
class IgnoredColumn:
    """A column of the file that we do not read."""

    number: int
    heading: str
    because: IgnoredBecause
    used: str = ""  # the heading that was used in its place

    @property
    def letter(self) -> str:
        """Return the name that Excel gives the column."""
        return column_letter(self.number)


@dataclass(frozen=True, slots=True)
class Headings:
    """What the headings of a sheet mean."""

    row: int  # 0 is the first row
    read: Mapping[str, ReadColumn]  # by field
    ignored: tuple[IgnoredColumn, ...]
    missing: tuple[tuple[Column, ...], ...]  # of each group one is needed, and none is there


def score(rows: Sequence[Sequence[Cell]]) -> int:
    """Return how many of our fields the best of some rows names."""
    return max((_field_count(row) for row in rows), default=0)


def find_headings(grid: Grid) -> Headings | None:
    """Return the headings of a sheet, or None when no row looks like headings.

    Raises
    ------
    UnreadableFile
        When two columns have the very same heading and we would have to guess which to read.
    """
    head = grid.rows[:SEARCHED_ROWS]
    best = max(range(len(head)), key=lambda row: _field_count(head[row]), default=0)
    if not head or _field_count(head[best]) < _ENOUGH:
        return None
    read, ignored = _match(grid.name, best, [_text(cell) for cell in head[best]])
    missing = tuple(
        group for group in required_groups() if not any(one.field in read for one in group)
    )
    return Headings(best, read, ignored, missing)


def _text(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


@cache
def _ranks() -> Mapping[str, Mapping[str, int]]:
    """Return what each reduced heading may mean: key -> field -> how telling it is, 0 the most."""
    ranks: dict[str, dict[str, int]] = {}
    for column in columns():
        for rank, key in enumerate(column.keys):
            ranks.setdefault(key, {}).setdefault(column.field, rank)
    return ranks


def _field_count(row: Sequence[Cell]) -> int:
    return len(
        {
            min(fields)
            for cell in row
            if isinstance(cell, str)
            and len(cell) < 80
            and (fields := _ranks().get(heading_key(cell)))
        }
    )


def _match(
    sheet: str, row: int, headings: Sequence[str]
) -> tuple[dict[str, ReadColumn], tuple[IgnoredColumn, ...]]:
    keys = [heading_key(heading) for heading in headings]
    _refuse_repeated(sheet, row, headings, keys)
    chosen = _choose(keys)
    read = {field: ReadColumn(field, number, headings[number]) for field, number in chosen.items()}
    ignored = tuple(
        _ignored(number, headings[number], keys[number], read)
        for number in range(len(headings))
        if headings[number] and number not in chosen.values()
    )
    return read, ignored


def _refuse_repeated(sheet: str, row: int, headings: Sequence[str], keys: Sequence[str]) -> None:
    for key, count in Counter(keys).items():
        if count > 1 and key in _ranks():
            places = [number for number, one in enumerate(keys) if one == key]
            raise UnreadableFile(
                FileProblem.REPEATED_COLUMN,
                sheet=sheet,
                row=row + 1,
                heading=headings[places[0]],
                columns=", ".join(column_letter(number) for number in places),
            )


def _choose(keys: Sequence[str]) -> dict[str, int]:
    """Return field -> column; first the headings with one meaning, then those with several."""
    ranks = _ranks()
    chosen: dict[str, int] = {}
    for number, key in enumerate(keys):
        meanings = ranks.get(key, {})
        if len(meanings) == 1:
            ((field, rank),) = meanings.items()
            if field not in chosen or rank < ranks[keys[chosen[field]]][field]:
                chosen[field] = number
    certain = frozenset(chosen)
    for number, key in enumerate(keys):
        free = [field for field in ranks.get(key, {}) if field not in certain]
        # "Cliente" beside neither number nor name is taken for the name, so the number is missed.
        if len(ranks.get(key, {})) > 1 and free and free[-1] not in chosen:
            chosen[free[-1]] = number
    return chosen


def _ignored(number: int, heading: str, key: str, read: Mapping[str, ReadColumn]) -> IgnoredColumn:
    for field in _ranks().get(key, {}):
        if field in read:
            because = IgnoredBecause.OTHER_COLUMN_USED
            return IgnoredColumn(number, heading, because, read[field].heading)
    return IgnoredColumn(number, heading, IgnoredBecause.UNKNOWN)
