"""Bills that are paid in instalments, their delivery notes, and letters of settlement as facts."""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("invoice", "credit_document"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("bill_number", sa.String(length=40), nullable=True))
    op.create_table(
        "settlement_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_settlement_letter_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["user_account.id"], name=op.f("fk_settlement_letter_issued_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_letter")),
    )
    op.create_index(op.f("ix_settlement_letter_client_id"), "settlement_letter", ["client_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_settlement_letter_client_id"), "settlement_letter")
    op.drop_table("settlement_letter")
    for table in ("credit_document", "invoice"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("bill_number")
