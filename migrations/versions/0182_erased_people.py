"""Hashes of people whose data was erased; those erased before are known by their number alone."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0182"
down_revision = "0150"
branch_labels = None
depends_on = None

ERASED = "Datos borrados"


def upgrade() -> None:
    op.create_table(
        "erased_person",
        sa.Column("client_id", sa.Integer(), sa.ForeignKey("client.id"), primary_key=True),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("phone_digest", sa.String(64), nullable=True),
        sa.Column("address_digest", sa.String(64), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("readmitted_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.execute(
        sa.text(
            "INSERT INTO erased_person (client_id, salt, erased_at)"
            " SELECT id, :salt, created_at FROM client WHERE name = :name"
        ).bindparams(salt=secrets.token_hex(16), name=ERASED)
    )


def downgrade() -> None:
    op.drop_table("erased_person")
