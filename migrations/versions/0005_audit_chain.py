"""The log is sealed in a chain; entries that are there already are sealed as they stand."""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ORIGIN = "0" * 64
TEXT_COLUMNS = ("position", "actor_id", "role", "event", "subject_type", "subject_id", "facts")


def upgrade() -> None:
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("content_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("previous_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_audit_entry_position"), ["position"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    _seal_what_is_there(op.get_bind())


def downgrade() -> None:
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_audit_entry_position"), type_="unique")
        for name in ("hash", "previous_hash", "position", "content_hash"):
            batch_op.drop_column(name)


def _seal_what_is_there(connection: sa.Connection) -> None:
    """Chain the entries of before, oldest first, as `audit.rules` did when this was written."""
    entries = sa.table(
        "audit_entry",
        *(sa.column(name) for name in ("id", "previous_hash", "hash", *TEXT_COLUMNS[:-1])),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("facts", sa.JSON()),
    )
    last, position = ORIGIN, 0
    for row in connection.execute(sa.select(entries).order_by(entries.c.id)).mappings().all():
        position += 1
        content = {name: row[name] for name in TEXT_COLUMNS} | {"position": position}
        at = row["at"] if row["at"].tzinfo else row["at"].replace(tzinfo=UTC)
        content["at"] = at.astimezone(UTC).isoformat(timespec="microseconds")
        told = {key: value for key, value in content.items() if value is not None}
        text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        sealed = hashlib.sha256((last + text).encode()).hexdigest()
        values = {"position": position, "previous_hash": last, "hash": sealed}
        connection.execute(sa.update(entries).where(entries.c.id == row["id"]).values(values))
        last = sealed
    if position:
        head = sa.table("audit_head", *(sa.column(name) for name in ("id", "position", "hash")))
        connection.execute(sa.insert(head).values(id=1, position=position, hash=last))
