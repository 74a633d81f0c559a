"""Papers that a creditor's file names and whose own file has not been brought yet."""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0080"
branch_labels = None
depends_on = None

_OF_THE_FILE = (
    ("file_name", sa.String(length=160)),
    ("sha256", sa.String(length=64)),
    ("size_bytes", sa.Integer()),
    ("media_type", sa.String(length=40)),
)


def upgrade() -> None:
    with op.batch_alter_table("credit_document") as batch:
        for name, kind in _OF_THE_FILE:
            batch.alter_column(name, existing_type=kind, nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM credit_document WHERE sha256 IS NULL")
    with op.batch_alter_table("credit_document") as batch:
        for name, kind in _OF_THE_FILE:
            batch.alter_column(name, existing_type=kind, nullable=False)
