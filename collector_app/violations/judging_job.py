"""The durable jobs that judge and keep the faltas.

One looks each minute at the clients of whom something just came in; the other goes through whole
days, every hour through the newest ones, and sees what the first one missed.
"""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.jobs import Recurring, Report
from collector_app.violations.queries import arrivals_since, days_to_judge, judge
from collector_app.violations.services import keep_verdict
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone

KIND = "judging"
HOURLY = Recurring(KIND, every=timedelta(hours=1))
ARRIVALS = "judging_arrivals"
EVERY_MINUTE = Recurring(ARRIVALS, every=timedelta(minutes=1))
JUST_CAME = timedelta(minutes=10)  # a worker that is busy for so long misses nothing
DAYS_AT_ONCE = 7  # judged together; kept one by one, as others wait to write on SQLite


def run_judging(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Judge the days asked for, or those of what came in lately, and keep what is found.

    ``first`` and ``last`` are days as ISO 8601 has them, both inclusive.
    """
    zone = local_zone()
    if "first" in arguments:
        first, last = (date.fromisoformat(arguments[name]) for name in ("first", "last"))
    else:
        first, last = days_to_judge(db.session(), clock.now(), zone)
    facts = found = 0
    day = first
    while day <= last:
        report(
            (day - first).days / ((last - first).days + 1),
            str(_("Juzgando desde el %(day)s", day=day)),
        )
        until = min(last, day + timedelta(days=DAYS_AT_ONCE - 1))
        verdict = judge(db.session(), day, until, zone)
        for kept in (day + timedelta(days=n) for n in range((until - day).days + 1)):
            with transaction() as session:
                keep_verdict(session, Actor.system(KIND), verdict, kept, kept, zone)
        facts += verdict.fact_count
        found += len(verdict.violations)
        day = until + timedelta(days=1)
    next_url = f"/faltas?first={first}&to={last}"
    return {"facts": facts, "found": found, "last": last.isoformat(), "next_url": next_url}


def run_judging_arrivals(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Judge the clients of whom something came in just now, from its day on, and keep it."""
    del arguments, report
    zone, now = local_zone(), clock.now()
    arrived = arrivals_since(db.session(), now - JUST_CAME)
    if not arrived:
        return {"clients": 0, "found": 0}
    days = [one.astimezone(zone).date() for one in (*arrived.values(), now)]
    first, last, clients = min(days), max(days), arrived.keys()
    verdict = judge(db.session(), first, last, zone, clients)
    with transaction() as session:
        keep_verdict(session, Actor.system(KIND), verdict, first, last, zone, clients)
    return {"clients": len(clients), "found": len(verdict.violations)}
