"""Facts from the field: each has a uuid of its own, and telling it twice changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collector_app.core.errors import RuleBroken
from collector_app.core.orm import Model

Row = TypeVar("Row", bound=Model)


class FactConflict(RuleBroken):
    """A uuid came again with other content; `told` and `stored` hold the fields that differ."""

    code = "fact_conflict"

    def __init__(self, kind: str, uuid: str, told: dict[str, str], stored: dict[str, str]) -> None:
        """Keep both versions, so that the caller can write them to the log and lose neither."""
        super().__init__(f"{kind} {uuid} was stored with other {', '.join(told)}", kind=kind)
        self.kind = kind
        self.uuid = uuid
        self.told = told
        self.stored = stored


def store_once(session: Session, row: Row, uuid: str, statement: Sequence[str]) -> tuple[Row, bool]:
    """Store a fact unless it is already there, also when two connections send it at once.

    Parameters
    ----------
    row : Model
        A new row of a table with a unique column ``uuid``, not yet in the session.
    uuid : str
        Its identity, made where the fact was made.
    statement : sequence of str
        The columns that say what happened. Columns that describe the sending (the instant of the
        tap, the GPS fix of that moment) stay out: a second tap on the same form differs in them.

    Returns
    -------
    tuple of (Model, bool)
        The stored row, and whether it is new.

    Raises
    ------
    FactConflict
        When the uuid is already stored with another statement.
    """
    return store_all_once(session, [row], [uuid], statement)[0]


def store_all_once(
    session: Session, rows: Sequence[Row], uuids: Sequence[str], statement: Sequence[str]
) -> list[tuple[Row, bool]]:
    """Store facts of one table as `store_once` does, with as few statements as for one.

    Parameters
    ----------
    rows, uuids : sequence
        One uuid for each row, no uuid twice.

    Raises
    ------
    FactConflict
        For the first uuid that is already stored with another statement.
    """
    stored = _find(session, rows, uuids)
    new = _missing(rows, uuids, stored)
    while new:
        try:
            with session.begin_nested():
                session.add_all(new)
            break
        except IntegrityError:  # somebody else stored one between our look and our insert
            known, stored = stored, _find(session, rows, uuids)
            if len(stored) == len(known):
                raise
            new = _missing(rows, uuids, stored)
    for row, uuid in zip(rows, uuids, strict=True):
        if uuid in stored:
            _compare(stored[uuid], row, uuid, statement)
    return [
        (stored.get(uuid, row), uuid not in stored) for row, uuid in zip(rows, uuids, strict=True)
    ]


def _find(session: Session, rows: Sequence[Row], uuids: Sequence[str]) -> dict[str, Row]:
    if not rows:
        return {}
    # What was annulled since was told all the same: the same uuid is the same fact for ever.
    table: Any = type(rows[0])
    statement = select(table).where(table.uuid.in_(uuids))
    found = session.scalars(statement.execution_options(with_annulled_visits=True))
    return {one.uuid: one for one in found}


def _missing(rows: Sequence[Row], uuids: Sequence[str], stored: Mapping[str, Row]) -> list[Row]:
    return [row for row, uuid in zip(rows, uuids, strict=True) if uuid not in stored]


def _compare(stored: Model, told: Model, uuid: str, statement: Sequence[str]) -> None:
    differing = [name for name in statement if getattr(stored, name) != getattr(told, name)]
    if differing:
        raise FactConflict(
            stored.__tablename__,
            uuid,
            told={name: str(getattr(told, name)) for name in differing},
            stored={name: str(getattr(stored, name)) for name in differing},
        )
