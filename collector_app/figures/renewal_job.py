"""The jobs that add up, before anybody asks, what the usual pages show of the whole cartera.

Each minute one looks whether a round is due. A round is a chain of jobs of a second or one long
sum: the next goes behind whatever waits in the queue by then, so that no plan or import waits for
more than that.
"""

import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from collector_app.core import clock, jobs
from collector_app.core.jobs import Recurring, Report
from collector_app.figures.queries import ages
from collector_app.figures.rules import Age, Question, is_due, is_worth_keeping, written
from collector_app.figures.services import forget_before, keep
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone

KIND = "figures"
NEXT_KIND = "figures_next"
MOMENT_S = 1.0  # a job that has added up for so long makes room; small companies need one
EVERY_MINUTE = Recurring(KIND, every=timedelta(minutes=1))
# What is asked on a day unless somebody chooses otherwise; each area tells its own.
Usual = Callable[[date, ZoneInfo], Iterable[Question]]


def begin_renewal(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Begin a round when it is due and none is under way."""
    del arguments, report
    begun_at = clock.now()
    begins = is_due(ages(db.session()), begun_at) and not jobs.is_under_way(NEXT_KIND)
    if begins:
        day = clock.today(local_zone())
        told = {"begun_at": begun_at.isoformat(), "day": day.isoformat()}
        _enqueue({"round": uuid4().hex, **told, "number": 0})
    return {"begun": begins}


def renew_next(usual: Iterable[Usual], arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Add up questions of a round for a moment, and put the next into the queue.

    After one that fails the others go on; its answer of before is forgotten with the round.
    """
    questions = questions_of(usual, date.fromisoformat(arguments["day"]))
    begun_s, number, kept = time.perf_counter(), arguments["number"], 0
    try:
        while number < len(questions):
            report(number / len(questions), "")
            number += 1
            kept += renew(questions[number - 1])
            if time.perf_counter() - begun_s >= MOMENT_S:
                break
    except Exception:
        _hand_on(arguments, number, len(questions))
        raise
    _hand_on(arguments, number, len(questions))
    return {"kept": kept}


def _hand_on(arguments: dict[str, Any], number: int, count: int) -> None:
    """Put the questions from a number on into the queue; end the round when there is none."""
    if number < count:
        _enqueue({**arguments, "number": number})
    else:
        _forget(datetime.fromisoformat(arguments["begun_at"]))


def renew_all(usual: Iterable[Usual]) -> int:
    """Add everything up in one go, due or not; return how many answers are kept."""
    begun_at = clock.now()
    count = sum(renew(one) for one in questions_of(usual, clock.today(local_zone())))
    _forget(begun_at)
    return count


def questions_of(usual: Iterable[Usual], day: date) -> list[Question]:
    """Return what is usually asked on a day."""
    zone = local_zone()
    return [one for ask in usual for one in ask(day, zone)]


def renew(question: Question, *, is_chosen: bool = False) -> bool:
    """Read an answer anew, and keep it if people would wait for it, or somebody does.

    Reads in a transaction of its own, so that nobody who writes waits for a sum.
    """
    db.session.rollback()  # what was committed since counts
    read_at, begun_s = clock.now(), time.perf_counter()
    figures = question.read(db.session(), *question.asked)
    age = Age(read_at, time.perf_counter() - begun_s)
    if not (is_chosen or is_worth_keeping(age.took_s)):
        return False
    with transaction() as session:
        keep(session, question, written(figures), age, is_chosen=is_chosen)
    return True


def _enqueue(arguments: dict[str, Any]) -> None:
    job_id = f"{NEXT_KIND}-{arguments['round']}-{arguments['number']}"  # run twice, it is one
    jobs.enqueue(NEXT_KIND, arguments, job_id=job_id)


def _forget(begun_at: datetime) -> None:
    """Forget what the round did not ask again: of other days, or no longer slow."""
    db.session.rollback()
    with transaction() as session:
        forget_before(session, begun_at, clock.now())
