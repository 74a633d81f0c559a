"""Keep sums of what somebody chose apart from those of a round."""

import sqlalchemy as sa
from alembic import op

revision = "0306"
down_revision = "0310"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("kept_figures") as batch:
        batch.add_column(
            sa.Column("is_chosen", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("kept_figures") as batch:
        batch.drop_column("is_chosen")
