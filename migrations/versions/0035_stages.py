"""Balances that the creditor told before, pauses of collecting, and moves between stages."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "past_balance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("balance_cents", sa.BigInteger(), nullable=False),
        sa.Column("balance_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "balance_cents >= 0", name=op.f("ck_past_balance_balance_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_past_balance_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_balance")),
    )
    op.create_index(op.f("ix_past_balance_invoice_id"), "past_balance", ["invoice_id"])
    op.create_table(
        "collection_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("credit_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("ban_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ban_id"], ["contact_ban.id"], name=op.f("fk_collection_pause_ban_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_collection_pause_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_collection_pause_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["credit.id"], name=op.f("fk_collection_pause_credit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_pause")),
    )
    op.create_index(op.f("ix_collection_pause_client_id"), "collection_pause", ["client_id"])
    op.create_table(
        "stage_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_stage_move_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["credit.id"], name=op.f("fk_stage_move_credit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_move")),
    )
    op.create_index(op.f("ix_stage_move_credit_id"), "stage_move", ["credit_id"])


def downgrade() -> None:
    op.drop_table("stage_move")
    op.drop_table("collection_pause")
    op.drop_table("past_balance")
