"""Hours that clients asked for, and rules lifted for one client."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("starts_s", sa.Integer(), nullable=False),
        sa.Column("ends_s", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_contact_wish_client_id"),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name="fk_contact_wish_created_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contact_wish"),
    )
    op.create_index("ix_contact_wish_client_id", "contact_wish", ["client_id"])
    op.create_table(
        "rule_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.String(length=80), nullable=False),
        sa.Column("ground", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.String(length=240), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name="fk_rule_override_client_id"),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["user_account.id"], name="fk_rule_override_requested_by"
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["user_account.id"], name="fk_rule_override_granted_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rule_override"),
    )
    op.create_index("ix_rule_override_client_id", "rule_override", ["client_id"])


def downgrade() -> None:
    op.drop_table("rule_override")
    op.drop_table("contact_wish")
