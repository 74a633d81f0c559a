"""Absences of collectors."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=240), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_absence_days")),
        sa.ForeignKeyConstraint(
            ["collector_id"], ["user_account.id"], name=op.f("fk_absence_collector_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_absence_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["cancelled_by"], ["user_account.id"], name=op.f("fk_absence_cancelled_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_collector_id_to_on"), "absence", ["collector_id", "to_on"])


def downgrade() -> None:
    op.drop_table("absence")
