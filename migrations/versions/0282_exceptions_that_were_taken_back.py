"""Exceptions that somebody rejected or revoked before their day."""

import sqlalchemy as sa
from alembic import op

revision = "0282"
down_revision = "0290"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rule_override") as batch:
        batch.add_column(sa.Column("ended_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("end_reason", sa.String(240), nullable=True))
        batch.create_foreign_key(
            op.f("fk_rule_override_ended_by_user_account"), "user_account", ["ended_by"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("rule_override") as batch:
        batch.drop_constraint(op.f("fk_rule_override_ended_by_user_account"), type_="foreignkey")
        batch.drop_column("end_reason")
        batch.drop_column("ended_at")
        batch.drop_column("ended_by")
