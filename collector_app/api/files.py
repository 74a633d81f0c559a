"""Whole lists as files: CSV and XLSX for spreadsheets, GeoJSON for maps."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from collector_app.api.queries import Asked
from collector_app.api.rules import MOST_ROWS, FileFormat, StopOut
from collector_app.core.geojson import Feature, feature, geojson_lines, line, point
from collector_app.core.spreadsheets import csv_lines, write_xlsx
from collector_app.planning.paths import decode

_ROUTE_OF_STOP = ("plan_id", "day", "route_id", "collector_id")
_ROUTE_FIGURES = ("leaves_s", "returns_s", "travel_s", "travel_m")
Features = Callable[[Any], Iterable[Feature]]  # of a row, as it lies on a map


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
    return Table(columns, lambda one: [{name: _cell(getattr(one, name)) for name in columns}])


def _cell(value: Any) -> Any:
    """Return a value as a cell holds it: of a list of names all of them, with semicolons."""
    return "; ".join(value) if isinstance(value, list) else value


def line_of_stops() -> Table:
    """Return the table of plans: a line for each stop of each route."""
    return Table((*_ROUTE_OF_STOP, *StopOut.__struct_fields__), _stops)


def at_point(table: Table) -> Features:
    """Return how rows lie on a map that are a point; null when nobody knows where."""

    def features(row: Any) -> Iterator[Feature]:
        yield feature(row.id, point(row.lat, row.lon), *table.lines(row))

    return features


def within_outline(table: Table) -> Features:
    """Return how rows lie on a map that have a border."""
    return lambda row: [feature(row.id, row.outline, *table.lines(row))]


def of_routes(plan: Any) -> Iterator[Feature]:
    """Yield the lines that a plan's routes follow, along the streets."""
    for route in plan.routes:
        yield feature(
            route.id,
            line(decode(route.path)),
            _of_plan(plan, route)
            | {name: getattr(route, name) for name in _ROUTE_FIGURES}
            | {"client_ids": [stop.client_id for stop in route.stops]},
        )


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
    file_format: FileFormat, rows: Iterable[Any], table: Table, features: Features | None
) -> Iterator[bytes]:
    """Yield the bytes of a file; CSV and GeoJSON row by row, XLSX when all of it is written."""
    match file_format:
        case FileFormat.CSV:
            yield from csv_lines(table.titles, (one for row in rows for one in table.lines(row)))
        case FileFormat.XLSX:
            lines = (one for row in rows for one in table.lines(row))
            yield write_xlsx(table.titles, lines)
        case FileFormat.GEOJSON:
            assert features is not None  # noqa: S101 - whoever read the call refused it
            yield from geojson_lines(one for row in rows for one in features(row))


def _stops(plan: Any) -> Iterator[Mapping[str, Any]]:
    for route in plan.routes:
        for stop in route.stops:
            yield _of_plan(plan, route) | {
                name: getattr(stop, name) for name in StopOut.__struct_fields__
            }


def _of_plan(plan: Any, route: Any) -> dict[str, Any]:
    values = (plan.id, plan.day, route.id, route.collector_id)
    return dict(zip(_ROUTE_OF_STOP, values, strict=True))
