"""The pause of collecting that a complaint brought about."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("complaint") as table:
        table.add_column(sa.Column("pause_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_complaint_pause_id"), "collection_pause", ["pause_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("complaint") as table:
        table.drop_constraint(op.f("fk_complaint_pause_id"), type_="foreignkey")
        table.drop_column("pause_id")
