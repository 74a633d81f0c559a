"""The migrations lead to the tables of the models and back, on both kinds of database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from collector_app.accounts.services.people import PersonData, create_person
from collector_app.app import create_app
from collector_app.audit.queries import faults
from collector_app.audit.rules import FaultKind
from collector_app.compliance.creditor_choices import CreditorKnown, add_creditor
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.portfolio.known import known_creditors
from collector_app.portfolio.models import Creditor, Invoice
from collector_app.strategy.models import ExperimentClient
from collector_app.sync.models import SyncEvent
from collector_app.web.extensions import db
from config import TestConfig
from tests import databases
from tests.audit.factories import seal_made
from tests.factories import make_client, make_user
from tests.strategy.factories import make_experiment, make_segment
from tests.sync.factories import make_conflict, make_device, make_event
from tests.zones.factories import make_zone

ROOT = Path(__file__).parent.parent


@pytest.fixture
def fresh_app(tmp_path: Path, database_url: str, new_database) -> Iterator[Flask]:
    """An application over an empty database without tables."""
    app = create_app(TestConfig(tmp_path, new_database(database_url)))
    with app.app_context():
        yield app
        db.engine.dispose()


def table_names() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_up_leads_to_the_tables_of_the_models_and_down_to_none(fresh_app):
    databases.migrate(db.engine, db.metadata)
    up = table_names()
    flask_migrate.downgrade(directory=str(databases.MIGRATIONS), revision="base")
    down = table_names()

    assert up == set(db.metadata.tables)
    assert down == set()


def test_a_table_that_no_migration_makes_is_found(fresh_app):
    described = sa.MetaData()
    sa.Table("forgotten", described, sa.Column("id", sa.Integer, primary_key=True))

    with pytest.raises(AssertionError, match="forgotten"):
        databases.migrate(db.engine, described)


def test_foreign_keys_hold_after_migrating(fresh_app):
    databases.migrate(db.engine, db.metadata)
    orphan = "INSERT INTO zone_assignment (zone_id, collector_id, from_on) VALUES (7, 7, :day)"

    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(sa.text(orphan), {"day": "2026-01-01"})


def test_two_that_migrate_at_once_do_not_collide(tmp_path, database_url, new_database):
    settings = {
        "COLLECTOR_ENV": "development",
        "COLLECTOR_INSTANCE": str(tmp_path),
        "DATABASE_URL": new_database(database_url),
    }
    argv = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    started = [
        subprocess.Popen(argv, cwd=ROOT, env=os.environ | settings, stderr=subprocess.PIPE)
        for _ in range(2)
    ]

    errors = [process.communicate(timeout=300)[1].decode() for process in started]

    assert [process.returncode for process in started] == [0, 0], errors


def test_what_was_there_before_it_was_sealed_is_sealed_by_the_migration(fresh_app):
    databases.migrate(db.engine, db.metadata)
    session = db.session()
    invoice = make_client(session, external_id="Ñ-1").credits[0].invoices[0]
    make_zone(session, [invoice.credit.client], make_user(session))
    session.commit()
    unknown = {one.row.split()[0] for one in faults(session)} - {"user_account"}
    assert unknown == {"client", "credit", "invoice", "zone", "zone_assignment", "zone_membership"}
    session.close()

    flask_migrate.downgrade(directory=str(databases.MIGRATIONS), revision="0231")
    databases.migrate(db.engine, db.metadata)

    assert {one.row.split()[0] for one in faults(session)} == {"user_account"}
    session.execute(sa.update(Invoice).values(balance_cents=1))
    session.commit()
    altered = [one.row for one in faults(session) if one.kind is FaultKind.ALTERED]
    assert altered == [f"invoice {session.scalar(sa.select(Invoice.id))}"]
    session.close()


def test_who_was_compared_before_that_was_sealed_is_sealed_by_the_migration(fresh_app):
    databases.migrate(db.engine, db.metadata)
    session = db.session()
    for _n in range(3):
        make_client(session, days=40)
    seal_made(session)
    today = clock.now().date()
    dates = {"starts_on": today, "ends_on": today + timedelta(days=27)}
    begun = make_experiment(session, make_segment(session), **dates)
    experiment_id = begun.id
    session.commit()
    compared = sa.select(ExperimentClient.client_id).order_by(ExperimentClient.client_id)
    before = session.scalars(compared).all()
    session.close()

    flask_migrate.downgrade(directory=str(databases.MIGRATIONS), revision="0260")
    databases.migrate(db.engine, db.metadata)

    assert session.scalars(compared).all() == before
    assert len(before) == 3
    assert list(faults(session)) == []
    other = make_client(session)
    seal_made(session)
    session.add(ExperimentClient(experiment_id=experiment_id, client_id=other.id))
    session.commit()
    [fault] = faults(session)
    assert (fault.kind, fault.row) == (FaultKind.INSERTED, "experiment_client 4")
    session.close()


def test_what_phones_told_before_that_was_sealed_is_sealed_by_the_migration(fresh_app):
    databases.migrate(db.engine, db.metadata)
    session = db.session()
    device = make_device(session, make_user(session))
    make_conflict(session, device)
    for _n in range(2):
        make_event(session, device)
    session.commit()
    told = {"sync_event", "sync_conflict"}
    assert told < {one.row.split()[0] for one in faults(session)}
    session.close()

    flask_migrate.downgrade(directory=str(databases.MIGRATIONS), revision="0241")
    databases.migrate(db.engine, db.metadata)

    assert {one.row.split()[0] for one in faults(session)} == {"user_account", "sync_device"}
    session.execute(sa.update(SyncEvent).values(statement="{}"))
    session.commit()
    altered = [one.row for one in faults(session) if one.kind is FaultKind.ALTERED]
    assert altered == [f"sync_event {n}" for n in session.scalars(sa.select(SyncEvent.id))]
    session.close()


def test_columns_that_joined_the_seals_are_sealed_of_what_still_was_what_had_been_sealed(fresh_app):
    databases.migrate(db.engine, db.metadata)
    session = db.session()
    told = PersonData("Rosa Vega", Role.COLLECTOR, "+525512345678")
    made = [create_person(session, Actor.system("test"), name, told) for name in ("uno", "dos")]
    one, two = (user.id for user, _password in made)
    session.commit()
    session.close()

    flask_migrate.downgrade(directory=str(databases.MIGRATIONS), revision="0286")
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE user_account SET role = 'admin' WHERE username = 'dos'"))
    databases.migrate(db.engine, db.metadata)

    assert [one.row for one in faults(session)] == [f"user_account {two}"]
    session.execute(sa.text("UPDATE user_account SET password = 'x' WHERE username = 'uno'"))
    session.commit()
    assert {one.row for one in faults(session)} == {f"user_account {n}" for n in (one, two)}
    session.close()


def test_creditors_that_were_there_twice_keep_their_names_and_nobody_adds_a_third(fresh_app):
    databases.migrate(db.engine, db.metadata)
    flask_migrate.downgrade(directory=str(databases.MIGRATIONS), revision="0298")
    told = sa.table("creditor", sa.column("name"), sa.column("created_at"))
    names = ("Banco Ñandú", "BANCO  nandu", "Tiendas")
    with db.engine.begin() as connection:
        for name in names:
            connection.execute(sa.insert(told).values(name=name, created_at="2026-03-01"))

    databases.migrate(db.engine, db.metadata)

    session = db.session()
    kept = session.execute(sa.select(Creditor.name, Creditor.plain_name).order_by(Creditor.id))
    assert [tuple(one) for one in kept] == [
        ("Banco Ñandú", "banconandu"),
        ("BANCO  nandu", "banconandu#2"),
        ("Tiendas", "tiendas"),
    ]
    assert known_creditors(session)["banconandu"] == (1, "Banco Ñandú")
    with pytest.raises(CreditorKnown) as caught:
        add_creditor(
            session, Actor.system("test"), "banco nandú", None, "x", today=clock.now().date()
        )
    assert caught.value.facts["name"] == "Banco Ñandú"
    session.close()
