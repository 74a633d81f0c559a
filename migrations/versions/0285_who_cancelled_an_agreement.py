"""Who cancelled an agreement, beside when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0285"
down_revision = "0284"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("agreement") as batch:
        batch.add_column(sa.Column("cancelled_by", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_agreement_cancelled_by_user_account"), "user_account", ["cancelled_by"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("agreement") as batch:
        batch.drop_constraint(op.f("fk_agreement_cancelled_by_user_account"), type_="foreignkey")
        batch.drop_column("cancelled_by")
