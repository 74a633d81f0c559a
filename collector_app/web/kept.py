"""Figures that may be a minute old: what takes seconds to add up is added up once a minute at most.

Kept in each process, by what was asked for. Only for figures over many clients that a page shows to
everybody at the desk alike, and says that they may be a minute old; facts and what is derived of
one client are read each time.
"""

from collections.abc import Callable
from threading import Condition
from typing import Any, TypeVar

from cachetools import TTLCache, cached
from cachetools.keys import hashkey
from flask import Flask, current_app

from collector_app.web.extensions import db

Figures = TypeVar("Figures")
_MOST_KEPT = 512
_NAME = "kept_figures"


def register_kept(app: Flask) -> None:
    """Give the application a memory of its own; FIGURES_KEPT_S = 0 keeps nothing."""
    memory: TTLCache[Any, Any] = TTLCache(_MOST_KEPT, app.config["FIGURES_KEPT_S"])

    # With a condition, whoever asks for what somebody else is adding up waits for it.
    @cached(memory, key=hashkey, condition=Condition())
    def read_once(read: Callable[..., Any], *asked: Any) -> Any:
        return read(db.session(), *asked)

    app.extensions[_NAME] = read_once


def kept(read: Callable[..., Figures], *asked: Any) -> Figures:
    """Return what a query returns for what was asked, at most a minute old.

    Parameters
    ----------
    read : callable
        A query: takes a session and what is asked, returns figures that nobody changes.
    *asked : hashable
        The other arguments of the query; figures are kept by them.
    """
    figures: Figures = current_app.extensions[_NAME](read, *asked)
    return figures
