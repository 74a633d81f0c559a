"""Who told the address at which a client is visited; of what was told before, nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0281"
down_revision = "0280"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("visit_place", sa.Column("origin", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("visit_place", "origin")
