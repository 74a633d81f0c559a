"""Count what was taken back, and find the promises of a day, without reading every promise."""

import sqlalchemy as sa
from alembic import op

revision = "0310"
down_revision = "0299"
branch_labels = None
depends_on = None

TAKEN_BACK = {"promise": "cancelled_at", "payment": "annulled_at"}


def upgrade() -> None:
    for table, column in TAKEN_BACK.items():
        only = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_{table}_{column}", table, [column], sqlite_where=only, postgresql_where=only
        )
    op.create_index("ix_promise_made_at", "promise", ["made_at"])


def downgrade() -> None:
    op.drop_index("ix_promise_made_at", "promise")
    for table, column in TAKEN_BACK.items():
        op.drop_index(f"ix_{table}_{column}", table)
