"""Sessions of cash: float, deposits, count, confirmation."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cash_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("float_cents", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("counted_cents", sa.BigInteger(), nullable=True),
        sa.Column("expected_cents", sa.BigInteger(), nullable=True),
        sa.Column("explanation", sa.String(length=240), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_cents", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("float_cents >= 0", name="ck_cash_session_float_not_negative"),
        sa.ForeignKeyConstraint(
            ["collector_id"], ["user_account.id"], name="fk_cash_session_collector_id"
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["user_account.id"], name="fk_cash_session_confirmed_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_cash_session"),
    )
    op.create_index("ix_cash_session_collector_id", "cash_session", ["collector_id"])
    op.create_table(
        "cash_deposit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name="ck_cash_deposit_amount_positive"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cash_session.id"], name="fk_cash_deposit_session_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_cash_deposit"),
    )
    op.create_index("ix_cash_deposit_session_id", "cash_deposit", ["session_id"])


def downgrade() -> None:
    op.drop_table("cash_deposit")
    op.drop_table("cash_session")
