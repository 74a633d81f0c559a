"""Schedules of reports and what phones told are sealed as they stand."""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0270"
down_revision = "0241"
branch_labels = None
depends_on = None

ROWS = 1_000
ORIGIN = "0" * 64

# Columns in no particular order, as `audit.rules` writes them sorted.
TABLES = {
    "report_schedule": "kind weekdays at_s created_at created_by ended_at ended_by",
    "sync_event": (
        "uuid device_id seq kind statement statement_hash made_at received_at clock_offset_ms"
        " state settled_at settled_by settled_reason"
    ),
    "sync_conflict": (
        "event_id device_id uuid seq statement statement_hash received_at settled_at settled_by"
        " settled_reason visit_uuid"
    ),
}


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(1635083369)"))  # of `audit.chain`
    chain = _Chain(connection)
    for name, told in TABLES.items():
        _seal(connection, chain, name, told.split())
    chain.note()


def downgrade() -> None:
    """Leave the seals: a program that does not know them compares nothing with them."""


class _Chain:
    """The end of the log, to which this adds."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._head = sa.table("audit_head", *map(sa.column, ("id", "position", "hash")))
        found = connection.execute(sa.select(self._head.c.position, self._head.c.hash)).first()
        self._is_new = found is None
        self._before = self._last = tuple(found) if found else (0, ORIGIN)
        self._entries = sa.table(
            "audit_entry",
            *map(sa.column, ("actor_id", "role", "event", "subject_type", "subject_id")),
            *map(sa.column, ("content_hash", "position", "previous_hash", "hash")),
            sa.column("at", sa.DateTime(timezone=True)),
            sa.column("facts", sa.JSON()),
        )
        self._now = datetime.now(UTC)

    def add(self, batch_id: int, sealed: str, facts: dict[str, object]) -> None:
        position, before = self._last[0] + 1, self._last[1]
        entry = {
            "at": self._now,
            "actor_id": None,
            "role": "system",
            "event": "log.rows_sealed",
            "subject_type": "audit_batch",
            "subject_id": str(batch_id),
            "facts": facts,
            "content_hash": sealed,
            "position": position,
        }
        sha256 = hashlib.sha256((before + _canonical(entry)).encode()).hexdigest()
        row = {**entry, "previous_hash": before, "hash": sha256}
        self._connection.execute(sa.insert(self._entries), row)
        self._last = (position, sha256)

    def note(self) -> None:
        if self._last == self._before:
            return
        values = {"position": self._last[0], "hash": self._last[1]}
        if self._is_new:
            self._connection.execute(sa.insert(self._head).values(id=1, **values))
        else:
            self._connection.execute(sa.update(self._head).values(**values))


def _seal(connection: sa.Connection, chain: _Chain, name: str, columns: list[str]) -> None:
    """Seal the rows of a table as they stand, a thousand at a time."""
    batches = sa.table("audit_batch", *map(sa.column, ("id", "table_name", "seals")))
    key = sa.column("id")
    table = sa.table(name, key, *(sa.column(one, _kind(one)) for one in columns))
    next_batch = (connection.scalar(sa.select(sa.func.max(batches.c.id))) or 0) + 1
    last = 0
    while True:
        rows = connection.execute(
            sa.select(table).where(key > last).order_by(key).limit(ROWS)
        ).all()
        if not rows:
            break
        lines = [f"{row[0]} {_content_hash(dict(zip(columns, row[1:], strict=True)))}" for row in rows]
        values = {"table_name": name, "seals": "\n".join(lines)}
        connection.execute(sa.insert(batches).values(id=next_batch, **values))
        facts = {"why": "migration", "table": name, "first": rows[0][0], "last": rows[-1][0]}
        chain.add(next_batch, _content_hash(values), facts)
        last, next_batch = rows[-1][0], next_batch + 1
    if connection.dialect.name == "postgresql" and next_batch > 1:
        set_ = f"SELECT setval(pg_get_serial_sequence('audit_batch', 'id'), {next_batch - 1})"
        connection.execute(sa.text(set_))


def _kind(column: str) -> sa.types.TypeEngine:
    return sa.DateTime(timezone=True) if column.endswith("_at") else sa.types.NullType()


def _content_hash(content: dict[str, object]) -> str:
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: dict[str, object]) -> str:
    """As `audit.rules.canonical` did when this was written."""
    told = {key: value for key, value in content.items() if value is not None}
    return json.dumps(
        told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(type(value).__name__)
