"""What each collector can take in a month, from shifts, weekdays, absences and the law."""

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy.orm import Session

from collector_app.absences.queries import absences_from
from collector_app.compliance.queries import profile_in_force
from collector_app.compliance.rules import visit_windows
from collector_app.planning.queries import workdays
from collector_app.studio.grounds import Land
from collector_app.studio.rules import DAYS_AHEAD, Strength, month_hours
from routing.travel.streets.pack import Pack


def strengths(session: Session, day: date) -> dict[int, Strength]:
    """Return what collectors bring by id, over four weeks from a day on.

    Those of whom nobody said how they work are left out. The law is that of the day.
    """
    days = [day + timedelta(days=n) for n in range(DAYS_AHEAD)]
    profile = profile_in_force(session, day)
    open_on = {
        one: [(window.start_s, window.end_s) for window in visit_windows(profile, one)]
        for one in days
    }
    away: dict[int, set[date]] = defaultdict(set)
    for row in absences_from(session, day):
        away[row.collector_id].update(one for one in days if row.from_on <= one <= row.to_on)
    found: dict[int, Strength] = {}
    for one in workdays(session):
        worked = [day for day in days if one.is_worked(day)]
        here = [day for day in worked if day not in away[one.collector_id]]
        hours = month_hours((one.starts_s, one.ends_s), [open_on[day] for day in here or worked])
        found[one.collector_id] = Strength(
            one.name, hours, (one.start_lat, one.start_lon), is_away=not here
        )
    return found


def capacity_hours(session: Session, day: date) -> dict[int, float]:
    """Return the hours of a month that collectors can work by id, as of the four weeks ahead."""
    return {who: one.month_h for who, one in strengths(session, day).items()}


def land_now(session: Session, day: date, streets: Pack | None) -> Land:
    """Return the streets with what collectors can take from a day on."""
    return Land(streets, strengths=strengths(session, day))
