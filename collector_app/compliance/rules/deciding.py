"""Whether one client may be contacted on a day, and every rule that says no."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import NamedTuple
from zoneinfo import ZoneInfo

from collector_app.compliance.rules.client_zone import client_days, on_company_clock, second_on
from collector_app.compliance.rules.creditors import CreditorLaw
from collector_app.compliance.rules.profile import (
    CapRule,
    Channel,
    ContactRule,
    Counted,
    ForbiddenRule,
    HolidayRule,
    HoursRule,
    HourWindow,
    OneChannelRule,
    Period,
    PlacesRule,
    PressureRule,
    Profile,
    QuietRule,
    Rule,
)
from collector_app.compliance.rules.sources import Source
from collector_app.compliance.rules.windows import DAY_S, holiday_of, meet, rule_windows
from collector_app.core import clock
from collector_app.portfolio.rules import VisitedPlace

BAN_RULE = "contact_ban"
HOUSE_PREFIX = "house."
NOON_S = DAY_S // 2


class Touch(NamedTuple):
    """Something that was tried: when, over which channel, and whether it was a contact."""

    at: datetime
    is_contact: bool = False
    channel: Channel = Channel.VISIT


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What was done to a client before, and where their clock is.

    Attributes
    ----------
    zone : ZoneInfo
        Time zone of the client: legal hours are those of the client's clock.
    history : tuple of Touch
        What was tried before over any channel, in any order.
    ban : str or None
        Reason of a ban on contact in force that day.
    wishes : tuple of HoursRule
        Hours to which the client asked us in writing to keep.
    overridden : frozenset of str
        Ids of the rules that somebody lifted for this client that day (see `may_override`).
    place : VisitedPlace or None
        What kind of place they are visited at, and who told of it; None when nobody knows.
    asked_in : ZoneInfo or None
        The clock in which days and seconds are asked and answered, that of the company; None means
        the client's own.
    creditors : CreditorLaw or None
        The law of those to whom the client owes, which holds beside that of the house.
    """

    zone: ZoneInfo
    history: tuple[Touch, ...] = ()
    ban: str | None = None
    wishes: tuple[HoursRule, ...] = ()
    overridden: frozenset[str] = frozenset()
    place: VisitedPlace | None = None
    asked_in: ZoneInfo | None = None
    creditors: CreditorLaw | None = None

    @property
    def company_zone(self) -> ZoneInfo | None:
        """Return the clock that days are asked in, when it is another than the client's."""
        return None if self.asked_in in (None, self.zone) else self.asked_in


@dataclass(frozen=True, slots=True)
class Block:
    """A rule that forbids: its id, its article, and the figures for its sentence.

    ``sentence`` is the key of the sentence that people read; `facts` fill it, and ``creditors``
    among them names those whose law it is.
    """

    rule_id: str
    article: str
    sentence: str
    facts: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a visit is allowed, in which windows of the day, and what forbids the rest."""

    allowed: bool
    blocks: tuple[Block, ...]
    windows: tuple[HourWindow, ...]


@dataclass(frozen=True, slots=True)
class CapLeft:
    """How often a client may still be sought on a day under one cap; `spent` is said at none."""

    rule: CapRule
    left: int
    spent: Block


def decide(
    profile: Profile,
    facts: ContactFacts,
    day: date,
    second_s: int | None = None,
    channel: Channel = Channel.VISIT,
) -> Decision:
    """Decide about a contact on a local day, at a second of it or at any.

    Parameters
    ----------
    second_s : int, seconds since local midnight, optional
        Without it the question is whether any moment of the day is allowed.
    channel : Channel
        How the client would be reached.

    Returns
    -------
    Decision
        ``blocks`` names every rule that forbids the day, or that moment of it; ``windows`` is what
        all rules together leave open. A day can be forbidden without a block of a single rule when
        the windows of several rules never meet: each of them is then named. Where the client lives
        on another clock, their own days decide, and windows are told on the clock asked in.
    """
    if (company := facts.company_zone) is not None:
        return _decide_elsewhere(profile, facts, day, second_s, channel, company)
    return _decide_here(profile, facts, day, second_s, channel)


def _decide_elsewhere(
    profile: Profile,
    facts: ContactFacts,
    day: date,
    second_s: int | None,
    channel: Channel,
    company: ZoneInfo,
) -> Decision:
    """Decide on the client's clock about a moment, or a day, of the company's."""
    days = {
        one: _decide_here(profile, facts, one, None, channel)
        for one in client_days(day, company, facts.zone)
    }
    opened = ((one, window) for one, found in days.items() for window in found.windows)
    windows = on_company_clock(opened, day, company, facts.zone)
    asked_s = NOON_S if second_s is None else second_s
    local = clock.at_second(day, asked_s, company).astimezone(facts.zone)
    local_s = clock.second_of_day(local, facts.zone)
    at = _decide_here(profile, facts, local.date(), local_s, channel)
    if second_s is not None:
        return Decision(at.allowed, at.blocks, windows)
    blocks = () if windows else at.blocks or days[local.date()].blocks
    return Decision(bool(windows), blocks, windows)


def _decide_here(
    profile: Profile, facts: ContactFacts, day: date, second_s: int | None, channel: Channel
) -> Decision:
    """Decide about a day of the client's own clock."""
    rules = _rules_for(profile, facts, channel)
    day_blocks = [_day_block(rule, facts, day, channel) for rule in rules]
    is_open = facts.ban is None and not any(day_blocks)
    windows: tuple[HourWindow, ...] = (HourWindow(0, DAY_S),) if is_open else ()
    blocks = []
    for rule, day_block in zip(rules, day_blocks, strict=True):
        rule_open = _windows(rule, facts, day)
        windows = meet(windows, rule_open)
        if day_block:
            blocks.append(day_block)
        elif second_s is not None and not _is_inside(second_s, rule_open):
            blocks.append(_hours_block(rule, day))
    if facts.ban is not None:
        blocks.append(Block(BAN_RULE, "", "banned", {"reason": facts.ban}))
    if not blocks and not windows:
        blocks = [_hours_block(rule, day) for rule in rules if _limits_hours(rule)]
    return Decision(allowed=not blocks, blocks=tuple(blocks), windows=windows)


