"""By what a stored target is divided; those of before have nothing there, and nothing is sealed anew."""

import sqlalchemy as sa
from alembic import op

revision = "0299"
down_revision = "0305"
branch_labels = None
depends_on = None

TABLES = ("indicator_target", "group_target")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("divisor", sa.Integer(), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "divisor")
