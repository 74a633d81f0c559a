"""The durable job that judges days and keeps the faltas; comes every hour for the newest ones."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.core.jobs import Recurring, Report
from collector_app.violations.queries import days_to_judge, judge
from collector_app.violations.services import keep_verdict
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone

KIND = "judging"
HOURLY = Recurring(KIND, every=timedelta(hours=1))
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
        facts += verdict.visit_count + verdict.contact_count + verdict.payment_count
        found += len(verdict.violations)
        day = until + timedelta(days=1)
    next_url = f"/faltas?first={first}&to={last}"
    return {"facts": facts, "found": found, "last": last.isoformat(), "next_url": next_url}
