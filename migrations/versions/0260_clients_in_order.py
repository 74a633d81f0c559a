"""An index of clients in the order in which lists show them.

SQLAlchemy does not read indexes of expressions back from SQLite: a later migration that rebuilds
``client`` there (``batch_alter_table``) has to drop this one before and create it again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0260"
down_revision = "0240"
branch_labels = None
depends_on = None


def _plain_name() -> str:
    column = "name"
    for accented, bare in zip("áéíóúüñ", "aeiouun", strict=True):
        for letter in (accented, accented.upper()):
            column = f"replace({column}, '{letter}', '{bare}')"
    return f"lower({column})"


def upgrade() -> None:
    op.create_index("ix_client_plain_name_id", "client", [sa.text(_plain_name()), "id"])


def downgrade() -> None:
    op.drop_index("ix_client_plain_name_id", "client")
