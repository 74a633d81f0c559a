"""The day that a page is asked to look back from: ``?al=2026-03-10``."""

from datetime import date

from flask import request

from collector_app.core.clock import FIRST_DAY


def asked_day(today: date) -> date:
    """Return the day that the address names; today when it names none, a wrong or a later one."""
    try:
        asked = date.fromisoformat(request.args.get("al", ""))
    except ValueError:
        return today
    return today if asked < FIRST_DAY else min(asked, today)
