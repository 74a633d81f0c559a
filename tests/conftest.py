"""Fixtures that every test may use: a clock that stands still, a database, people who log in."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import event
from sqlalchemy.orm import Session

from collector_app.app import create_app
from collector_app.audit.kept import KeptUntilDone
from collector_app.city.packs import pack_folder, use_pack
from collector_app.core import clock, jobs
from collector_app.core.actor import Role
from collector_app.planning.queries.legality import VERDICTS
from collector_app.web.extensions import db
from config import TestConfig
from routing.travel.streets import StreetTravel, build_pack
from tests import databases
from tests.factories import PASSWORD, make_user
from tests.routing.travel.streets.addresses.drawn_town import addressed_town
from tests.routing.travel.towns import grid

# A Tuesday, 10:00 in Mexico City: a working day with legal hours left.
NOON = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)

# How long one example takes says more about the machine than about the code. The same examples each
# time, so that a change is what breaks a test; HYPOTHESIS_PROFILE=searching looks for new ones.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


BROWSER = Path(__file__).parent / "browser"
SERVER = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql", "both"],
        default="sqlite",
        help="where the tests that need a database run; postgresql leaves the other tests out",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once; the workers of xdist are told its address."""
    if config.getoption("database") == "sqlite":
        return
    told = getattr(config, "workerinput", None)
    if told is not None:
        config.stash[SERVER] = told["postgres_url"]
    else:
        server = databases.start_postgres()
        config.add_cleanup(server.cleanup)
        config.stash[SERVER] = server.get_uri()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    node.workerinput["postgres_url"] = node.config.stash.get(SERVER, None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that touches a database on every kind that was asked for.

    With both, the browser sees SQLite only: what it adds is the same over any database.
    """
    if "database_url" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("database")
        kinds = ["sqlite", "postgresql"] if chosen == "both" else [chosen]
        if BROWSER in metafunc.definition.path.parents:
            kinds = kinds[:1]
        metafunc.parametrize("database_url", kinds, indirect=True, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("database") == "postgresql":
        touching = [item for item in items if "database_url" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in touching])
        items[:] = touching


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """Return a function that makes an empty database, of the same kind as `database_url`."""

    def make(like: str) -> str:
        if like.startswith("sqlite"):
            return f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite3'}"
        return databases.create_database(request.config.stash[SERVER])

    return make


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, new_database) -> str:
    """The database of the tests, of the kind that the test runs on."""
    return new_database(request.param)


@pytest.fixture(scope="session")
def built_app(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Flask]:
    app = create_app(TestConfig(tmp_path_factory.mktemp("instance"), database_url))
    # The `session` fixture holds an application context, which requests inside it share: without
    # this, the second person who logs in within a test would still be the first.
    app.before_request_funcs.setdefault(None, []).insert(
        0, lambda: g.pop("_login_user", None) and None
    )
    with app.app_context():
        databases.migrate(db.engine, db.metadata)
    if database_url.startswith("postgresql"):
        jobs.prepare()  # as the worker does; a store in SQLite lays itself
    yield app
    jobs.close()
    with app.app_context():
        db.engine.dispose()
    jobs.close()


@pytest.fixture
def stopped_clock() -> Iterator[datetime]:
    with clock.frozen(NOON):
        yield NOON


@pytest.fixture
def app(built_app: Flask, stopped_clock: datetime) -> Iterator[Flask]:
    """The application over an empty database."""
    jobs.keep_in(built_app.config["INSTANCE"], built_app.config["SQLALCHEMY_DATABASE_URI"])
    yield built_app
    built_app.extensions.pop("live_snapshots", None)  # of rows that are gone
    VERDICTS.clear()
    KeptUntilDone.forget_all()
    with built_app.app_context():
        db.session.remove()
        databases.empty(db.engine, db.metadata)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside an application context; `session.commit()` makes its rows seen by pages."""
    with app.app_context():
        yield db.session()


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    """The statements sent to the database since the test began to look."""
    sent: list[str] = []

    def note(connection, cursor, statement, *rest) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def client_as(app: Flask, session: Session):
    """Log somebody in: ``client_as(Role.SUPERVISOR)`` or ``client_as(user)``."""

    def log_in(who) -> FlaskClient:
        user = make_user(session, role=who) if isinstance(who, Role) else who
        session.commit()
        client = app.test_client()
        answer = client.post("/entrar", data={"username": user.username, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    return log_in


@pytest.fixture
def anonymous(app: Flask) -> FlaskClient:
    return app.test_client()


def instance_folder(app: Flask) -> Path:
    return Path(app.instance_path)


@pytest.fixture(scope="session")
def addressed_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of a drawn town with neighbourhoods and house numbers."""
    folder = tmp_path_factory.mktemp("addressed")
    build_pack(addressed_town().write(folder / "town.osm"), folder / "town", with_basemap=False)
    return folder / "town"


@pytest.fixture
def city(app: Flask, addressed_pack: Path, tmp_path: Path) -> Iterator[Path]:
    """Put that pack into use for one test, in an instance folder of its own; gives the folder."""
    before, app.instance_path = app.instance_path, str(tmp_path)
    shutil.copytree(addressed_pack, pack_folder(tmp_path, "town"))
    use_pack(tmp_path, "town")
    yield tmp_path
    app.instance_path = before


@pytest.fixture(scope="session")
def town_instance(tmp_path_factory) -> Path:
    """An instance folder with a town of six by six streets, in use."""
    folder = tmp_path_factory.mktemp("instance_with_town")
    extract = grid(6, 6).write(folder / "town.osm")
    (folder / "cities").mkdir()
    build_pack(extract, folder / "cities" / "town", with_basemap=False)
    use_pack(folder, "town")
    return folder


@pytest.fixture
def with_streets(app, town_instance):
    before, app.instance_path = app.instance_path, str(town_instance)
    yield StreetTravel(town_instance / "cities" / "town").name
    app.instance_path = before
