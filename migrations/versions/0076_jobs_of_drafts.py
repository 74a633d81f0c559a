"""Edits of drafts that a durable job makes."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("zone_draft_edit") as batch:
        batch.add_column(sa.Column("job_id", sa.String(length=64), nullable=True))
        batch.create_unique_constraint(op.f("uq_zone_draft_edit_job_id"), ["job_id"])


def downgrade() -> None:
    with op.batch_alter_table("zone_draft_edit") as batch:
        batch.drop_constraint(op.f("uq_zone_draft_edit_job_id"), type_="unique")
        batch.drop_column("job_id")
