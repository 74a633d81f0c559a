"""An index that tells the currencies of the cartera without reading every credit."""

from alembic import op

revision = "0291"
down_revision = "0287"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_credit_currency"), "credit", ["currency"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_credit_currency"), "credit")
