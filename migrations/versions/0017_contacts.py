"""Calls, messages and letters as facts."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("was_answered", sa.Boolean(), nullable=False),
        sa.Column("spoke_of_debt", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_contact_client_id"),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name="fk_contact_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("uuid", name="uq_contact_uuid"),
    )
    for column in ("client_id", "made_by", "at"):
        op.create_index(f"ix_contact_{column}", "contact", [column])


def downgrade() -> None:
    op.drop_table("contact")
