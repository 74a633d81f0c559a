"""Fixtures that every test may use: a clock that stands still, a database, people who log in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from collector_app.app import create_app
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.web.extensions import db
from config import TestConfig
from tests.factories import PASSWORD, make_user

# A Tuesday, 10:00 in Mexico City: a working day with legal hours left.
NOON = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite3'}"


@pytest.fixture(scope="session")
def built_app(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Flask]:
    app = create_app(TestConfig(tmp_path_factory.mktemp("instance"), database_url))
    with app.app_context():
        db.drop_all()
        db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def stopped_clock() -> Iterator[datetime]:
    with clock.frozen(NOON):
        yield NOON


@pytest.fixture
def app(built_app: Flask, stopped_clock: datetime) -> Iterator[Flask]:
    """The application over an empty database."""
    yield built_app
    with built_app.app_context():
        db.session.remove()
        with db.engine.begin() as connection:
            for table in reversed(db.metadata.sorted_tables):
                connection.execute(table.delete())


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside an application context; `session.commit()` makes its rows seen by pages."""
    with app.app_context():
        yield db.session()


@pytest.fixture
def client_as(app: Flask, session: Session):
    """Log somebody in: ``client_as(Role.SUPERVISOR)`` or ``client_as(user)``."""

    def log_in(who) -> FlaskClient:
        user = make_user(session, role=who) if isinstance(who, Role) else who
        session.commit()
        client = app.test_client()
        answer = client.post("/entrar", data={"username": user.username, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    return log_in


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    return app.test_client()


def instance_folder(app: Flask) -> Path:
    return Path(app.instance_path)
