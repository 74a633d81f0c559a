"""Seals many rows under few entries: a file of 100,000 clients is not 100,000 entries.

Each row has its own hash all the same, so that `flask audit verify` can name it.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector_app.audit.models import AuditBatch
from collector_app.audit.rules import SEALED, content_hash
from collector_app.audit.services import log_each
from collector_app.core.actor import Actor
from collector_app.core.orm import Model
from collector_app.core.selection import among

_ROWS = 1_000  # of one batch: what is read at once, and what a broken batch leaves in doubt


def log_rows(
    session: Session, actor: Actor, why: str, table: type[Model], ids: Collection[int]
) -> None:
    """Seal rows of a table as they stand now; call this after they were written.

    Only rows that were just written: whatever somebody did to others behind our back would be
    sealed along with them.

    Parameters
    ----------
    why : str
        The event that wrote them: ``portfolio.imported``.
    """
    if not ids:
        return
    session.flush()
    batches, told = [], []
    ordered = sorted(ids)
    for start in range(0, len(ordered), _ROWS):
        some = ordered[start : start + _ROWS]
        seals = _seals(session, table, some)
        batches.append(AuditBatch(table_name=table.__tablename__, seals=_lines(seals)))
        told.append({"why": why, "table": table.__tablename__, "first": some[0], "last": some[-1]})
    session.add_all(batches)
    log_each(session, actor, SEALED, list(zip(batches, told, strict=True)))


def _lines(seals: Mapping[int, str]) -> str:
    return "\n".join(f"{key} {seal}" for key, seal in seals.items())


def _seals(session: Session, table: type[Model], ids: Sequence[int]) -> dict[int, str]:
    """Return the hash of each row, from what the database gives back."""
    names = table.sealed_columns
    columns = table.__table__.c
    key = table.sealed_key()
    statement = select(key, *(columns[name] for name in names)).where(among(key, ids))
    rows = session.execute(statement.order_by(key))
    return {
        row[0]: content_hash(dict(zip(names, row[1:], strict=True)), is_read=True) for row in rows
    }
