"""Many rows in one statement: their ids come back, and no object is made of any."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import (
    JSON,
    Connection,
    CursorResult,
    Dialect,
    Enum,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from collector_app.core.orm import Model, UtcDateTime

Values = Mapping[str, Any]  # of a row, by column
Table = TypeVar("Table", bound=Model)


@dataclass(frozen=True, slots=True)
class StoredRow(Generic[Table]):
    """A row of a table that is there, with the values that it was told with."""

    table: type[Table]
    id: int
    values: Values

    @property
    def table_name(self) -> str:
        """Return the name of its table."""
        return str(self.table.__tablename__)

    def sealed_content(self) -> dict[str, object]:
        """Return what the log answers for of this row, as `Model.sealed_content` does."""
        return {name: self.values.get(name) for name in self.table.sealed_columns}


def insert_rows(
    session: Session, table: type[Table], rows: Sequence[Values], *, key: Sequence[str]
) -> list[StoredRow[Table]]:
    """Insert rows and return them with their ids, in the same order.

    Parameters
    ----------
    rows : sequence of mapping
        All with the same columns; defaults that Python would give a column are not given here.
    key : sequence of str
        Columns that together differ in each of the rows: databases return ids in any order.

    Raises
    ------
    IntegrityError
        When one of them breaks a constraint; nothing is inserted then.
    """
    ids = _insert(session, table, rows, tuple(key), is_skipping=False)
    return [StoredRow(table, ids[tuple(row[name] for name in key)], row) for row in rows]


def insert_all(session: Session, table: type[Model], rows: Sequence[Values]) -> list[int]:
    """Insert rows, all with the same columns, and return their ids in any order."""
    if not rows:
        return []
    told = Model.metadata.tables[table.__tablename__]
    return list(session.scalars(insert(told).returning(told.c.id), rows))


def insert_missing(session: Session, table: type[Model], rows: Sequence[Values]) -> dict[str, int]:
    """Insert those rows that no unique column forbids; returns their ids by ``uuid``.

    The rest was there, or came from another connection meanwhile.
    """
    ids = _insert(session, table, rows, ("uuid",), is_skipping=True)
    return {key[0]: id_ for key, id_ in ids.items()}


def append_rows(session: Session, table: type[Model], rows: Sequence[Values]) -> None:
    """Insert rows whose ids nobody asks for; see `insert_rows`."""
    if not rows:
        return
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        _insert_as_document(connection, table, rows, None, is_skipping=False)
    else:
        _insert_each(connection, table, rows, is_skipping=False)


def _insert(
    session: Session,
    table: type[Model],
    rows: Sequence[Values],
    key: tuple[str, ...],
    *,
    is_skipping: bool,
) -> dict[tuple[Any, ...], int]:
    """Insert rows and return the ids of those that are new, by the values of ``key``."""
    if not rows:
        return {}
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        found = _insert_as_document(connection, table, rows, key, is_skipping=is_skipping)
    else:
        # Who writes is alone, and ids grow: what is new stands behind the last that was there.
        name = table.__tablename__
        last = connection.exec_driver_sql(f"SELECT coalesce(max(id), 0) FROM {name}").scalar_one()  # noqa: S608 - names of ours
        _insert_each(connection, table, rows, is_skipping=is_skipping)
        new = f"SELECT id, {', '.join(key)} FROM {name} WHERE id > ?"  # noqa: S608
        found = connection.exec_driver_sql(new, (last,))
    return {tuple(row[1:]): row[0] for row in found}


def _insert_as_document(
    connection: Connection,
    table: type[Model],
    rows: Sequence[Values],
    key: tuple[str, ...] | None,
    *,
    is_skipping: bool,
) -> CursorResult[Any]:
    statement = _document_statement(table, tuple(rows[0]), key, is_skipping)
    return connection.execute(statement, {"rows": msgspec.json.encode(rows).decode()})


def _insert_each(
    connection: Connection, table: type[Model], rows: Sequence[Values], *, is_skipping: bool
) -> None:
    """Insert rows by the driver of SQLite itself: half of the time went into what it never sees."""
    statement, writers = _plain_statement(table, tuple(rows[0]), is_skipping, connection.dialect)
    columns = [
        map(write, [row[name] for row in rows]) if write else [row[name] for row in rows]
        for name, write in writers
    ]
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


@cache
def _plain_statement(
    table: type[Model], names: tuple[str, ...], is_skipping: bool, dialect: Dialect
) -> tuple[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]]:
    """Return an insert of a row, and what turns each of its values into what the driver takes."""
    columns = inspect(table).local_table.c
    writers = tuple((name, _writer(columns[name].type, dialect)) for name in names)
    places = ", ".join("?" for _ in names)
    ending = " ON CONFLICT DO NOTHING" if is_skipping else ""
    statement = f"INSERT INTO {table.__tablename__} ({', '.join(names)}) VALUES ({places}){ending}"  # noqa: S608
    return statement, writers


def _writer(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what writes a value of a column for SQLite; None: it takes it as it is.

    The same that SQLAlchemy writes; faster for what every fact has (tests/core/test_bulk.py).
    """
    write: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if isinstance(kind, UtcDateTime):
        return _instant_text
    if isinstance(kind, Enum) and write is not None:
        values = {one: write(one) for one in kind.enum_class or ()}
        return lambda value: values[value] if value in values else write(value)
    if isinstance(kind, JSON):
        return lambda value: msgspec.json.encode(value).decode()
    return write


def _instant_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        message = "expected an instant with a time zone"
        raise ValueError(message)
    told = value if value.tzinfo is UTC else value.astimezone(UTC)
    return told.isoformat(" ", "microseconds")[:-6]  # without "+00:00": all of them are UTC


@cache
def _document_statement(
    table: type[Model], names: tuple[str, ...], key: tuple[str, ...] | None, is_skipping: bool
) -> Any:
    """Return how PostgreSQL takes rows: as one document, however many rows there are.

    A value for each row and column would make a statement of 50 kB that is parsed each time, and
    psycopg writes arrays in Python: that takes twice as long.
    """
    columns = inspect(table).local_table.c
    document = cast(bindparam("rows", type_=Text()), postgresql.JSON())
    records = func.json_to_recordset(document).table_valued(
        *(column(name, columns[name].type) for name in names)
    )
    rows = select(*records.render_derived(with_types=True).c)
    statement = postgresql.insert(table).from_select(names, rows)
    return _answering(statement, table, key, is_skipping)


def _answering(
    statement: Any, table: type[Model], key: tuple[str, ...] | None, is_skipping: bool
) -> Any:
    if is_skipping:
        statement = statement.on_conflict_do_nothing()
    if key is not None:
        columns = inspect(table).local_table.c
        statement = statement.returning(columns.id, *(columns[name] for name in key))
    return statement
