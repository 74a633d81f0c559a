"""Two names of creditors that differ in case, accents or spaces alone are one name.

Creditors that were there twice keep their names: the later one is told apart by its number, until
people decide which of them holds.
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0305"
down_revision = "0298"
branch_labels = None
depends_on = None

_creditor = sa.table("creditor", sa.column("id"), sa.column("name"), sa.column("plain_name"))


def upgrade() -> None:
    op.add_column("creditor", sa.Column("plain_name", sa.String(200), nullable=True))
    taken: set[str] = set()
    connection = op.get_bind()
    names = connection.execute(sa.select(_creditor.c.id, _creditor.c.name).order_by("id")).all()
    for number, name in names:
        plain = _plain(name)
        if plain in taken:
            plain = f"{plain[:180]}#{number}"
        taken.add(plain)
        connection.execute(
            sa.update(_creditor).where(_creditor.c.id == number).values(plain_name=plain)
        )
    with op.batch_alter_table("creditor") as batch:
        batch.alter_column("plain_name", existing_type=sa.String(200), nullable=False)
        batch.create_unique_constraint(op.f("uq_creditor_plain_name"), ["plain_name"])


def downgrade() -> None:
    with op.batch_alter_table("creditor") as batch:
        batch.drop_constraint(op.f("uq_creditor_plain_name"), type_="unique")
        batch.drop_column("plain_name")


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = re.sub("[\u0300-\u036f]", "", letters)
    return re.sub(r"[\W_]+", "", bare)[:200]
