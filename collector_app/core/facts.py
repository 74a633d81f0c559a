"""Facts from the field: each has a uuid of its own, and telling it twice changes nothing."""

from collections.abc import Sequence
from typing import TypeVar

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
    stored = _find(session, type(row), uuid)
    if stored is None:
        try:
            with session.begin_nested():
                session.add(row)
            return row, True
        except IntegrityError:  # somebody else stored it between our look and our insert
            stored = _find(session, type(row), uuid)
            if stored is None:
                raise
    _compare(stored, row, uuid, statement)
    return stored, False


def _find(session: Session, table: type[Row], uuid: str) -> Row | None:
    # What was annulled since was told all the same: the same uuid is the same fact for ever.
    statement = select(table).filter_by(uuid=uuid).execution_options(with_annulled_visits=True)
    return session.scalars(statement).one_or_none()


def _compare(stored: Model, told: Model, uuid: str, statement: Sequence[str]) -> None:
    differing = [name for name in statement if getattr(stored, name) != getattr(told, name)]
    if differing:
        raise FactConflict(
            stored.__tablename__,
            uuid,
            told={name: str(getattr(told, name)) for name in differing},
            stored={name: str(getattr(stored, name)) for name in differing},
        )
