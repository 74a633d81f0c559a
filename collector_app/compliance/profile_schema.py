"""What a file of a profile may hold, and how each part becomes a rule; the first fault is named."""

import re
from dataclasses import replace
from datetime import date
from typing import Literal

import holidays
import msgspec

from collector_app.compliance.rules import (
    DAY_S,
    AnswerRule,
    CapRule,
    CashRule,
    Channel,
    ConductRule,
    Confidence,
    Counted,
    DeniedKind,
    FineRange,
    ForbiddenRule,
    Ground,
    HolidayRule,
    HoursRule,
    HourWindow,
    IdentificationRule,
    Matter,
    OneChannelRule,
    PenaltyRule,
    Period,
    PersonsRule,
    PlacesRule,
    PressureRule,
    QuietRule,
    ReasonRule,
    RepeatAfter,
    RepeatRule,
    RetentionRule,
    Rule,
    Source,
    WordsRule,
)
from collector_app.portfolio.rules import VisitPlaceKind

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")


class Fault(ValueError):
    """Something in the file is wrong: where, and what was expected there."""

    def __init__(self, place: str, expected: str) -> None:
        """Keep both apart."""
        super().__init__(f"{place}: {expected}")
        self.place = place
        self.expected = expected


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the file: every field checked, none unknown."""


class SourcePart(_Strict, frozen=True):
    """Where a rule comes from."""

    article: str
    text: str
    read_in: str
    confidence: Confidence


class RulePart(_Strict, tag_field="kind", frozen=True):
    """A rule of any kind."""

    id: str
    source: SourcePart


class _ContactPart(RulePart, frozen=True):
    """A rule about contact; without channels it holds for those that its kind is usually about."""

    channels: list[Channel] | None = None


class _Hours(_ContactPart, tag="hours", frozen=True, kw_only=True):
    windows: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], list[str]]


class _Holidays(_ContactPart, tag="holidays", frozen=True, kw_only=True):
    calendar: str
    extra: list[date] = []


class _Cap(_ContactPart, tag="cap", frozen=True, kw_only=True):
    counts: Counted
    most: int
    period: Period
    days: int = 0


class _Quiet(_ContactPart, tag="quiet", frozen=True, kw_only=True):
    hours: int


class _Forbidden(_ContactPart, tag="forbidden", frozen=True, kw_only=True):
    exceptions: list[Ground] = []


class _OneChannel(_ContactPart, tag="one_channel", frozen=True, kw_only=True):
    pass


class _Pressure(RulePart, tag="pressure", frozen=True):
    most: int
    days: int
    weights: dict[Channel, int]


class _Persons(RulePart, tag="persons", frozen=True):
    may_hear: list[Literal["holder", "guarantor", "relative", "employee", "neighbour"]]


class _DeniedKind(_Strict, frozen=True):
    """A kind of place where nobody is visited."""

    kind: VisitPlaceKind
    unless_authorised: bool = False


class _Places(RulePart, tag="places", frozen=True):
    denied: list[str]  # as people read it
    kinds: list[_DeniedKind]  # as routes keep to it
    only_given: bool = False  # none that was found by other means


class _Cash(RulePart, tag="cash", frozen=True):
    may_receive: bool


class _Reason(RulePart, tag="reason", frozen=True):
    may_ask: bool


class _Identification(RulePart, tag="identification", frozen=True):
    duties: list[str]


class _Words(RulePart, tag="words", frozen=True):
    terms: list[str]


class _Retention(RulePart, tag="retention", frozen=True):
    keep_log_months: int = 0
    delete_default_after_months: int = 0


class _Answer(RulePart, tag="answer", frozen=True, kw_only=True):
    """Within how many days something is answered; a calendar only where they are working days."""

    matters: list[Matter]
    days: int
    counts: Literal["working", "calendar"]
    calendar: str = ""


class _Repeat(_Strict, frozen=True):
    """When a fine may be a multiple of itself; without years the law names no limit."""

    after: RepeatAfter
    times: int
    years: int = 0


class _Penalty(RulePart, tag="penalty", frozen=True):
    unit: str
    least: int
    most: int
    repeat: _Repeat | None = None


class _FineRange(_Strict, frozen=True):
    """Between which sums a fine is from a day on."""

    from_on: date
    least_cents: int
    most_cents: int


class _Fine(RulePart, tag="fine", frozen=True):
    """A penalty that the law names in money, and changes from time to time."""

    currency: str
    ranges: list[_FineRange]
    repeat: _Repeat | None = None


class _Conduct(RulePart, tag="conduct", frozen=True):
    pass


AnyRule = (
    _Hours
    | _Holidays
    | _Cap
    | _Quiet
    | _Forbidden
    | _OneChannel
    | _Pressure
    | _Persons
    | _Places
    | _Cash
    | _Reason
    | _Identification
    | _Words
    | _Retention
    | _Answer
    | _Penalty
    | _Fine
    | _Conduct
)


class ProfilePart(_Strict, frozen=True):
    """The whole file: one version of one profile."""

    id: str
    name: str
    country: str
    effective_from: date
    rules: list[AnyRule]


_Limit = HoursRule | HolidayRule | CapRule | QuietRule | ForbiddenRule | OneChannelRule


def rule_of(place: str, rule_id: str, rule: AnyRule) -> Rule:
    """Return the rule that a part of the file stands for.

    Raises
    ------
    Fault
        With the field, and what was expected there.
    """
    stated = rule.source
    source = Source(stated.article, stated.text, stated.read_in, stated.confidence)
    for name in ("article", "text", "read_in"):
        expect(bool(getattr(source, name).strip()), f"{place}.source.{name}", "is empty")
    if isinstance(rule, _Pressure):
        return _pressure(place, rule_id, rule, source)
    if isinstance(rule, _ContactPart):
        return _contact_rule(place, rule_id, rule, source)
    return _duty(place, rule_id, rule, source)


def _contact_rule(place: str, rule_id: str, rule: _ContactPart, source: Source) -> Rule:
    made = _limit(place, rule_id, rule, source)
    if rule.channels is None:
        return made
    expect(bool(rule.channels), f"{place}.channels", "expected at least one")
    return replace(made, channels=frozenset(rule.channels))


def _limit(place: str, rule_id: str, rule: _ContactPart, source: Source) -> _Limit:
    match rule:
        case _Hours():
            return HoursRule(rule_id, source, _week(place, rule))
        case _Holidays():
            known = holidays.list_supported_countries()
            expect(rule.calendar in known, f"{place}.calendar", "expected a country code")
            return HolidayRule(rule_id, source, rule.calendar, frozenset(rule.extra))
        case _Cap():
            return _cap(place, rule_id, rule, source)
        case _Quiet():
            expect(rule.hours >= 1, f"{place}.hours", "expected at least 1")
            return QuietRule(rule_id, source, rule.hours)
        case _Forbidden():
            return ForbiddenRule(rule_id, source, tuple(rule.exceptions))
        case _:
            return OneChannelRule(rule_id, source)


def _duty(place: str, rule_id: str, rule: AnyRule, source: Source) -> Rule:
    match rule:
        case _Persons():
            return PersonsRule(rule_id, source, frozenset(rule.may_hear))
        case _Places():
            denied, kinds = _listed(f"{place}.denied", rule.denied), _kinds(place, rule)
            return PlacesRule(rule_id, source, denied, kinds, rule.only_given)
        case _Cash():
            return CashRule(rule_id, source, rule.may_receive)
        case _Reason():
            return ReasonRule(rule_id, source, rule.may_ask)
        case _Retention() | _Answer() | _Penalty() | _Fine():
            return _figures(place, rule_id, rule, source)
        case _:
            return _wording(place, rule_id, rule, source)


def _kinds(place: str, rule: _Places) -> tuple[DeniedKind, ...]:
    kinds = [one.kind for one in rule.kinds]
    expect(bool(kinds), f"{place}.kinds", "expected at least one")
    expect(len(set(kinds)) == len(kinds), f"{place}.kinds", "expected each kind once")
    return tuple(DeniedKind(one.kind, one.unless_authorised) for one in rule.kinds)


def _wording(place: str, rule_id: str, rule: AnyRule, source: Source) -> Rule:
    match rule:
        case _Identification():
            return IdentificationRule(rule_id, source, _listed(f"{place}.duties", rule.duties))
        case _Words():
            return WordsRule(rule_id, source, _listed(f"{place}.terms", rule.terms))
        case _:
            return ConductRule(rule_id, source)


def _figures(
    place: str, rule_id: str, rule: _Retention | _Answer | _Penalty | _Fine, source: Source
) -> Rule:
    if isinstance(rule, _Retention):
        return _retention(place, rule_id, rule, source)
    if isinstance(rule, _Answer):
        return _answer(place, rule_id, rule, source)
    return _penalty(place, rule_id, rule, source)


def _retention(place: str, rule_id: str, rule: _Retention, source: Source) -> RetentionRule:
    kept, deleted = rule.keep_log_months, rule.delete_default_after_months
    expect(min(kept, deleted) >= 0, place, "expected months, none of them negative")
    expect(max(kept, deleted) > 0, place, "expected at least one of the two limits")
    return RetentionRule(rule_id, source, kept, deleted)


def _answer(place: str, rule_id: str, rule: _Answer, source: Source) -> AnswerRule:
    expect(bool(rule.matters), f"{place}.matters", "expected at least one")
    expect(rule.days >= 1, f"{place}.days", "expected at least 1")
    is_working = rule.counts == "working"
    known = holidays.list_supported_countries()
    fits = rule.calendar in known if is_working else not rule.calendar
    expect(fits, f"{place}.calendar", "expected a country code with working days, else nothing")
    return AnswerRule(
        rule_id, source, frozenset(rule.matters), rule.days, is_working, rule.calendar
    )


def _penalty(place: str, rule_id: str, rule: _Penalty | _Fine, source: Source) -> PenaltyRule:
    repeat = _repeat(place, rule.repeat)
    if isinstance(rule, _Penalty):
        expect(0 <= rule.least <= rule.most, f"{place}.most", "expected at least `least`")
        always = FineRange(date.min, rule.least, rule.most)
        return PenaltyRule(rule_id, source, rule.unit, (always,), repeat=repeat)
    days = [one.from_on for one in rule.ranges]
    in_order = bool(days) and days == sorted(set(days))
    expect(in_order, f"{place}.ranges", "expected days one after the other")
    for i, one in enumerate(rule.ranges):
        at_least = 0 <= one.least_cents <= one.most_cents
        expect(at_least, f"{place}.ranges[{i}].most_cents", "expected at least `least_cents`")
    ranges = tuple(FineRange(one.from_on, one.least_cents, one.most_cents) for one in rule.ranges)
    return PenaltyRule(rule_id, source, rule.currency, ranges, is_money=True, repeat=repeat)


def _repeat(place: str, part: _Repeat | None) -> RepeatRule | None:
    if part is None:
        return None
    expect(part.times >= 2, f"{place}.repeat.times", "expected at least 2")
    expect(part.years >= 0, f"{place}.repeat.years", "expected 0 or more")
    return RepeatRule(part.after, part.times, part.years)


def expect(holds: bool, place: str, expected: str) -> None:
    """Raise a `Fault` unless something holds."""
    if not holds:
        raise Fault(place, expected)


def _cap(place: str, rule_id: str, rule: _Cap, source: Source) -> CapRule:
    expect(rule.most >= 1, f"{place}.most", "expected at least 1")
    is_rolling = rule.period == Period.ROLLING_DAYS
    expect(
        (rule.days >= 1) == is_rolling,
        f"{place}.days",
        "expected at least 1 with rolling_days, nothing with iso_week",
    )
    return CapRule(rule_id, source, rule.counts, rule.most, rule.period, rule.days)


def _pressure(place: str, rule_id: str, rule: _Pressure, source: Source) -> PressureRule:
    expect(rule.days >= 1, f"{place}.days", "expected at least 1")
    expect(bool(rule.weights), f"{place}.weights", "expected at least one channel")
    heaviest = max(rule.weights.values())
    expect(min(rule.weights.values()) >= 1, f"{place}.weights", "expected weights from 1 on")
    expect(rule.most >= heaviest, f"{place}.most", "expected room for the heaviest channel")
    return PressureRule(rule_id, source, rule.most, rule.days, tuple(rule.weights.items()))


def _week(place: str, rule: _Hours) -> tuple[tuple[HourWindow, ...], ...]:
    texts = {str(day): spans for day, spans in rule.windows.items()}
    return tuple(
        tuple(
            _window(f"{place}.windows.{day}[{i}]", text)
            for i, text in enumerate(texts.get(day, []))
        )
        for day in WEEKDAYS
    )


def _window(place: str, text: str) -> HourWindow:
    found = _SPAN.fullmatch(text)
    hour, minute, end_hour, end_minute = map(int, found.groups()) if found else (0, 0, 0, 0)
    window = HourWindow(hour * 3600 + minute * 60, end_hour * 3600 + end_minute * 60)
    expect(
        window.start_s < window.end_s <= DAY_S,
        place,
        f"expected hours such as 07:00-22:00, got {text!r}",
    )
    return window


def _listed(place: str, texts: list[str]) -> tuple[str, ...]:
    expect(bool(texts) and all(text.strip() for text in texts), place, "expected words, none empty")
    return tuple(texts)
