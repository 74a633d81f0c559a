"""Who ended the hours that a client asked for, or lifted a ban, when, why, and its end till then."""

import sqlalchemy as sa
from alembic import op

revision = "0284"
down_revision = "0283"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("contact_ban", "contact_wish"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("planned_to_on", sa.Date(), nullable=True))
            batch.add_column(sa.Column("lifted_by", sa.Integer(), nullable=True))
            batch.add_column(sa.Column("lift_reason", sa.String(240), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_lifted_by_user_account"), "user_account", ["lifted_by"], ["id"]
            )
    with op.batch_alter_table("contact_wish") as batch:
        batch.add_column(sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("contact_wish") as batch:
        batch.drop_column("lifted_at")
    for table in ("contact_ban", "contact_wish"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_lifted_by_user_account"), type_="foreignkey")
            batch.drop_column("lift_reason")
            batch.drop_column("lifted_by")
            batch.drop_column("planned_to_on")