def turning_points_s(
    profile: Profile, facts: ContactFacts, day: date, channel: Channel = Channel.VISIT
) -> tuple[int, ...]:
    """Return the seconds of a local day from which on a decision may be another, 0 and `DAY_S` too.

    All seconds from one of them until just before the next are decided alike.
    """
    if (company := facts.company_zone) is None:
        return tuple(sorted(_points_of_day(profile, facts, day, channel)))
    found = {0, DAY_S}
    for own in client_days(day, company, facts.zone):
        for second_s in _points_of_day(profile, facts, own, channel):
            found.add(second_on(day, own, second_s, company, facts.zone))
    return tuple(sorted(second for second in found if 0 <= second <= DAY_S))


def _points_of_day(profile: Profile, facts: ContactFacts, day: date, channel: Channel) -> set[int]:
    found = {0, DAY_S}
    for rule in _rules_for(profile, facts, channel):
        for window in _windows(rule, facts, day):
            found |= {window.start_s, window.end_s + 1}
    return {second for second in found if second <= DAY_S}


def caps_left(
    profile: Profile, facts: ContactFacts, day: date, channel: Channel = Channel.VISIT
) -> tuple[CapLeft, ...]:
    """Return what each cap still allows on a day, none below 0."""
    if (company := facts.company_zone) is not None:
        day = clock.at_second(day, NOON_S, company).astimezone(facts.zone).date()
    return tuple(
        CapLeft(
            rule,
            max(0, rule.most - _count(rule, facts, day)),
            _cap_block(rule, max(rule.most, _count(rule, facts, day))),
        )
        for rule in _rules_for(profile, facts, channel)
        if isinstance(rule, CapRule)
    )


def may_override(rule: Rule, ground: str | None) -> bool:
    """Tell whether a rule may be lifted for one client.

    Rules of the company may, on any ground. Of the law's only a ban on visits that names
    exceptions, and only on one of them; nobody lifts hours, holidays or limits of the law.
    """
    if isinstance(rule, ForbiddenRule):
        return ground in rule.exceptions
    return rule.id.startswith(HOUSE_PREFIX) and isinstance(rule, ContactRule)


def liftable(profile: Profile) -> tuple[tuple[Rule, str | None], ...]:
    """Return what may be lifted for one client: each rule with its ground; None: any."""
    return tuple(
        (rule, ground)
        for rule in profile.rules
        for ground in (rule.exceptions if isinstance(rule, ForbiddenRule) else (None,))
        if may_override(rule, ground)
    )


def _rules_for(profile: Profile, facts: ContactFacts, channel: Channel) -> tuple[ContactRule, ...]:
    more = () if facts.creditors is None else facts.creditors.rules_beside(profile)
    kept = (rule for rule in (*profile.rules, *more) if rule.id not in facts.overridden)
    governing = (
        rule
        for rule in (*kept, *facts.wishes)
        if isinstance(rule, ContactRule) and channel in rule.channels
    )
    return tuple(governing)


def _windows(rule: ContactRule, facts: ContactFacts, day: date) -> tuple[HourWindow, ...]:
    if isinstance(rule, QuietRule):
        start_s = _quiet_until_s(rule, facts, day)
        return (HourWindow(start_s, DAY_S),) if start_s <= DAY_S else ()
    return rule_windows(rule, day)


def _day_block(rule: ContactRule, facts: ContactFacts, day: date, channel: Channel) -> Block | None:
    """Return the block of a rule that leaves nothing of the day open, if it does."""
    match rule:
        case ForbiddenRule():
            return _block(rule.id, rule.source, "forbidden")
        case PlacesRule() if denial := rule.denial_of(facts.place):
            sentence = "place_unauthorised" if denial.unless_authorised else "place"
            return _block(rule.id, rule.source, sentence, place=denial.kind.value)
        case PlacesRule() if rule.denies_origin(facts.place):
            return _block(rule.id, rule.source, "place_not_given")
        case HolidayRule() if name := holiday_of(rule, day):
            return _block(rule.id, rule.source, "holiday", holiday=name, day=day.isoformat())
        case HoursRule() if not rule.windows[day.weekday()]:
            return _block(rule.id, rule.source, "weekday", weekday=day.weekday())
    return _block_of_history(rule, facts, day, channel)


