"""What kind of place it is where a client is visited, and whether the debtor authorised that."""

import sqlalchemy as sa
from alembic import op

revision = "0272"
down_revision = "0271"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visit_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=True),
        sa.Column("is_authorised", sa.Boolean(), nullable=False),
        sa.Column("told_by", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_visit_place_client_id_client")
        ),
        sa.ForeignKeyConstraint(
            ["told_by"], ["user_account.id"], name=op.f("fk_visit_place_told_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_place")),
    )
    op.create_index(op.f("ix_visit_place_client_id"), "visit_place", ["client_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_visit_place_client_id"), table_name="visit_place")
    op.drop_table("visit_place")
