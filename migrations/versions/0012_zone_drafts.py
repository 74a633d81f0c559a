"""Drafts of zones, and every edit of each."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "zone_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("start", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_from_on", sa.Date(), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_zone_draft_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_draft")),
    )
    op.create_table(
        "zone_draft_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("effect", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["zone_draft.id"], name=op.f("fk_zone_draft_edit_draft_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["user_account.id"], name=op.f("fk_zone_draft_edit_made_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_draft_edit")),
        sa.UniqueConstraint(
            "draft_id", "number", name=op.f("uq_zone_draft_edit_draft_id_number")
        ),
    )


def downgrade() -> None:
    op.drop_table("zone_draft_edit")
    op.drop_table("zone_draft")
