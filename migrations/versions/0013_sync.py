"""Phones, the events that they sent, their photos; visits that were annulled."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "sync_device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("registered_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("build", sa.String(length=40), nullable=False),
        sa.Column("is_installed", sa.Boolean(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("pending_events", sa.Integer(), nullable=False),
        sa.Column("pending_photos", sa.Integer(), nullable=False),
        sa.Column("clock_offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sync_device_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_device")),
        sa.UniqueConstraint("uuid", name=op.f("uq_sync_device_uuid")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sync_device_token_hash")),
    )
    op.create_index(op.f("ix_sync_device_user_id"), "sync_device", ["user_id"])
    op.create_table(
        "sync_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("statement_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("clock_offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["sync_device.id"], name=op.f("fk_sync_event_device_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["user_account.id"], name=op.f("fk_sync_event_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_event")),
        sa.UniqueConstraint("uuid", name=op.f("uq_sync_event_uuid")),
        sa.UniqueConstraint("device_id", "seq", name=op.f("uq_sync_event_device_id_seq")),
    )
    op.create_index(op.f("ix_sync_event_received_at"), "sync_event", ["received_at"])
    op.create_index(op.f("ix_sync_event_state"), "sync_event", ["state"])
    op.create_table(
        "sync_conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("statement_hash", sa.String(length=64), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["sync_event.id"], name=op.f("fk_sync_conflict_event_id")),
        sa.ForeignKeyConstraint(["device_id"], ["sync_device.id"], name=op.f("fk_sync_conflict_device_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["user_account.id"], name=op.f("fk_sync_conflict_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_conflict")),
        sa.UniqueConstraint("event_id", "statement_hash", name=op.f("uq_sync_conflict_event_id_statement_hash")),
    )
    op.create_table(
        "sync_repeat",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["sync_device.id"], name=op.f("fk_sync_repeat_device_id")),
        sa.ForeignKeyConstraint(["event_id"], ["sync_event.id"], name=op.f("fk_sync_repeat_event_id")),
        sa.PrimaryKeyConstraint("device_id", "seq", name=op.f("pk_sync_repeat")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("is_signature", sa.Boolean(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("stored_at", INSTANT, nullable=True),
        sa.Column("media_type", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["sync_event.id"], name=op.f("fk_evidence_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("event_id", "sha256", name=op.f("uq_evidence_event_id_sha256")),
    )
    op.create_index(op.f("ix_evidence_sha256"), "evidence", ["sha256"])
    op.create_table(
        "visit_annulment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("annulled_at", INSTANT, nullable=False),
        sa.Column("annulled_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_annulment_visit_id")),
        sa.ForeignKeyConstraint(["annulled_by"], ["user_account.id"], name=op.f("fk_visit_annulment_annulled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_annulment")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_visit_annulment_visit_id")),
    )


def downgrade() -> None:
    for table in ("visit_annulment", "evidence", "sync_repeat", "sync_conflict", "sync_event", "sync_device"):
        op.drop_table(table)
