"""A cold division stands beside today's zones made even; proposals keep their barriers."""

import sqlalchemy as sa
from alembic import op

revision = "0150"
down_revision = "0181"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("zone_proposal") as batch:
        batch.add_column(sa.Column("alternative_to_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("barriers", sa.JSON(), nullable=False, server_default="[]"))
        batch.create_foreign_key(
            op.f("fk_zone_proposal_alternative_to_id_zone_proposal"),
            "zone_proposal",
            ["alternative_to_id"],
            ["id"],
        )
        batch.create_index(op.f("ix_zone_proposal_alternative_to_id"), ["alternative_to_id"])
    with op.batch_alter_table("zone_proposal") as batch:
        batch.alter_column("barriers", existing_type=sa.JSON(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("zone_proposal") as batch:
        batch.drop_index(op.f("ix_zone_proposal_alternative_to_id"))
        batch.drop_constraint(
            op.f("fk_zone_proposal_alternative_to_id_zone_proposal"), type_="foreignkey"
        )
        batch.drop_column("barriers")
        batch.drop_column("alternative_to_id")
