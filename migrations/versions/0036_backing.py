"""Guarantees, people who answer for a debt, and papers of credits."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0041"
branch_labels = None
depends_on = None


def _made_by(table: str) -> tuple[sa.ForeignKeyConstraint, sa.PrimaryKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f(f"fk_{table}_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.create_table(
        "guarantee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("description", sa.String(length=240), nullable=False),
        sa.Column("value_cents", sa.BigInteger(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value_cents >= 0", name=op.f("ck_guarantee_value_not_negative")),
        sa.ForeignKeyConstraint(["credit_id"], ["credit.id"], name=op.f("fk_guarantee_credit_id")),
        *_made_by("guarantee"),
    )
    op.create_index(op.f("ix_guarantee_credit_id"), "guarantee", ["credit_id"])
    op.create_table(
        "obligor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("credit_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("address", sa.String(length=240), nullable=True),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_obligor_client_id")),
        sa.ForeignKeyConstraint(["credit_id"], ["credit.id"], name=op.f("fk_obligor_credit_id")),
        *_made_by("obligor"),
    )
    op.create_index(op.f("ix_obligor_client_id"), "obligor", ["client_id"])
    op.create_table(
        "credit_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("file_name", sa.String(length=160), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["credit.id"], name=op.f("fk_credit_document_credit_id")
        ),
        *_made_by("credit_document"),
    )
    op.create_index(op.f("ix_credit_document_credit_id"), "credit_document", ["credit_id"])


def downgrade() -> None:
    op.drop_table("credit_document")
    op.drop_table("obligor")
    op.drop_table("guarantee")