def _block_of_history(
    rule: ContactRule, facts: ContactFacts, day: date, channel: Channel
) -> Block | None:
    """Return the block of a rule about what was done before, if it leaves nothing open."""
    match rule:
        case QuietRule() if _quiet_until_s(rule, facts, day) > DAY_S:
            return _block(rule.id, rule.source, "quiet", hours=rule.hours)
        case OneChannelRule() if other := _other_channel(rule, facts, day, channel):
            return _block(rule.id, rule.source, "one_channel", channel=other.value)
        case PressureRule() if _after(rule, facts, day, channel) > rule.most:
            done = pressure(rule, facts, day)
            return _block(
                rule.id, rule.source, "pressure", done=done, most=rule.most, days=rule.days
            )
        case CapRule() if (done := _count(rule, facts, day)) >= rule.most:
            return _cap_block(rule, done)
    return None


def _cap_block(rule: CapRule, done: int) -> Block:
    sentence = f"cap_{rule.period.value}_{rule.counts.value}"
    return _block(rule.id, rule.source, sentence, done=done, most=rule.most, days=rule.days)


def _hours_block(rule: ContactRule, day: date) -> Block:
    if isinstance(rule, QuietRule):
        return _block(rule.id, rule.source, "quiet", hours=rule.hours)
    return _block(rule.id, rule.source, "hours", weekday=day.weekday())


def _block(rule_id: str, source: Source, sentence: str, **facts: str | int) -> Block:
    return block_of(rule_id, source, sentence, facts)


def block_of(rule_id: str, source: Source, sentence: str, facts: Mapping[str, str | int]) -> Block:
    """Return the block of a rule; ``creditors`` are named in its facts where the law is theirs."""
    whose = {"creditors": ", ".join(source.creditors)} if source.creditors else {}
    return Block(rule_id, source.article, sentence, {**facts, **whose})


def _limits_hours(rule: ContactRule) -> bool:
    return isinstance(rule, HoursRule | QuietRule)


def _is_inside(second_s: int, windows: tuple[HourWindow, ...]) -> bool:
    return any(window.start_s <= second_s <= window.end_s for window in windows)


def pressure(rule: PressureRule, facts: ContactFacts, day: date) -> int:
    """Return the points of what was done to a client in the days that count, the day included."""
    weights, first = dict(rule.weights), day - timedelta(days=rule.days - 1)
    return sum(
        weights.get(one.channel, 0)
        for one in facts.history
        if first <= one.at.astimezone(facts.zone).date() <= day
    )


def _after(rule: PressureRule, facts: ContactFacts, day: date, channel: Channel) -> int:
    """Return the points that there would be after one more contact over a channel."""
    return pressure(rule, facts, day) + dict(rule.weights)[channel]


def _count(rule: CapRule, facts: ContactFacts, day: date) -> int:
    days = [
        one.at.astimezone(facts.zone).date()
        for one in facts.history
        if one.channel in rule.channels and (one.is_contact or rule.counts == Counted.ATTEMPTS)
    ]
    if rule.period == Period.ISO_WEEK:
        return sum(one.isocalendar()[:2] == day.isocalendar()[:2] for one in days)
    first = day - timedelta(days=rule.days - 1)
    return sum(first <= one <= day for one in days)


def _other_channel(
    rule: OneChannelRule, facts: ContactFacts, day: date, channel: Channel
) -> Channel | None:
    """Return another channel over which the client was reached in the week of that day."""
    week = day.isocalendar()[:2]
    reached = (
        one.channel
        for one in facts.history
        if one.is_contact
        and one.channel in rule.channels
        and one.at.astimezone(facts.zone).date().isocalendar()[:2] == week
    )
    return next((one for one in reached if one is not channel), None)


def _quiet_until_s(rule: QuietRule, facts: ContactFacts, day: date) -> int:
    """Return from which second of the day the client may be visited again; beyond it if never.

    Real hours: on the day the clocks change, 24 hours after 15:00 is not 15:00.
    """
    before = [
        one.at
        for one in facts.history
        if one.is_contact
        and one.channel in rule.channels
        and one.at.astimezone(facts.zone).date() <= day
    ]
    if not before:
        return 0
    until = max(before).astimezone(UTC) + timedelta(hours=rule.hours)
    local = until.astimezone(facts.zone)
    if local.date() != day:
        return 0 if local.date() < day else DAY_S + 1
    second_s = local.hour * 3600 + local.minute * 60 + local.second + bool(local.microsecond)
    # In the hour that the clocks show twice, a second of the day stands for its first showing.
    short_s = (until - _instant(day, second_s, facts.zone)).total_seconds()
    return second_s + max(0, ceil(short_s))


def _instant(day: date, second_s: int, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, time.min) + timedelta(seconds=second_s)
    return local.replace(tzinfo=zone).astimezone(UTC)
