"""Weekdays on which a collector works."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workday") as batch:
        batch.add_column(
            sa.Column("weekdays", sa.String(length=7), nullable=False, server_default="1111111")
        )


def downgrade() -> None:
    with op.batch_alter_table("workday") as batch:
        batch.drop_column("weekdays")
