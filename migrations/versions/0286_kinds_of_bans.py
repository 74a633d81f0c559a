"""Of which kind a ban is, so that collectors are told that and not why in the office's words."""

import sqlalchemy as sa
from alembic import op

revision = "0286"
down_revision = "0285"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contact_ban") as batch:
        batch.add_column(sa.Column("kind", sa.String(40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contact_ban") as batch:
        batch.drop_column("kind")
