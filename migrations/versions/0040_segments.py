"""Segments of the cartera and how each is treated at a stage."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0065"
branch_labels = None
depends_on = None

STAGES = ("preventive", "early", "administrative", "extrajudicial", "judicial")


def upgrade() -> None:
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_segment_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
    )
    op.create_table(
        "stage_treatment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Enum(*STAGES, native_enum=False, length=40), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("cadence_days", sa.Integer(), nullable=False),
        sa.Column("most_discount_percent", sa.Integer(), nullable=False),
        sa.Column("most_instalments", sa.Integer(), nullable=False),
        sa.Column("script", sa.Enum(*STAGES, native_enum=False, length=40), nullable=False),
        sa.Column("opening", sa.String(length=600), nullable=True),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_stage_treatment_segment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_treatment")),
        sa.UniqueConstraint("segment_id", "stage", name=op.f("uq_stage_treatment_segment_id_stage")),
    )
    op.create_index(
        op.f("ix_stage_treatment_segment_id"), "stage_treatment", ["segment_id"]
    )


def downgrade() -> None:
    op.drop_table("stage_treatment")
    op.drop_table("segment")
