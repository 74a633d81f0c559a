"""Indexes by which calls, messages and payments that just came in are found."""

from alembic import op

revision = "0271"
down_revision = "0270"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_contact_received_at"), "contact", ["received_at"])
    op.create_index(op.f("ix_payment_recorded_at"), "payment", ["recorded_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_payment_recorded_at"), table_name="payment")
    op.drop_index(op.f("ix_contact_received_at"), table_name="contact")
