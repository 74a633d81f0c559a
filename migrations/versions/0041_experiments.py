"""Experiments between treatments, and who is in them."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0067"
branch_labels = None
depends_on = None

STAGES = ("preventive", "early", "administrative", "extrajudicial", "judicial")


def upgrade() -> None:
    op.create_table(
        "experiment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Enum(*STAGES, native_enum=False, length=40), nullable=False),
        sa.Column("share_percent", sa.Integer(), nullable=False),
        sa.Column(
            "measure",
            sa.Enum("recovered", "paid", "kept", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stop_reason", sa.String(length=240), nullable=True),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("cadence_days", sa.Integer(), nullable=False),
        sa.Column("most_discount_percent", sa.Integer(), nullable=False),
        sa.Column("most_instalments", sa.Integer(), nullable=False),
        sa.Column("script", sa.Enum(*STAGES, native_enum=False, length=40), nullable=False),
        sa.Column("opening", sa.String(length=600), nullable=True),
        sa.ForeignKeyConstraint(
            ["segment_id"], ["segment.id"], name=op.f("fk_experiment_segment_id")
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["user_account.id"], name=op.f("fk_experiment_started_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiment")),
    )
    op.create_index(op.f("ix_experiment_segment_id"), "experiment", ["segment_id"])
    op.create_table(
        "experiment_client",
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"], ["experiment.id"], name=op.f("fk_experiment_client_experiment_id")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["client.id"], name=op.f("fk_experiment_client_client_id")
        ),
        sa.PrimaryKeyConstraint(
            "experiment_id", "client_id", name=op.f("pk_experiment_client")
        ),
    )
    op.create_index(op.f("ix_experiment_client_client_id"), "experiment_client", ["client_id"])


def downgrade() -> None:
    op.drop_table("experiment_client")
    op.drop_table("experiment")
