"""Agreements: terms, what stands on the paper, steps, signature."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CENTS = (
    "debt_cents",
    "down_cents",
    "step_cents",
    "principal_cents",
    "interest_cents",
    "default_interest_cents",
    "costs_cents",
)


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in CENTS),
        sa.Column("discount_basis", sa.Integer(), nullable=False),
        sa.Column("instalments", sa.Integer(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("creditor", sa.String(length=160), nullable=False),
        sa.Column("creditor_account", sa.String(length=60), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("settles_debt", sa.Boolean(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=160), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("signature_sha256", sa.String(length=64), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("debt_cents > 0", name="ck_agreement_debt_positive"),
        sa.CheckConstraint("down_cents >= 0", name="ck_agreement_down_not_negative"),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_agreement_client_id"),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["user_account.id"], name="fk_agreement_proposed_by"
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name="fk_agreement_approved_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_agreement"),
    )
    op.create_index("ix_agreement_client_id", "agreement", ["client_id"])


def downgrade() -> None:
    op.drop_table("agreement")
