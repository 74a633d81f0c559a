"""Filters of a statement that hold for any number of ids."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, true


def among_told(column: Any, name: str) -> ColumnElement[bool]:
    """Return the condition of `among` for a statement that is built once.

    The ids are given under `name` each time that it is executed, written into it as well.
    """
    found: ColumnElement[bool] = column.in_(
        bindparam(name, type_=Integer(), expanding=True, literal_execute=True)
    )
    return found


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
