"""Reads the compliance profiles from YAML, and refuses a faulty one by file and field."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Literal

import holidays
import msgspec

from collector_app.compliance.rules import (
    DAY_S,
    CapRule,
    ConductRule,
    Confidence,
    Counted,
    ForbiddenRule,
    HolidayRule,
    HoursRule,
    HourWindow,
    Period,
    Profile,
    QuietRule,
    Rule,
    Source,
)
from collector_app.core.errors import CollectorError, NotFound

FOLDER = Path(__file__).parent / "profiles"
HOUSE = "house"  # holds beside whichever law is chosen
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")


class InvalidProfile(CollectorError):
    """A profile can't be used: `file` and `place` say where, `expected` what would be right."""

    code = "invalid_profile"

    def __init__(self, file: str, place: str, expected: str) -> None:
        """Name the file, the field and what was expected there."""
        super().__init__(f"{file}: {place}: {expected}", file=file, place=place, expected=expected)


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the file: every field checked, none unknown."""


class _Source(_Strict, frozen=True):
    article: str
    text: str
    read_in: str
    confidence: Confidence


class _Rule(_Strict, tag_field="kind", frozen=True):
    id: str
    source: _Source


class _Hours(_Rule, tag="hours", frozen=True):
    windows: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], list[str]]


class _Holidays(_Rule, tag="holidays", frozen=True):
    calendar: str


class _Cap(_Rule, tag="cap", frozen=True):
    counts: Counted
    most: int
    period: Period
    days: int = 0


class _Quiet(_Rule, tag="quiet", frozen=True):
    hours: int


class _Forbidden(_Rule, tag="forbidden", frozen=True):
    pass


class _Conduct(_Rule, tag="conduct", frozen=True):
    pass


_AnyRule = _Hours | _Holidays | _Cap | _Quiet | _Forbidden | _Conduct


class _File(_Strict, frozen=True):
    id: str
    name: str
    country: str
    rules: list[_AnyRule]


@cache
def law_profiles() -> dict[str, Profile]:
    """Return the profiles of law that may be chosen, by id.

    Raises
    ------
    InvalidProfile
        With the place of the first fault in any of the files.
    """
    profiles = (read_profile(path) for path in sorted(FOLDER.glob("*.yaml")))
    return {profile.id: profile for profile in profiles if profile.id != HOUSE}


@cache
def house_rules() -> Profile:
    """Return the rules of the company, which hold beside the law."""
    return read_profile(FOLDER / f"{HOUSE}.yaml")


def law_profile(profile_id: str) -> Profile:
    """Return one profile of law.

    Raises
    ------
    NotFound
        If there is none of that id.
    """
    try:
        return law_profiles()[profile_id]
    except KeyError:
        message = f"no compliance profile {profile_id!r}"
        raise NotFound(message) from None


def read_profile(path: Path) -> Profile:
    """Read and check one file.

    Raises
    ------
    InvalidProfile
        With the file, the field and what was expected there.
    """
    content = path.read_bytes()
    try:
        file = msgspec.yaml.decode(content, type=_File)
    except msgspec.DecodeError as error:
        expected, _, place = str(error).partition(" - at ")
        # msgspec ends with "at `$.rules[0].source`", or "at `key` in `$.rules[0].windows`".
        field = place.rpartition("$")[2].strip("`.") or "file"
        raise InvalidProfile(path.name, field, expected) from error
    _expect(file.id == path.stem, path, "id", f"expected {path.stem!r} as the file is called")
    seen: set[str] = set()
    rules = []
    for i, rule in enumerate(file.rules):
        place = f"rules[{i}]"
        _expect(rule.id not in seen, path, f"{place}.id", f"{rule.id!r} is repeated")
        seen.add(rule.id)
        rules.append(_rule(path, place, f"{file.id}.{rule.id}", rule))
    version = hashlib.sha256(content).hexdigest()[:12]
    return Profile(file.id, file.name, file.country, version, tuple(rules))


def _rule(path: Path, place: str, rule_id: str, rule: _AnyRule) -> Rule:
    source = Source(
        rule.source.article, rule.source.text, rule.source.read_in, rule.source.confidence
    )
    for name in ("article", "text", "read_in"):
        _expect(bool(getattr(source, name).strip()), path, f"{place}.source.{name}", "is empty")
    match rule:
        case _Hours():
            return HoursRule(rule_id, source, _week(path, place, rule))
        case _Holidays():
            known = holidays.list_supported_countries()
            _expect(rule.calendar in known, path, f"{place}.calendar", "expected a country code")
            return HolidayRule(rule_id, source, rule.calendar)
        case _Cap():
            return _cap(path, place, rule_id, rule, source)
        case _Quiet():
            _expect(rule.hours >= 1, path, f"{place}.hours", "expected at least 1")
            return QuietRule(rule_id, source, rule.hours)
        case _Forbidden():
            return ForbiddenRule(rule_id, source)
        case _Conduct():
            return ConductRule(rule_id, source)


def _cap(path: Path, place: str, rule_id: str, rule: _Cap, source: Source) -> CapRule:
    _expect(rule.most >= 1, path, f"{place}.most", "expected at least 1")
    is_rolling = rule.period == Period.ROLLING_DAYS
    _expect(
        (rule.days >= 1) == is_rolling,
        path,
        f"{place}.days",
        "expected at least 1 with rolling_days, nothing with iso_week",
    )
    return CapRule(rule_id, source, rule.counts, rule.most, rule.period, rule.days)


def _week(path: Path, place: str, rule: _Hours) -> tuple[tuple[HourWindow, ...], ...]:
    texts = {str(day): spans for day, spans in rule.windows.items()}
    return tuple(
        tuple(
            _window(path, f"{place}.windows.{day}[{i}]", text)
            for i, text in enumerate(texts.get(day, []))
        )
        for day in WEEKDAYS
    )


def _window(path: Path, place: str, text: str) -> HourWindow:
    found = _SPAN.fullmatch(text)
    hour, minute, end_hour, end_minute = map(int, found.groups()) if found else (0, 0, 0, 0)
    window = HourWindow(hour * 3600 + minute * 60, end_hour * 3600 + end_minute * 60)
    _expect(
        window.start_s < window.end_s <= DAY_S,
        path,
        place,
        f"expected hours such as 07:00-22:00, got {text!r}",
    )
    return window


def _expect(holds: bool, path: Path, place: str, expected: str) -> None:
    if not holds:
        raise InvalidProfile(path.name, place, expected)
