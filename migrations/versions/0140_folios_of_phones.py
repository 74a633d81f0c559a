"""Each phone gives receipts of a series of its own; folios that were given twice, or to nobody."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0140"
down_revision = "0120"
branch_labels = None
depends_on = None

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def upgrade() -> None:
    with op.batch_alter_table("sync_device") as batch:
        batch.add_column(sa.Column("receipt_series", sa.String(length=5), nullable=True))
        batch.add_column(
            sa.Column("last_receipt", sa.Integer(), nullable=False, server_default="0")
        )
    _name_series()
    with op.batch_alter_table("sync_device") as batch:
        batch.alter_column("receipt_series", existing_type=sa.String(length=5), nullable=False)
        batch.create_unique_constraint(op.f("uq_sync_device_receipt_series"), ["receipt_series"])
    with op.batch_alter_table("receipt") as batch:
        batch.add_column(sa.Column("copy", sa.Integer(), nullable=False, server_default="1"))
        batch.drop_constraint(op.f("uq_receipt_series_number"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_receipt_series_number_copy"), ["series", "number", "copy"]
        )
    op.create_table(
        "void_folio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_void_folio")),
        sa.UniqueConstraint("series", "number", name=op.f("uq_void_folio_series_number")),
    )


def downgrade() -> None:
    op.drop_table("void_folio")
    with op.batch_alter_table("receipt") as batch:
        batch.drop_constraint(op.f("uq_receipt_series_number_copy"), type_="unique")
        batch.create_unique_constraint(op.f("uq_receipt_series_number"), ["series", "number"])
        batch.drop_column("copy")
    with op.batch_alter_table("sync_device") as batch:
        batch.drop_constraint(op.f("uq_sync_device_receipt_series"), type_="unique")
        batch.drop_column("last_receipt")
        batch.drop_column("receipt_series")


def _name_series() -> None:
    """Give each phone that is there a series that no other has."""
    devices = sa.table("sync_device", sa.column("id"), sa.column("receipt_series"))
    connection, taken = op.get_bind(), set()
    for (device_id,) in connection.execute(sa.select(devices.c.id)).all():
        series = _random()
        while series in taken:
            series = _random()
        taken.add(series)
        connection.execute(
            devices.update().where(devices.c.id == device_id).values(receipt_series=series)
        )


def _random() -> str:
    return "T" + "".join(secrets.choice(LETTERS) for _ in range(4))
