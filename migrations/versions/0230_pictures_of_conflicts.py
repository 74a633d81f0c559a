"""Pictures of the other statement of a conflict; of conflicts of before they are awaited, too."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0230"
down_revision = "0182"
branch_labels = None
depends_on = None

ONLY_OF_EVENTS = sa.text("conflict_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("sync_conflict") as batch:
        batch.add_column(sa.Column("visit_uuid", sa.String(36), nullable=True))
        batch.create_index(op.f("ix_sync_conflict_visit_uuid"), ["visit_uuid"])
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(sa.Column("conflict_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_evidence_conflict_id"), "sync_conflict", ["conflict_id"], ["id"])
        batch.drop_constraint(op.f("uq_evidence_event_id_sha256"), type_="unique")
        batch.create_unique_constraint(op.f("uq_evidence_conflict_id_sha256"), ["conflict_id", "sha256"])
    op.create_index(
        "ix_evidence_event_id_sha256",
        "evidence",
        ["event_id", "sha256"],
        unique=True,
        sqlite_where=ONLY_OF_EVENTS,
        postgresql_where=ONLY_OF_EVENTS,
    )
    _await_pictures_of_open_conflicts()


def _await_pictures_of_open_conflicts() -> None:
    link = op.get_bind()
    columns = "event_id conflict_id sha256 is_signature size_bytes".split()
    evidence = sa.table("evidence", *map(sa.column, columns))
    found = link.execute(
        sa.text("SELECT event_id, id, statement FROM sync_conflict WHERE settled_at IS NULL")
    ).all()
    for event_id, conflict_id, statement in found:
        body = json.loads(statement)["body"]
        photos = body.get("photos") if isinstance(body.get("photos"), list) else []
        told = {}
        for photo, is_signature in (*((one, False) for one in photos), (body.get("signature"), True)):
            sha256 = photo.get("sha256") if isinstance(photo, dict) else None
            if isinstance(sha256, str) and len(sha256) == 64:
                size = photo.get("bytes") if isinstance(photo.get("bytes"), int) else 0
                told.setdefault(sha256, (is_signature, min(max(size, 0), 400_000)))
        for sha256, (is_signature, size_bytes) in told.items():
            row = dict(zip(columns, (event_id, conflict_id, sha256, is_signature, size_bytes), strict=True))
            link.execute(evidence.insert().values(row))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM evidence WHERE conflict_id IS NOT NULL"))
    op.drop_index("ix_evidence_event_id_sha256", "evidence")
    with op.batch_alter_table("evidence") as batch:
        batch.drop_constraint(op.f("uq_evidence_conflict_id_sha256"), type_="unique")
        batch.drop_constraint(op.f("fk_evidence_conflict_id"), type_="foreignkey")
        batch.drop_column("conflict_id")
        batch.create_unique_constraint(op.f("uq_evidence_event_id_sha256"), ["event_id", "sha256"])
    with op.batch_alter_table("sync_conflict") as batch:
        batch.drop_index(op.f("ix_sync_conflict_visit_uuid"))
        batch.drop_column("visit_uuid")
