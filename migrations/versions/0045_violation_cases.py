"""Faltas that were found, and what people decided about them."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "violation_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("profile_id", sa.String(length=80), nullable=False),
        sa.Column("profile_version", sa.String(length=80), nullable=False),
        sa.Column("law", sa.String(length=40), nullable=True),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_violation_case_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["collector_id"], ["user_account.id"], name=op.f("fk_violation_case_collector_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_violation_case_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_violation_case")),
        sa.UniqueConstraint("kind", "fact_id", name=op.f("uq_violation_case_kind_fact_id")),
    )
    for columns in (["client_id"], ["collector_id"], ["at"], ["state", "at"]):
        name = op.f(f"ix_violation_case_{'_'.join(columns)}")
        op.create_index(name, "violation_case", columns)


def downgrade() -> None:
    op.drop_table("violation_case")
