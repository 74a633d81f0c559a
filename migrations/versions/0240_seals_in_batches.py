"""Seals of many rows under one entry; what is there of the tables that are sealed now is sealed."""

import hashlib
import json
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0240"
down_revision = "0231"
branch_labels = None
depends_on = None

ROWS = 1_000
ORIGIN = "0" * 64
PUBLISHED = "(SELECT id FROM plan WHERE published_at IS NOT NULL)"

# Columns in no particular order, as `audit.rules` writes them sorted; instants and JSON are named.
TABLES = {
    "client": (
        "external_id name kind phone address neighbourhood municipality lat lon location_quality"
        " location_confidence note created_at"
    ),
    "credit": "client_id external_id product currency opened_on",
    "invoice": (
        "credit_id number bill_number issued_on due_on amount_cents balance_cents balance_at"
    ),
    "past_balance": "invoice_id balance_cents balance_at",
    "zone": "name colour outline from_on to_on",
    "zone_assignment": "zone_id collector_id from_on to_on",
    "zone_membership": "zone_id client_id from_on to_on",
    "plan": (
        "day created_at created_by published_at published_by withdrawn_at travel_source"
        " is_estimate parameters"
    ),
    "route": (
        "plan_id collector_id vehicle start_lat start_lon end_lat end_lon leaves_s returns_s"
        " travel_s travel_m path"
    ),
    "stop": (
        "route_id position client_id arrives_s starts_s leaves_s travel_s travel_m detour_s"
        " prize_cents reasons"
    ),
    "evidence": (
        "event_id conflict_id sha256 is_signature size_bytes stored_at media_type erased_at"
    ),
    "guarantee_change": "guarantee_id state from_on created_by created_at",
    "location_decision": (
        "client_id kind made_at made_by old_lat old_lon old_quality old_confidence lat lon quality"
        " confidence seen_visit_id"
    ),
    "indicator_target": "indicator target from_on set_by set_at",
    "office_message": "collector_id text sent_at sent_by",
    "plan_edit": "plan_id number kind made_at made_by what cost effect",
    "repair": "plan_id before_id kind change moves retimed made_at made_by",
    "payment_file": "file_name file_sha256 uploaded_at uploaded_by applied_at applied_by",
    "workday": "vehicle starts_s ends_s weekdays start_lat start_lon end_lat end_lon max_stops",
    "erased_person": "salt phone_digest address_digest erased_at readmitted_at",
    "receipt": "payment_id series number copy code issued_at",  # which copy is sealed now, too
}
KEYS = {"workday": "collector_id", "erased_person": "client_id"}
JSON = {"outline", "parameters", "reasons", "what", "cost", "effect", "change", "moves", "retimed"}
ONLY = {
    "route": f"plan_id IN {PUBLISHED}",
    "stop": f"route_id IN (SELECT id FROM route WHERE plan_id IN {PUBLISHED})",
}


def upgrade() -> None:
    op.create_table(
        "audit_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("seals", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_batch")),
    )
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(1635083369)"))  # of `audit.chain`
    chain = _Chain(connection)
    for name, told in TABLES.items():
        _seal(connection, chain, name, told.split())
    chain.note()


def downgrade() -> None:
    op.drop_table("audit_batch")


class _Chain:
    """The end of the log, to which this adds."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._head = sa.table("audit_head", *map(sa.column, ("id", "position", "hash")))
        found = connection.execute(sa.select(self._head.c.position, self._head.c.hash)).first()
        self._is_new = found is None
        self._before = self._last = tuple(found) if found else (0, ORIGIN)
        self._entries = sa.table(
            "audit_entry",
            *map(sa.column, ("actor_id", "role", "event", "subject_type", "subject_id")),
            *map(sa.column, ("content_hash", "position", "previous_hash", "hash")),
            sa.column("at", sa.DateTime(timezone=True)),
            sa.column("facts", sa.JSON()),
        )
        self._now = datetime.now(UTC)

    def add(self, batch_id: int, sealed: str, facts: dict[str, object]) -> None:
        position, before = self._last[0] + 1, self._last[1]
        entry = {
            "at": self._now,
            "actor_id": None,
            "role": "system",
            "event": "log.rows_sealed",
            "subject_type": "audit_batch",
            "subject_id": str(batch_id),
            "facts": facts,
            "content_hash": sealed,
            "position": position,
        }
        sha256 = hashlib.sha256((before + _canonical(entry)).encode()).hexdigest()
        row = {**entry, "previous_hash": before, "hash": sha256}
        self._connection.execute(sa.insert(self._entries), row)
        self._last = (position, sha256)

    def note(self) -> None:
        if self._last == self._before:
            return
        values = {"position": self._last[0], "hash": self._last[1]}
        if self._is_new:
            self._connection.execute(sa.insert(self._head).values(id=1, **values))
        else:
            self._connection.execute(sa.update(self._head).values(**values))


def _seal(connection: sa.Connection, chain: _Chain, name: str, columns: list[str]) -> None:
    """Seal the rows of a table as they stand, a thousand at a time."""
    batches = sa.table("audit_batch", *map(sa.column, ("id", "table_name", "seals")))
    key = sa.column(KEYS.get(name, "id"))
    table = sa.table(name, key, *(sa.column(one, _kind(one)) for one in columns))
    next_batch = (connection.scalar(sa.select(sa.func.max(batches.c.id))) or 0) + 1
    only = sa.text(ONLY.get(name, "1 = 1"))
    last = 0
    while True:
        rows = connection.execute(
            sa.select(table).where(only, key > last).order_by(key).limit(ROWS)
        ).all()
        if not rows:
            break
        lines = [f"{row[0]} {_content_hash(dict(zip(columns, row[1:], strict=True)))}" for row in rows]
        values = {"table_name": name, "seals": "\n".join(lines)}
        connection.execute(sa.insert(batches).values(id=next_batch, **values))
        facts = {"why": "migration", "table": name, "first": rows[0][0], "last": rows[-1][0]}
        chain.add(next_batch, _content_hash(values), facts)
        last, next_batch = rows[-1][0], next_batch + 1
    if connection.dialect.name == "postgresql" and next_batch > 1:
        set_ = f"SELECT setval(pg_get_serial_sequence('audit_batch', 'id'), {next_batch - 1})"
        connection.execute(sa.text(set_))


def _kind(column: str) -> sa.types.TypeEngine:
    if column in JSON:
        return sa.JSON()
    if column.endswith("_on") or column == "day":
        return sa.Date()
    if column.startswith("is_"):
        return sa.Boolean()
    return sa.DateTime(timezone=True) if column.endswith("_at") else sa.types.NullType()


def _content_hash(content: dict[str, object]) -> str:
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: dict[str, object]) -> str:
    """As `audit.rules.canonical` did when this was written."""
    told = {key: value for key, value in content.items() if value is not None}
    return json.dumps(
        told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
