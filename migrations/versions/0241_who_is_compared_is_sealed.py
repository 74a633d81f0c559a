"""Who is in an experiment: rows with ids of their own, which are sealed as they stand."""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0241"
down_revision = "0260"
branch_labels = None
depends_on = None

ROWS = 1_000
ORIGIN = "0" * 64
TABLE = "experiment_client"
PAIR = ("experiment_id", "client_id")


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(1635083369)"))  # of `audit.chain`
    pairs = _pairs(connection)
    op.drop_table(TABLE)
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        *_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiment_client")),
        sa.UniqueConstraint(*PAIR, name=op.f("uq_experiment_client_experiment_id_client_id")),
    )
    rows = [{"id": n, **pair} for n, pair in enumerate(pairs, start=1)]
    _fill(connection, ("id", *PAIR), rows)
    if rows and connection.dialect.name == "postgresql":
        set_ = f"SELECT setval(pg_get_serial_sequence('{TABLE}', 'id'), {len(rows)})"
        connection.execute(sa.text(set_))
    _seal(connection, rows)


def downgrade() -> None:
    connection = op.get_bind()
    pairs = _pairs(connection)
    op.drop_table(TABLE)
    op.create_table(
        TABLE, *_columns(), sa.PrimaryKeyConstraint(*PAIR, name=op.f("pk_experiment_client"))
    )
    _fill(connection, PAIR, pairs)


def _columns() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"], ["experiment.id"], name=op.f("fk_experiment_client_experiment_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_experiment_client_client_id")
        ),
    ]


def _pairs(connection: sa.Connection) -> list[dict[str, int]]:
    columns = [sa.column(name) for name in PAIR]
    found = connection.execute(sa.select(*columns).select_from(sa.table(TABLE)).order_by(*columns))
    return [dict(row) for row in found.mappings()]


def _fill(connection: sa.Connection, names: tuple[str, ...], rows: list[dict[str, int]]) -> None:
    if rows:
        connection.execute(sa.insert(sa.table(TABLE, *map(sa.column, names))), rows)
    op.create_index(op.f("ix_experiment_client_client_id"), TABLE, ["client_id"])


def _seal(connection: sa.Connection, rows: list[dict[str, int]]) -> None:
    """Seal them at the end of the log, a thousand at a time, as 0240 did with other tables."""
    if not rows:
        return
    head = sa.table("audit_head", *map(sa.column, ("id", "position", "hash")))
    found = connection.execute(sa.select(head.c.position, head.c.hash)).first()
    position, last = tuple(found) if found else (0, ORIGIN)
    batches = sa.table("audit_batch", *map(sa.column, ("id", "table_name", "seals")))
    batch_id = connection.scalar(sa.select(sa.func.max(batches.c.id))) or 0
    for start in range(0, len(rows), ROWS):
        some = rows[start : start + ROWS]
        lines = [f"{row['id']} {_hash({name: row[name] for name in PAIR})}" for row in some]
        values = {"table_name": TABLE, "seals": "\n".join(lines)}
        batch_id, position = batch_id + 1, position + 1
        connection.execute(sa.insert(batches).values(id=batch_id, **values))
        told = {"why": "migration", "table": TABLE}
        facts = {**told, "first": some[0]["id"], "last": some[-1]["id"]}
        entry = {
            "at": datetime.now(UTC),
            "actor_id": None,
            "role": "system",
            "event": "log.rows_sealed",
            "subject_type": "audit_batch",
            "subject_id": str(batch_id),
            "facts": facts,
            "content_hash": _hash(values),
            "position": position,
        }
        sealed = hashlib.sha256((last + _canonical(entry)).encode()).hexdigest()
        row = {**entry, "previous_hash": last, "hash": sealed}
        connection.execute(sa.insert(_entries()), row)
        last = sealed
    end = {"position": position, "hash": last}
    connection.execute(
        sa.update(head).values(**end) if found else sa.insert(head).values(id=1, **end)
    )
    if connection.dialect.name == "postgresql":
        set_ = f"SELECT setval(pg_get_serial_sequence('audit_batch', 'id'), {batch_id})"
        connection.execute(sa.text(set_))


def _entries() -> sa.TableClause:
    return sa.table(
        "audit_entry",
        *map(sa.column, ("actor_id", "role", "event", "subject_type", "subject_id")),
        *map(sa.column, ("content_hash", "position", "previous_hash", "hash")),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("facts", sa.JSON()),
    )


def _hash(content: dict[str, object]) -> str:
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: dict[str, object]) -> str:
    """As `audit.rules.canonical` did when this was written."""
    told = {key: value for key, value in content.items() if value is not None}
    return json.dumps(
        told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_instant
    )


def _instant(value: object) -> str:
    assert isinstance(value, datetime)  # noqa: S101 - nothing else is told
    return value.astimezone(UTC).isoformat(timespec="microseconds")
