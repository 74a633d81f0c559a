"""The job that adds up, before anybody asks, what the usual pages show of the whole cartera."""

import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from collector_app.core import clock
from collector_app.core.jobs import Recurring, Report
from collector_app.figures.queries import ages
from collector_app.figures.rules import Age, Question, is_due, is_worth_keeping, written
from collector_app.figures.services import forget_before, keep
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone

KIND = "figures"
EVERY_MINUTE = Recurring(KIND, every=timedelta(minutes=1))
# What is asked on a day unless somebody chooses otherwise; each area tells its own.
Usual = Callable[[date, ZoneInfo], Iterable[Question]]


def run_renewal(
    usual: Iterable[Usual], arguments: dict[str, Any], report: Report
) -> dict[str, Any]:
    """Add up what is usually asked, when it is due, and keep what people would wait for.

    Reads in transactions of their own, so that nobody who writes waits for a sum.
    """
    del arguments
    begun_at = clock.now()
    if not is_due(ages(db.session()), begun_at):
        return {"kept": 0}
    zone = local_zone()
    questions = [one for ask in usual for one in ask(clock.today(zone), zone)]
    count = 0
    for n, question in enumerate(questions):
        report(n / len(questions), "")
        count += _renew(question)
    with transaction() as session:
        forget_before(session, begun_at)
    return {"kept": count}


def _renew(question: Question) -> bool:
    db.session.rollback()  # what was committed since counts
    read_at, begun_s = clock.now(), time.perf_counter()
    figures = question.read(db.session(), *question.asked)
    age = Age(read_at, time.perf_counter() - begun_s)
    if not is_worth_keeping(age.took_s):
        return False
    with transaction() as session:
        keep(session, question, written(figures), age)
    return True
