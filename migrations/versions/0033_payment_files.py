"""Files of payments of the creditor, and which payment each line is."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["user_account.id"], name=op.f("fk_payment_file_uploaded_by")
        ),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["user_account.id"], name=op.f("fk_payment_file_applied_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_file")),
    )
    op.create_table(
        "payment_file_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["payment_file.id"], name=op.f("fk_payment_file_line_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_payment_file_line_payment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_file_line")),
        sa.UniqueConstraint(
            "file_id", "sheet", "row", name=op.f("uq_payment_file_line_file_id_sheet_row")
        ),
    )
    op.create_index(
        op.f("ix_payment_file_line_payment_id"), "payment_file_line", ["payment_id"]
    )


def downgrade() -> None:
    op.drop_table("payment_file_line")
    op.drop_table("payment_file")
