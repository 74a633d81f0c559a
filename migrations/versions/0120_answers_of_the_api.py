"""Answers of the API that are given again when the same call comes twice."""

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("call_key", sa.String(length=200), nullable=False),
        sa.Column("asked_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_api_answer_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_answer")),
        sa.UniqueConstraint("key_id", "call_key", name=op.f("uq_api_answer_key_id_call_key")),
    )
    op.create_index(op.f("ix_api_answer_made_at"), "api_answer", ["made_at"])


def downgrade() -> None:
    op.drop_table("api_answer")
