"""Scores of a client can be switched off."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scoring_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("is_scored", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_scoring_decision_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_scoring_decision_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_decision")),
    )
    with op.batch_alter_table("scoring_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scoring_decision_client_id"), ["client_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("scoring_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scoring_decision_client_id"))
    op.drop_table("scoring_decision")
