"""Whole lists as files: CSV and XLSX for spreadsheets, GeoJSON for maps."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from collector_app.api.queries import Asked
from collector_app.api.rules import MOST_ROWS, FileFormat, StopOut
from collector_app.core.spreadsheets import csv_lines, write_xlsx

_ROUTE_OF_STOP = ("plan_id", "day", "route_id", "collector_id")


@dataclass(frozen=True, slots=True)
class Table:
    """How the rows of a list lie in a spreadsheet: columns, and the lines that a row becomes."""

    columns: tuple[str, ...]
    lines: Callable[[Any], Iterable[Mapping[str, Any]]]

    @property
    def titles(self) -> Mapping[str, str]:
        """Return column -> title: the names of the API's fields."""
        return {name: name for name in self.columns}


def one_line(row: type[msgspec.Struct], *, without: tuple[str, ...] = ()) -> Table:
    """Return the table of rows that are a line each; ``without`` are fields that no cell holds."""
    columns = tuple(name for name in row.__struct_fields__ if name not in without)
    return Table(columns, lambda one: [{name: getattr(one, name) for name in columns}])


def line_of_stops() -> Table:
    """Return the table of plans: a line for each stop of each route."""
    return Table((*_ROUTE_OF_STOP, *StopOut.__struct_fields__), _stops)


def point(row: Any) -> dict[str, Any] | None:
    """Return where a row lies, None when nobody knows; GeoJSON says the longitude first."""
    if row.lat is None or row.lon is None:
        return None
    return {"type": "Point", "coordinates": [row.lon, row.lat]}


def outline(row: Any) -> dict[str, Any]:
    """Return the border of a zone."""
    border: dict[str, Any] = row.outline
    return border


def every_row(
    session: Session, read: Callable[[Session, Asked], list[Any]], asked: Asked
) -> Iterator[Any]:
    """Yield all rows of a list from the id that was asked for on, read a page at a time."""
    after: int | None = asked.after
    while after is not None:
        some = read(session, replace(asked, after=after, limit=MOST_ROWS))
        page = some[:MOST_ROWS]
        yield from page
        after = page[-1].id if len(some) > MOST_ROWS else None
        session.expunge_all()  # what was told is not needed again


def as_file(
    file_format: FileFormat,
    rows: Iterable[Any],
    table: Table,
    place: Callable[[Any], dict[str, Any] | None] | None,
) -> Iterator[bytes]:
    """Yield the bytes of a file; CSV and GeoJSON row by row, XLSX when all of it is written."""
    match file_format:
        case FileFormat.CSV:
            yield from csv_lines(table.titles, (line for row in rows for line in table.lines(row)))
        case FileFormat.XLSX:
            lines = (line for row in rows for line in table.lines(row))
            yield write_xlsx(table.titles, lines)
        case FileFormat.GEOJSON:
            assert place is not None  # noqa: S101 - whoever read the call refused it
            yield from _geojson(rows, table, place)


def _geojson(
    rows: Iterable[Any], table: Table, place: Callable[[Any], dict[str, Any] | None]
) -> Iterator[bytes]:
    """Yield a collection of features (RFC 7946), each with the id and the fields of its row."""
    yield b'{"type":"FeatureCollection","features":['
    for number, row in enumerate(rows):
        (properties,) = table.lines(row)
        feature = {
            "type": "Feature",
            "id": row.id,
            "geometry": place(row),
            "properties": properties,
        }
        yield (b",\n" if number else b"\n") + msgspec.json.encode(feature)
    yield b"\n]}\n"


def _stops(plan: Any) -> Iterator[Mapping[str, Any]]:
    for route in plan.routes:
        of_route = dict(
            zip(_ROUTE_OF_STOP, (plan.id, plan.day, route.id, route.collector_id), strict=True)
        )
        for stop in route.stops:
            yield of_route | {name: getattr(stop, name) for name in StopOut.__struct_fields__}
