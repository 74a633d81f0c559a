"""The instant at which a ban was lifted: what was done that day before it was still forbidden."""

import sqlalchemy as sa
from alembic import op

revision = "0283"
down_revision = "0282"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("contact_ban") as batch:
        batch.add_column(sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contact_ban") as batch:
        batch.drop_column("lifted_at")
