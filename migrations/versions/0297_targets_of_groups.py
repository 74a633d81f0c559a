"""What an indicator should reach for one collector, zone or stage."""

import sqlalchemy as sa
from alembic import op

revision = "0297"
down_revision = "0292"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=True),
        sa.Column("zone_id", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("target > 0", name=op.f("ck_group_target_target_positive")),
        sa.ForeignKeyConstraint(
            ["collector_id"], ["user_account.id"], name=op.f("fk_group_target_collector_id")
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zone.id"], name=op.f("fk_group_target_zone_id")),
        sa.ForeignKeyConstraint(
            ["set_by"], ["user_account.id"], name=op.f("fk_group_target_set_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_target")),
    )


def downgrade() -> None:
    op.drop_table("group_target")
