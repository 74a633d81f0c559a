"""The end of a person's part in a debt, each state of a guarantee, and papers that were erased."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0076"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("obligor") as batch:
        batch.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("end_reason", sa.String(length=240), nullable=True))
    with op.batch_alter_table("credit_document") as batch:
        batch.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "guarantee_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guarantee_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_guarantee_change_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["guarantee_id"], ["guarantee.id"], name=op.f("fk_guarantee_change_guarantee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee_change")),
    )
    op.create_index(
        op.f("ix_guarantee_change_guarantee_id"), "guarantee_change", ["guarantee_id"]
    )
    # Of what was changed before only the last state is known.
    op.execute(
        "INSERT INTO guarantee_change (guarantee_id, state, from_on, created_by, created_at)"
        " SELECT id, state, state_on, created_by, created_at FROM guarantee"
        " WHERE state <> 'in_force' OR state_on > given_on"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_guarantee_change_guarantee_id"), "guarantee_change")
    op.drop_table("guarantee_change")
    with op.batch_alter_table("credit_document") as batch:
        batch.drop_column("erased_at")
    with op.batch_alter_table("obligor") as batch:
        batch.drop_column("end_reason")
        batch.drop_column("ended_on")
