"""Creditors, whose each credit is, and under which profile of law a creditor's credits stand."""

import sqlalchemy as sa
from alembic import op

revision = "0292"
down_revision = "0296"
branch_labels = None
depends_on = None

_PROFILES = ("profile_id", "profile_version")


def upgrade() -> None:
    op.create_table(
        "creditor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_creditor_created_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_creditor")),
        sa.UniqueConstraint("name", name=op.f("uq_creditor_name")),
    )
    op.create_table(
        "creditor_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("credit_id", sa.Integer(), nullable=False),
        sa.Column("creditor_id", sa.Integer(), nullable=True),
        sa.Column("told_by", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["credit_id"], ["credit.id"], name=op.f("fk_creditor_word_credit_id_credit")
        ),
        sa.ForeignKeyConstraint(
            ["creditor_id"], ["creditor.id"], name=op.f("fk_creditor_word_creditor_id_creditor")
        ),
        sa.ForeignKeyConstraint(
            ["told_by"], ["user_account.id"], name=op.f("fk_creditor_word_told_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_creditor_word")),
    )
    op.create_index(op.f("ix_creditor_word_credit_id"), "creditor_word", ["credit_id"])
    op.create_index(op.f("ix_creditor_word_creditor_id"), "creditor_word", ["creditor_id"])
    op.create_table(
        "creditor_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("creditor_id", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.String(40), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(240), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["creditor_id"], ["creditor.id"], name=op.f("fk_creditor_profile_creditor_id_creditor")
        ),
        sa.ForeignKeyConstraint(
            ["chosen_by"],
            ["user_account.id"],
            name=op.f("fk_creditor_profile_chosen_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_creditor_profile")),
    )
    op.create_index(op.f("ix_creditor_profile_creditor_id"), "creditor_profile", ["creditor_id"])
    _lengthen(80, 400)


def downgrade() -> None:
    _lengthen(400, 80)
    op.drop_index(op.f("ix_creditor_profile_creditor_id"), table_name="creditor_profile")
    op.drop_table("creditor_profile")
    op.drop_index(op.f("ix_creditor_word_creditor_id"), table_name="creditor_word")
    op.drop_index(op.f("ix_creditor_word_credit_id"), table_name="creditor_word")
    op.drop_table("creditor_word")
    op.drop_table("creditor")


def _lengthen(was: int, length: int) -> None:
    """Let a falta name the profiles of several creditors."""
    with op.batch_alter_table("violation_case") as batch:
        for name in _PROFILES:
            batch.alter_column(
                name, existing_type=sa.String(was), type_=sa.String(length), existing_nullable=False
            )
