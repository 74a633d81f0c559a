"""What the base of the tables promises."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from collector_app.core.actor import Role
from collector_app.web.extensions import db, transaction
from tests.factories import make_client, make_user


def test_an_instant_comes_back_in_utc_whatever_zone_it_went_in_with(session):
    noon_in_mexico = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo("America/Mexico_City"))

    user = make_user(session, created_at=noon_in_mexico)
    session.commit()
    session.expire_all()

    assert user.created_at == datetime(2026, 3, 10, 18, tzinfo=UTC)
    assert user.created_at.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(session):
    with pytest.raises(StatementError, match="time zone"):
        make_user(session, created_at=datetime(2026, 3, 10, 12))  # noqa: DTZ001 - the fault under test


def test_an_enum_is_stored_by_its_value(session):
    make_user(session, role=Role.DISPATCHER)

    assert session.scalar(text("SELECT role FROM user_account")) == "dispatcher"


def test_half_a_position_is_refused(session):
    with pytest.raises(IntegrityError):
        make_client(session, lon=None)


def test_a_transaction_that_fails_leaves_nothing(app, session):
    def write_and_fail():
        with transaction() as writing:
            make_client(writing)
            message = "midway"
            raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="midway"):
        write_and_fail()

    assert session.execute(select(db.metadata.tables["client"])).all() == []


def test_a_transaction_that_ends_well_is_seen_by_others(app, session):
    with transaction() as writing:
        make_client(writing)

    with db.engine.connect() as other:
        assert len(other.execute(select(db.metadata.tables["client"])).all()) == 1
