"""What a web process looks at when it starts, so that nobody waits for its first look.

The law of 5,000 stops, the lines of 200 routes and the day of everybody take a second of CPU each
the first time that a process is asked (PostgreSQL, 100,000 clients), and little from then on.
"""

import logging
from datetime import timedelta
from time import perf_counter

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from collector_app.core import clock
from collector_app.dispatch.queries import shown_board, shown_causes
from collector_app.live.queries import shown_alerts, shown_today
from collector_app.planning.queries import (
    plans_of_day,
    published_plan_id,
    shown_changed_creditors,
    shown_legality,
    shown_plan,
)
from collector_app.web.extensions import db
from collector_app.web.filters import local_zone

_logger = logging.getLogger(__name__)


def take_first_looks(app: Flask) -> None:
    """Look at what people open first; a database that does not answer is no reason to stop."""
    begun_s = perf_counter()
    with app.app_context():
        for look in (_look_at_today, _look_at_plans):
            try:
                look(db.session())
            except SQLAlchemyError as error:
                _logger.warning("a first look failed: %s", type(error).__name__)
            finally:
                db.session.remove()
    _logger.info("first looks took %.2f s", perf_counter() - begun_s)


def _look_at_today(session: Session) -> None:
    zone = local_zone()
    shown_alerts(session, shown_today(session, clock.today(zone), zone), zone)


def _look_at_plans(session: Session) -> None:
    """Look at the plan of today and of tomorrow, those on phones or the newest."""
    zone = local_zone()
    today = clock.today(zone)
    for day in (today, today + timedelta(days=1)):
        plan_id = published_plan_id(session, day)
        if plan_id is None:
            plan_id = next((one.id for one in plans_of_day(session, day)), None)
        if plan_id is None:
            continue
        shown_plan(session, plan_id)
        shown_legality(session, plan_id, zone)
        shown_changed_creditors(session, plan_id, zone)
        shown_causes(session, shown_board(session, plan_id))
