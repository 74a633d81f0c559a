"""Figures over many clients: not added up for each person who looks at them.

A process keeps what it read for a minute. What it does not have it takes from what the worker
keeps (`renewal_job`), which is as old as its page says; what the worker does not keep either,
because it is added up in a blink or nobody usually asks for it, is read now. Only for figures that
a page shows to everybody at the desk alike; facts of one client are read each time.
"""

from collections.abc import Callable
from datetime import datetime
from threading import Condition
from typing import Any, TypeVar

from cachetools import TTLCache, cached
from cachetools.keys import hashkey
from flask import Flask, current_app, has_request_context, request

from collector_app.core import clock
from collector_app.figures import queries
from collector_app.figures.rules import SOONEST, Question
from collector_app.web.extensions import db

Figures = TypeVar("Figures")
_MOST_KEPT = 512
_NAME = "kept_figures"
_OLDEST = "collector.figures_read_at"


def register_kept(app: Flask) -> None:
    """Give the application a memory of its own; FIGURES_KEPT_S = 0 keeps nothing."""
    seconds = app.config["FIGURES_KEPT_S"]
    memory: TTLCache[Any, Any] = TTLCache(_MOST_KEPT, seconds)

    # With a condition, whoever asks for what somebody else is adding up waits for it.
    @cached(memory, key=hashkey, condition=Condition())
    def read_once(read: Callable[..., Any], *asked: Any) -> tuple[Any, datetime]:
        now = clock.now()
        known = queries.answer(db.session(), Question(read, asked), now) if seconds else None
        return known or (read(db.session(), *asked), now)

    app.extensions[_NAME] = read_once
    app.jinja_env.globals["figures_read_at"] = shown_since


def kept(read: Callable[..., Figures], *asked: Any) -> Figures:
    """Return what a query returns for what was asked, now or a few minutes ago.

    Parameters
    ----------
    read : callable
        A query: takes a session and what is asked, returns figures that nobody changes.
    *asked : hashable
        The other arguments of the query; figures are kept by them.
    """
    figures: Figures
    figures, read_at = current_app.extensions[_NAME](read, *asked)
    tell_age(read_at)
    return figures


def tell_age(read_at: datetime) -> None:
    """Note when figures of this page were read; the page says how old its oldest are."""
    if has_request_context():
        request.environ[_OLDEST] = min(read_at, request.environ.get(_OLDEST, read_at))


def shown_since() -> datetime | None:
    """Return when the oldest figures of this page were read; None when all are of this minute."""
    oldest: datetime | None = request.environ.get(_OLDEST)
    return oldest if oldest is not None and clock.now() - oldest > SOONEST else None
