"""What phones tell of wrong PINs, and since when one of them is an older copy of another."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sync_device") as table:
        table.add_column(sa.Column("wrong_pins", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("wrong_pins_at", sa.DateTime(timezone=True)))
        table.add_column(sa.Column("rewound_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    with op.batch_alter_table("sync_device") as table:
        table.drop_column("rewound_at")
        table.drop_column("wrong_pins_at")
        table.drop_column("wrong_pins")
