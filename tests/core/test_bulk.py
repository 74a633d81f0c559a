"""Many rows at once are stored as one by one through the tables' own types."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.orm import Session

from collector_app.audit.models import AuditEntry
from collector_app.core.actor import Role
from collector_app.core.bulk import append_rows

ENTRY = {
    "at": datetime(2026, 3, 10, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=-6))),
    "actor_id": None,
    "role": Role.ADMIN,
    "event": "test.ñ",
    "subject_type": "test",
    "subject_id": "1",
    "facts": {"name": 'Ñandú "x"', "share": 0.1, "many": [1, None, True]},
    "content_hash": None,
}
STORED = text("SELECT at, role, facts, content_hash FROM audit_entry ORDER BY id")


def test_rows_are_stored_as_the_types_of_their_columns_store_them(session):
    append_rows(session, AuditEntry, [ENTRY])
    session.execute(insert(AuditEntry).values(**ENTRY))

    ours, theirs = session.execute(STORED).all()
    assert (ours.at, ours.role, ours.content_hash) == (theirs.at, theirs.role, None)
    first, second = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    assert first.at == second.at == datetime(2026, 3, 10, 18, 0, 0, 5, tzinfo=UTC)
    assert (first.role, first.facts) == (second.role, second.facts) == (Role.ADMIN, ENTRY["facts"])


def test_sqlite_is_given_no_instant_without_a_zone():
    naive = datetime(2026, 3, 10, 12)  # noqa: DTZ001 - the fault under test

    with Session(create_engine("sqlite://")) as apart, pytest.raises(ValueError, match="time zone"):
        append_rows(apart, AuditEntry, [{**ENTRY, "at": naive}])
