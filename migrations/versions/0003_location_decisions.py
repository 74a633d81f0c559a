"""Where clients are is found by address and decided by people."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.add_column(sa.Column("location_confidence", sa.Double(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_client_confidence_is_a_share"), "location_confidence BETWEEN 0 AND 1"
        )
    op.create_table(
        "location_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("old_lat", sa.Double(), nullable=True),
        sa.Column("old_lon", sa.Double(), nullable=True),
        sa.Column("old_quality", sa.String(length=40), nullable=False),
        sa.Column("old_confidence", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("quality", sa.String(length=40), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("seen_visit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_location_decision_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_location_decision_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location_decision")),
    )
    with op.batch_alter_table("location_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_location_decision_client_id"), ["client_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("location_decision")
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_client_confidence_is_a_share"), type_="check")
        batch_op.drop_column("location_confidence")
