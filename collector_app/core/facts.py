"""Facts from the field: each has a uuid of its own, and telling it twice changes nothing."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.core.bulk import StoredRow, Table, Values, insert_missing
from collector_app.core.errors import RuleBroken
from collector_app.core.orm import Model

# What was annulled since was told all the same: the same uuid is the same fact for ever.
_WITH_ANNULLED = {"with_annulled_visits": True}


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


def store_once(
    session: Session, table: type[Table], values: Values, statement: Sequence[str]
) -> tuple[StoredRow[Table], bool]:
    """Store a fact unless it is already there, also when two connections send it at once.

    Parameters
    ----------
    table : type of Model
        One with a unique column ``uuid``: the identity of a fact, made where the fact was made.
    values : mapping
        What is told, by column.
    statement : sequence of str
        The columns that say what happened. Columns that describe the sending (the instant of the
        tap, the GPS fix of that moment) stay out: a second tap on the same form differs in them.

    Returns
    -------
    tuple of (StoredRow, bool)
        The stored fact, and whether it is new.

    Raises
    ------
    FactConflict
        When the uuid is already stored with another statement.
    """
    return store_all_once(session, table, [values], statement)[0]


def store_all_once(
    session: Session, table: type[Table], told: Sequence[Values], statement: Sequence[str]
) -> list[tuple[StoredRow[Table], bool]]:
    """Store facts of one table as `store_once` does, with as few statements as for one.

    Parameters
    ----------
    told : sequence of mapping
        All with the same columns, no uuid twice.

    Raises
    ------
    FactConflict
        For the first uuid that is already stored with another statement.
    """
    new = insert_missing(session, table, told)
    known = _find(session, table, [one["uuid"] for one in told if one["uuid"] not in new])
    stored = []
    for values in told:
        uuid = str(values["uuid"])
        if uuid in known:
            _compare(known[uuid], values, uuid, statement)
        id_ = new[uuid] if uuid in new else known[uuid].id
        stored.append((StoredRow(table, id_, values), uuid in new))
    return stored


def object_of(session: Session, stored: StoredRow[Table]) -> Table:
    """Return the object of a stored fact, for those who go on with it."""
    return session.get_one(stored.table, stored.id, execution_options=_WITH_ANNULLED)


def _find(session: Session, table: Any, uuids: Sequence[object]) -> dict[str, Any]:
    if not uuids:
        return {}
    known = select(table).where(table.uuid.in_(uuids))
    found = session.scalars(known, execution_options=_WITH_ANNULLED)
    return {one.uuid: one for one in found}


def _compare(stored: Model, told: Values, uuid: str, statement: Sequence[str]) -> None:
    differing = [name for name in statement if getattr(stored, name) != told[name]]
    if differing:
        raise FactConflict(
            stored.__tablename__,
            uuid,
            told={name: str(told[name]) for name in differing},
            stored={name: str(getattr(stored, name)) for name in differing},
        )
