"""Every column of a fact is sealed: who, when and why of it, hashes of secrets, signatures.

Rows that are as they were sealed before are sealed anew with the columns that join; a row that is
not stays under its old seal, so that `flask audit verify` goes on naming it.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0287"
down_revision = "0286"
branch_labels = None
depends_on = None

ROWS = 1_000
ORIGIN = "0" * 64
BATCH = "audit_batch"

# What was sealed of each table, and what joins; in no particular order: seals are written sorted.
TABLES = {
    "absence": (
        (
            "collector_id kind from_on to_on created_at created_by cancelled_at "
            "cancelled_by"
        ),
        "note",
    ),
    "agreement": (
        (
            "client_id debt_cents discount_basis down_cents instalments every_days "
            "step_cents first_on principal_cents interest_cents default_interest_cents "
            "costs_cents creditor creditor_account reference settles_debt proposed_by "
            "proposed_at approved_by approved_at signed_at signed_by signature_sha256 "
            "cancelled_by cancelled_at"
        ),
        "signature cancelled_because",
    ),
    "api_key": (
        "name scopes created_by expires_at revoked_at",
        "hint key_hash created_at",
    ),
    "complaint": (
        (
            "client_id kind text about received_at answer_by ban_id answered_at "
            "answered_by answer"
        ),
        "received_by pause_id",
    ),
    "contact_wish": (
        (
            "client_id weekdays starts_s ends_s reason from_on to_on planned_to_on "
            "lifted_by lifted_at lift_reason"
        ),
        "created_by created_at",
    ),
    "credit_document": (
        "credit_id kind number bill_number dated_on file_name sha256",
        "size_bytes media_type erased_at created_by created_at",
    ),
    "experiment": (
        (
            "name segment_id stage share_percent measure starts_on ends_on channels "
            "cadence_days most_discount_percent most_instalments script opening "
            "visit_percent notice_days stopped_at stop_reason"
        ),
        "started_by",
    ),
    "guarantee": (
        "credit_id kind description value_cents given_on state state_on",
        "created_by created_at",
    ),
    "obligor": (
        "client_id credit_id kind name phone address since_on ended_on",
        "end_reason created_by created_at",
    ),
    "office_message": (
        "collector_id text sent_at sent_by",
        "read_at",
    ),
    "rule_override": (
        (
            "client_id rule_id ground reason requested_by granted_by granted_at ended_by "
            "ended_at end_reason from_on to_on"
        ),
        "requested_at",
    ),
    "sanction": (
        "law final_on reference noted_by withdrawn_at",
        "noted_at",
    ),
    "segment": (
        "name position conditions removed_at",
        "created_at created_by",
    ),
    "sync_device": (
        "uuid user_id revoked_at",
        "token_hash name registered_at receipt_series",
    ),
    "user_account": (
        "username role active supervisor_id",
        (
            "full_name phone password password_set_at must_change_password created_at"
        ),
    ),
    "violation_case": (
        "kind fact_id client_id at state reason decided_by",
        (
            "collector_id profile_id profile_version law blocks judged_at decided_at"
        ),
    ),
    "webhook": (
        "url events salt created_by",
        "created_at disabled_at removed_at",
    ),
}
Seals = dict[tuple[str, str], str | None]


def upgrade() -> None:
    _seal_anew({name: (before, f"{before} {more}") for name, (before, more) in TABLES.items()})


def downgrade() -> None:
    _seal_anew({name: (f"{before} {more}", before) for name, (before, more) in TABLES.items()})


def _seal_anew(tables: dict[str, tuple[str, str]]) -> None:
    """Seal the rows of tables by other columns than before, where they still are what was sealed."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(1635083369)"))  # of `audit.chain`
    seals = _last_seals(connection, set(tables))
    chain = _Chain(connection)
    for name, (before, after) in sorted(tables.items()):
        table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
        lines = []
        for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings():
            old, new = (
                _content_hash({one: row[one] for one in told.split()}) for told in (before, after)
            )
            if old != new and seals.get((name, str(row["id"]))) == old:
                lines.append(f"{row['id']} {new}")
        for start in range(0, len(lines), ROWS):
            chain.seal(name, lines[start : start + ROWS])
    chain.note()


