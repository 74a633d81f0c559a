"""A treatment says how much a visit weighs, and whether something else has to be tried before."""

import sqlalchemy as sa
from alembic import op

revision = "0181"
down_revision = "0190"
branch_labels = None
depends_on = None

TABLES = ("stage_treatment", "experiment")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("visit_percent", sa.Integer(), nullable=True))
            batch.add_column(sa.Column("notice_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("notice_days")
            batch.drop_column("visit_percent")
