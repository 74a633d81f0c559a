"""A carta finiquito that was given by mistake can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0180"
down_revision = "0103"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("settlement_letter") as batch:
        batch.add_column(sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("annulled_because", sa.String(240), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("settlement_letter") as batch:
        batch.drop_column("annulled_because")
        batch.drop_column("annulled_at")
