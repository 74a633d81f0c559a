"""Filters of a statement that hold for any number of ids."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Boolean, ColumnElement, Dialect, Integer, Text, bindparam, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


def among_told(column: Any, name: str) -> ColumnElement[bool]:
    """Return the condition that a column holds one of the values told under `name`.

    For a statement that is built once: they are given each time that it is executed, a collection
    of numbers or of texts, and go as one document. The statement stays the same however many there
    are, so that nobody writes nor compiles it again.
    """
    return _Among(column, bindparam(name, type_=_Told()))


def among(column: Any, ids: Collection[int] | None) -> ColumnElement[bool]:
    """Return the condition that a column holds one of the ids; None means all.

    The numbers are written into the statement, not bound to it: SQLite binds at most 32,766
    values, PostgreSQL 65,535, and a cartera may be larger.
    """
    if ids is None:
        return true()
    numbers = sorted({int(one) for one in ids})
    found: ColumnElement[bool] = column.in_(
        bindparam(
            "ids", numbers, type_=Integer(), expanding=True, literal_execute=True, unique=True
        )
    )
    return found


class _Told(TypeDecorator[Collection[Any]]):
    """Numbers or texts, as a document of JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> str | None:
        """Write them down."""
        return None if value is None else msgspec.json.encode(list(value)).decode()


class _Among(FunctionElement[bool]):
    """A column, and the document of the values of which it holds one."""

    name = "among"
    type = Boolean()
    inherit_cache = True
    _is_implicitly_boolean = True  # SQLite would be asked whether it "= 1", without an index


@compiles(_Among, "sqlite")
def _among_on_sqlite(element: _Among, compiler: Any, **kw: Any) -> str:
    column, told = (compiler.process(one, **kw) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({told}))"  # noqa: S608 - both compiled


@compiles(_Among, "postgresql")
def _among_on_postgresql(element: _Among, compiler: Any, **kw: Any) -> str:
    """As an array that is made first: the planner then looks for each value in the index."""
    of, told = element.clauses
    kind = "integer" if isinstance(of.type, Integer) else "text"
    texts = f"json_array_elements_text(CAST({compiler.process(told, **kw)} AS json))"
    values = f"SELECT CAST({texts} AS {kind})"
    return f"{compiler.process(of, **kw)} = ANY (ARRAY({values}))"
