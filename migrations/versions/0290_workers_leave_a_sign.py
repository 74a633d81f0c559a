"""Workers leave a sign of life."""

import sqlalchemy as sa
from alembic import op

revision = "0290"
down_revision = "0281"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "worker_sign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("machine", sa.String(255), nullable=False),
        sa.Column("slot", sa.String(60), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_sign")),
        sa.UniqueConstraint("machine", "slot", name=op.f("uq_worker_sign_machine_slot")),
    )


def downgrade() -> None:
    op.drop_table("worker_sign")
