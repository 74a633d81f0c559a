"""How Alembic runs here: one transaction for all migrations, on SQLite as on PostgreSQL.

Scripts never import the application, so that an old one still runs when the code has moved on:
our column types are written as the plain types that the database sees.
"""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from collector_app.core.orm import UtcDateTime

LOCK = 7_283_001  # any number, the same for all who migrate


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our own types as the types they are stored in."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def skip_empty_script(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no script when nothing changed."""
    if getattr(context.config.cmd_opts, "autogenerate", False):
        script = directives[0]
        if script.upgrade_ops.is_empty():
            directives[:] = []


def wait_for_my_turn(connection: sa.Connection) -> None:
    """Let one migrate at a time; SQLite does so by BEGIN IMMEDIATE."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def check_foreign_keys(connection: sa.Connection) -> None:
    """Fail, and so roll back, when a migration left a row that points at nothing.

    Raises
    ------
    RuntimeError
        Names the table and the row.
    """
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        message = f"the migration leaves rows that point at nothing: {broken[:5]}"
        raise RuntimeError(message)


def switch_foreign_keys(connection: sa.Connection, state: str) -> None:
    """Turn SQLite's foreign keys on or off; inside a transaction it would do nothing.

    They must be off while a table is copied and dropped, which is how SQLite alters one.
    """
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA foreign_keys={state}")


def migrate(connection: sa.Connection) -> None:
    """Run what the command asked for in one transaction, which fails as a whole."""
    settings = current_app.extensions["migrate"]
    with connection.begin():
        wait_for_my_turn(connection)
        context.configure(
            connection=connection,
            target_metadata=settings.db.metadata,
            transactional_ddl=True,
            render_item=render_item,
            process_revision_directives=skip_empty_script,
            **settings.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        check_foreign_keys(connection)


def run() -> None:
    """Open a connection of our own, so that nothing that is switched off stays so elsewhere."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(for_writing=True) as connection:
        switch_foreign_keys(connection, "OFF")
        try:
            migrate(connection)
        finally:
            switch_foreign_keys(connection, "ON")


run()
