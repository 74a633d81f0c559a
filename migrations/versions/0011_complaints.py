"""Complaints with deadlines and answers."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FOREIGN = {
    "client_id": "client.id",
    "about": "user_account.id",
    "received_by": "user_account.id",
    "ban_id": "contact_ban.id",
    "answered_by": "user_account.id",
}


def upgrade() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.Integer(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("ban_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [target], name=f"fk_complaint_{name}")
            for name, target in FOREIGN.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_complaint"),
    )
    op.create_index("ix_complaint_client_id", "complaint", ["client_id"])
    op.create_index("ix_complaint_answer_by", "complaint", ["answer_by"])


def downgrade() -> None:
    op.drop_table("complaint")
