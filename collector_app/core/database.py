"""How a connection is opened: what SQLite needs so that acknowledged facts survive a power cut."""

import sqlite3
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from collector_app.core.turns import turns_beside

BUSY_TIMEOUT_MS = 30_000
CACHE_KIB = 32 * 1024  # of each connection; 2 MB, SQLite's own, makes large sums a third slower


def tune(engine: Engine) -> None:
    """Set up SQLite for one writer at a time without "database is locked"; others are left alone.

    WAL with synchronous=FULL: a commit is on disk before it is acknowledged. Transactions opened
    with the execution option ``for_writing`` begin IMMEDIATE, because a read that later turns into
    a write can't wait for its lock; the others never wait for a writer.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.isolation_level = None  # SQLAlchemy's BEGIN below, not the driver's
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("for_writing") else "BEGIN")


def turn_to_write(engine: Engine) -> AbstractContextManager[None]:
    """Return what to hold around a writing transaction, so that writers come one after another.

    PostgreSQL has many writers at once; a database in memory is no other process's.
    """
    file = engine.url.database
    if engine.dialect.name != "sqlite" or file in (None, "", ":memory:"):
        return nullcontext()
    return turns_beside(Path(str(file)).absolute()).turn(BUSY_TIMEOUT_MS / 1000)
