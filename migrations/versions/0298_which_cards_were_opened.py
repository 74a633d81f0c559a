"""Whether the card of an objection was opened before it was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0298"
down_revision = "0297"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit", sa.Column("card_opened", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("visit") as batch:
        batch.drop_column("card_opened")
