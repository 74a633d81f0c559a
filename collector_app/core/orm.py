"""The base of every table: names of constraints, enums by value, instants in UTC."""

import enum
from datetime import UTC, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy import Dialect, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

ENUM_LENGTH = 40


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database (SQLite would drop the zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants and turn the others to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "expected an instant with a time zone"
            raise ValueError(message)
        return value if value.tzinfo is UTC else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


class Model(DeclarativeBase):
    """Base of all tables; plain SQLAlchemy, so that services run without Flask.

    Attributes
    ----------
    sealed_columns : tuple of str
        Columns whose values the log answers for: each change of them is logged, and `flask audit
        verify` finds a row that differs from what was logged last.
    """

    sealed_columns: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def sealed_rows(cls) -> sa.ColumnElement[bool]:
        """Return which rows the log answers for: all, unless a table says otherwise."""
        return sa.true()

    @classmethod
    def sealed_key(cls) -> sa.Column[int]:
        """Return the column by which the log knows the rows: the first of the primary key."""
        return next(iter(cls.metadata.tables[cls.__tablename__].primary_key.columns))

    def sealed_content(self) -> dict[str, object]:
        """Return what is sealed of this row."""
        return {name: getattr(self, name) for name in self.sealed_columns}

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - the name and the shape are SQLAlchemy's
        datetime: UtcDateTime(),
        enum.Enum: sa.Enum(
            enum.Enum, native_enum=False, length=ENUM_LENGTH, values_callable=_values
        ),
        dict: sa.JSON(),
        list: sa.JSON(),
    }
