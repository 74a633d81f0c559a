"""On which clock a client lives, and what its hours are on the clock of the company."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, lru_cache
from math import cos, radians
from zoneinfo import ZoneInfo

import tzfpy
from babel.core import get_global

from collector_app.compliance.rules.profile import HourWindow
from collector_app.core import clock

DAY_S = 24 * 3600
# The borders of time zones are drawn with that much slack; who lives so near to a border of the
# country may seem to live beyond it.
BORDER_KM = 3.0
KM_PER_DEGREE = 111.2
NEWER_THAN_THE_TABLE = {"America/Coyhaique": "CL"}  # since March 2025
KEPT_PLACES = 65_536  # twelve megabytes of a process
_AROUND = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (-1, -1), (1, -1))


@lru_cache(maxsize=KEPT_PLACES)  # people move less often than pages ask
def client_zone(lat: float, lon: float, company: ZoneInfo) -> ZoneInfo:
    """Return the time zone of a place, when it lies in the country of the company's own zone.

    The law of a country is about its own clocks: a place that seems to lie abroad takes the nearest
    zone of the country within `BORDER_KM`, and that of the company when there is none.

    Parameters
    ----------
    lat, lon : float, degrees
    company : ZoneInfo
        The clock of the company.
    """
    name = tzfpy.get_tz(lon, lat)
    country = _country(company.key)
    if _country(name) != country:
        name = next((one for one in _near(lat, lon) if _country(one) == country), company.key)
    return _zone(name)


def country_at(lat: float, lon: float) -> str | None:
    """Return the country of a place, ISO 3166; None at sea."""
    return _country(tzfpy.get_tz(lon, lat))


def client_days(day: date, company: ZoneInfo, zone: ZoneInfo) -> list[date]:
    """Return the days of a client's clock that a day of the company's clock holds parts of."""
    first = clock.local_midnight(day, company).astimezone(zone).date()
    last = clock.at_second(day, DAY_S, company) - timedelta(seconds=1)
    days = (last.astimezone(zone).date() - first).days
    return [first + timedelta(days=n) for n in range(days + 1)]


def on_company_clock(
    windows: Iterable[tuple[date, HourWindow]], day: date, company: ZoneInfo, zone: ZoneInfo
) -> tuple[HourWindow, ...]:
    """Return windows of a client's days as what a day of the company's clock holds of them.

    Windows that touch become one.
    """
    found: list[HourWindow] = []
    for client_day, one in sorted(windows):
        start_s = second_on(day, client_day, one.start_s, company, zone)
        end_s = second_on(day, client_day, one.end_s, company, zone)
        if start_s >= DAY_S or end_s <= 0:  # what is open for one second at midnight is not open
            continue
        window = HourWindow(max(0, start_s), min(DAY_S, end_s))
        if found and window.start_s <= found[-1].end_s + 1:
            window = HourWindow(found[-1].start_s, max(found[-1].end_s, window.end_s))
            found.pop()
        found.append(window)
    return tuple(found)


def second_on(day: date, client_day: date, second_s: int, company: ZoneInfo, zone: ZoneInfo) -> int:
    """Return a second of a client's day as one of a company's day, which it may lie outside of."""
    local = clock.at_second(client_day, second_s, zone).astimezone(company)
    days = (local.date() - day).days
    return days * DAY_S + local.hour * 3600 + local.minute * 60 + local.second


def _near(lat: float, lon: float) -> Iterable[str]:
    step = BORDER_KM / KM_PER_DEGREE
    for north, east in _AROUND:
        yield tzfpy.get_tz(lon + east * step / cos(radians(lat)), lat + north * step)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@cache
def _country(name: str) -> str | None:
    """Return the country of a time zone, by Unicode's table of them; None at sea."""
    territory: str | None = get_global("zone_territories").get(name)
    return territory or NEWER_THAN_THE_TABLE.get(name)
