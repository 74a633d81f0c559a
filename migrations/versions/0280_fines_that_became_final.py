"""Fines that became final: what is done after one may cost the double."""

import sqlalchemy as sa
from alembic import op

revision = "0280"
down_revision = "0272"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sanction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("law", sa.String(40), nullable=False),
        sa.Column("final_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(200), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["user_account.id"], name=op.f("fk_sanction_noted_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction")),
    )
    op.create_index(op.f("ix_sanction_law"), "sanction", ["law"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sanction_law"), table_name="sanction")
    op.drop_table("sanction")