def _last_seals(connection: sa.Connection, tables: set[str]) -> Seals:
    """Return what was sealed last of each row of some tables, as `audit.queries` finds it."""
    columns = ("subject_type", "subject_id", "content_hash")
    carried = sa.table("audit_seal", *map(sa.column, columns))
    entries = sa.table("audit_entry", *map(sa.column, (*columns, "position")))
    kinds = (*sorted(tables), BATCH)
    seals: Seals = {}
    let_go = connection.execute(sa.select(carried).where(carried.c.subject_type.in_(kinds))).all()
    batches = sorted((one.subject_id for one in let_go if one.subject_type == BATCH), key=int)
    for batch_id in batches:
        seals.update(_batch(connection, batch_id, tables))
    for one in let_go:
        row = (one.subject_type, one.subject_id)
        seals[row] = one.content_hash or seals.get(row)
    found = sa.select(entries).where(entries.c.subject_type.in_(kinds)).order_by(entries.c.position)
    for one in connection.execute(found).all():
        row = (one.subject_type, one.subject_id)
        seals[row] = one.content_hash or seals.get(row)
        if one.subject_type == BATCH:
            seals.update(_batch(connection, one.subject_id, tables))
    return seals


def _batch(
    connection: sa.Connection, batch_id: str, tables: set[str]
) -> Iterator[tuple[tuple[str, str], str]]:
    batches = sa.table(BATCH, *map(sa.column, ("id", "table_name", "seals")))
    found = connection.execute(sa.select(batches).where(batches.c.id == int(batch_id))).first()
    if found is not None and found.table_name in tables:
        for line in found.seals.splitlines():
            key, _, seal = line.partition(" ")
            yield (found.table_name, key), seal


class _Chain:
    """The end of the log, to which this adds."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._head = sa.table("audit_head", *map(sa.column, ("id", "position", "hash")))
        found = connection.execute(sa.select(self._head.c.position, self._head.c.hash)).first()
        self._before = self._last = tuple(found) if found else (0, ORIGIN)
        self._entries = sa.table(
            "audit_entry",
            *map(sa.column, ("actor_id", "role", "event", "subject_type", "subject_id")),
            *map(sa.column, ("content_hash", "position", "previous_hash", "hash")),
            sa.column("at", sa.DateTime(timezone=True)),
            sa.column("facts", sa.JSON()),
        )
        self._batches = sa.table(BATCH, *map(sa.column, ("id", "table_name", "seals")))
        self._batch_id = connection.scalar(sa.select(sa.func.max(self._batches.c.id))) or 0
        self._now = datetime.now(UTC)

    def seal(self, table: str, lines: list[str]) -> None:
        self._batch_id += 1
        values = {"table_name": table, "seals": "\n".join(lines)}
        self._connection.execute(sa.insert(self._batches).values(id=self._batch_id, **values))
        first, last = (int(line.split(" ")[0]) for line in (lines[0], lines[-1]))
        position, before = self._last[0] + 1, self._last[1]
        entry = {
            "at": self._now,
            "actor_id": None,
            "role": "system",
            "event": "log.rows_sealed",
            "subject_type": BATCH,
            "subject_id": str(self._batch_id),
            "facts": {"why": "migration", "table": table, "first": first, "last": last},
            "content_hash": _content_hash(values),
            "position": position,
        }
        sealed = _sha256(before + _canonical(entry))
        row = {**entry, "previous_hash": before, "hash": sealed}
        self._connection.execute(sa.insert(self._entries), row)
        self._last = (position, sealed)

    def note(self) -> None:
        if self._last == self._before:
            return
        values = {"position": self._last[0], "hash": self._last[1]}
        self._connection.execute(sa.update(self._head).values(**values))
        if self._connection.dialect.name == "postgresql":
            set_ = f"SELECT setval(pg_get_serial_sequence('audit_batch', 'id'), {self._batch_id})"
            self._connection.execute(sa.text(set_))


def _content_hash(content: dict[str, object]) -> str:
    return _sha256(_canonical(content))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


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
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(type(value).__name__)
