"""Messages of the office to collectors."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "office_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["collector_id"], ["user_account.id"], name=op.f("fk_office_message_collector_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["user_account.id"], name=op.f("fk_office_message_sent_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_message")),
    )
    op.create_index(
        op.f("ix_office_message_collector_id_sent_at"),
        "office_message",
        ["collector_id", "sent_at"],
    )


def downgrade() -> None:
    op.drop_table("office_message")
