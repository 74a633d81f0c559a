"""What the phone offers to tap: days, and links to other apps."""

import calendar
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

from collector_app.planning.rules import ReasonCode, Vehicle

FRIDAY = 4  # date.weekday()
MID_MONTH = 15
OTHER = "other"  # the choice that opens a field to type in


class PromiseDay(StrEnum):
    """Days on which people usually promise to pay."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    FRIDAY = "friday"
    PAYDAY = "payday"  # quincena: the 15th and the last day of the month


class StopFilter(StrEnum):
    """Which stops of the day the list shows."""

    PENDING = "pending"
    DONE = "done"
    ALL = "all"


def promise_days(today: date) -> dict[PromiseDay, date]:
    """Return the days to offer for a promise, the nearest first.

    A day that two names share has only the first of them.
    """
    days = {
        PromiseDay.TODAY: today,
        PromiseDay.TOMORROW: today + timedelta(days=1),
        PromiseDay.FRIDAY: today + timedelta(days=(FRIDAY - today.weekday()) % 7),
        PromiseDay.PAYDAY: next_payday(today),
    }
    taken: set[date] = set()
    offered: dict[PromiseDay, date] = {}
    for name, day in days.items():
        if day not in taken:
            offered[name] = day
            taken.add(day)
    return dict(sorted(offered.items(), key=lambda one: one[1]))


def next_payday(today: date) -> date:
    """Return the next 15th or last day of a month, today included."""
    if today.day <= MID_MONTH:
        return today.replace(day=MID_MONTH)
    return today.replace(day=calendar.monthrange(today.year, today.month)[1])


def plain(text: str) -> str:
    """Return a text as it is searched for: small letters without accents (ñ becomes n)."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def main_reason(reasons: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Return the reason to show on a card, which already says what is owed: one or none."""
    beyond_debt = [one for one in reasons if one["code"] != ReasonCode.DEBT]
    return (beyond_debt or list(reasons))[:1]


def google_maps_url(lat: float | None, lon: float | None, address: str, vehicle: Vehicle) -> str:
    """Return the link that opens Google Maps with the way to a place, or to a written address.

    Source: Google's Maps URLs guide. It names driving, walking, bicycling and transit; there is
    no mode for motorcycles in every country, so they drive.
    """
    place = address if lat is None or lon is None else f"{lat:.6f},{lon:.6f}"
    mode = "walking" if vehicle is Vehicle.FOOT else "driving"
    query = urlencode({"api": 1, "destination": place, "travelmode": mode})
    return f"https://www.google.com/maps/dir/?{query}"


def geo_url(lat: float, lon: float, name: str) -> str:
    """Return the link that opens whatever app for maps the phone has, with a pin.

    Source: RFC 5870, and the query with a name that Android's intents add to it. The name goes to
    somebody else's app: it must not be the client's.
    """
    place = f"{lat:.6f},{lon:.6f}"
    return f"geo:{place}?q={place}({quote(name)})"


def waze_url(lat: float, lon: float) -> str:
    """Return the link that opens Waze with the way to a place. Source: Waze deep links."""
    return f"https://waze.com/ul?ll={lat:.6f},{lon:.6f}&navigate=yes"
