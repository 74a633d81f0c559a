"""What collecting costs, from which day on."""

import sqlalchemy as sa
from alembic import op

revision = "0296"
down_revision = "0291"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cost_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_cost_rate_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["collector_id"], ["user_account.id"], name=op.f("fk_cost_rate_collector_id")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["user_account.id"], name=op.f("fk_cost_rate_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_rate")),
    )


def downgrade() -> None:
    op.drop_table("cost_rate")
