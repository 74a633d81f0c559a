"""Indexes: visits of a client by time, and whom a plan leaves out by cause."""

from alembic import op

revision = "0190"
down_revision = "0180"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_visit_client_id_started_at"), "visit", ["client_id", "started_at"], unique=False
    )
    op.drop_index(op.f("ix_visit_client_id"), "visit")
    op.create_index(
        op.f("ix_skipped_client_plan_id_cause"),
        "skipped_client",
        ["plan_id", "cause"],
        unique=False,
    )
    op.drop_index(op.f("ix_skipped_client_plan_id"), "skipped_client")


def downgrade() -> None:
    op.create_index(op.f("ix_skipped_client_plan_id"), "skipped_client", ["plan_id"], unique=False)
    op.drop_index(op.f("ix_skipped_client_plan_id_cause"), "skipped_client")
    op.create_index(op.f("ix_visit_client_id"), "visit", ["client_id"], unique=False)
    op.drop_index(op.f("ix_visit_client_id_started_at"), "visit")
