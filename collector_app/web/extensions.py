"""The Flask extensions, and the one place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from flask import Flask, current_app, request
from flask_babel import Babel
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from collector_app.core.database import BUSY_TIMEOUT_MS, tune, turn_to_write
from collector_app.core.orm import Model
from collector_app.core.turns import Queue

db = SQLAlchemy(metadata=Model.metadata)
migrate = Migrate(render_as_batch=True, compare_type=True)
csrf = CSRFProtect()
babel = Babel()
_line = Queue()


def register_extensions(app: Flask) -> None:
    """Bind the extensions to an application."""
    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    babel.init_app(
        app,
        default_locale=app.config["LOCALE"],
        default_translation_directories="../translations",  # beside templates and static
        default_timezone=app.config["TIME_ZONE"],
        locale_selector=_locale,
        timezone_selector=lambda: current_app.config["TIME_ZONE"],
    )
    with app.app_context():
        tune(db.engine)


def _locale() -> str:
    locale: str = current_app.config["LOCALE"]
    return locale


@contextmanager
def transaction() -> Iterator[Session]:
    """Give a session that commits at the end and rolls back on any exception.

    This is the only commit of the application: services flush at most.
    """
    session = db.session()
    if session.in_transaction():
        session.rollback()  # end the reading transaction that the login of this request began
    with turn_to_write(db.engine):
        try:
            session.connection(execution_options={"for_writing": True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def in_line() -> Iterator[None]:
    """Do long work that writes inside, on SQLite one thread of each process at a time.

    Who writes to SQLite lets go of the interpreter at each row, and a thread that computes beside
    it keeps it for 5 ms each time, while the writers of all other processes wait for the end.
    """
    session = db.session()
    if session.in_transaction():
        session.rollback()  # who waits holds no connection: there are fewer of them than threads
    is_alone = db.engine.dialect.name == "sqlite"
    with _line.turn(BUSY_TIMEOUT_MS / 1000) if is_alone else nullcontext():
        yield


def wants_json() -> bool:
    """Tell whether the caller of this request reads JSON rather than a page."""
    best: Any = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return bool(best == "application/json")
