"""For every rule of a profile, something done just inside it and something just outside.

    pairs_of(profile, rule) -> pairs          each pair: what each of the two breaks of that profile

A kind of rule has its builder in `BUILDERS`. A kind that is absent there has no pair, and a file
that uses it is refused by the test.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from collector_app.compliance.rules import (
    DAY_S,
    Block,
    CapRule,
    CashRule,
    Channel,
    ContactFacts,
    Counted,
    ForbiddenRule,
    HolidayRule,
    HoursRule,
    OneChannelRule,
    PenaltyRule,
    Period,
    PersonsRule,
    PlacesRule,
    PressureRule,
    Profile,
    QuietRule,
    ReasonRule,
    RepeatAfter,
    RepeatRule,
    Rule,
    Touch,
    WordsRule,
    decide,
    fact_blocks,
    holiday_name,
    reason_blocks,
    word_blocks,
)
from collector_app.core import clock
from collector_app.payments.rules import IN_HAND, PaymentMethod
from collector_app.portfolio.rules import AddressOrigin, VisitedPlace, VisitPlaceKind
from collector_app.violations.rules import (
    Fault,
    exposures,
    law_broken,
    payment_blocks,
    prices,
    rules_broken,
)
from collector_app.visits.rules import PersonMet

ZONE = ZoneInfo("America/Mexico_City")
MONDAY = date(2026, 6, 1)
NOON_S = 12 * 3600
DAY = timedelta(days=1)
YEARS = (2026, 2027)


@dataclass(frozen=True, slots=True)
class Pair:
    """What is broken just inside a rule (by it: nothing), and just outside (that rule)."""

    name: str
    inside: tuple[Block, ...]
    outside: tuple[Block, ...]


def pairs_of(profile: Profile, rule: Rule) -> list[Pair]:
    """Return the pairs of a rule; at least one for each of its edges."""
    return list(BUILDERS[type(rule)](profile, rule))


def _hours(profile: Profile, rule: HoursRule) -> Iterator[Pair]:
    for channel in sorted(rule.channels):
        for day in _plain_week(profile):
            windows = rule.windows[day.weekday()]
            for window in windows:
                for edge_s, beyond_s in (
                    (window.start_s, window.start_s - 1),
                    (window.end_s, window.end_s + 1),
                ):
                    if 0 <= beyond_s <= DAY_S:
                        yield Pair(
                            f"{channel} {day:%a} {edge_s}",
                            _at(profile, day, edge_s, channel),
                            _at(profile, day, beyond_s, channel),
                        )
            if not windows:
                open_day = _day_near(day, lambda one: bool(rule.windows[one.weekday()]))
                inside_s = rule.windows[open_day.weekday()][0].start_s
                yield Pair(
                    f"{channel} {day:%a}",
                    _at(profile, open_day, inside_s, channel),
                    _at(profile, day, inside_s, channel),
                )


def _holidays(profile: Profile, rule: HolidayRule) -> Iterator[Pair]:
    first = date(YEARS[0], 1, 1)
    days = [first + n * DAY for n in range((date(YEARS[-1] + 1, 1, 1) - first).days)]
    resting = [one for one in days if holiday_name(rule.calendar, one) or one in rule.extra]
    for channel in sorted(rule.channels):
        for day in resting:
            near = _day_near(day, lambda one: one not in resting and one.year in YEARS)
            yield Pair(
                f"{channel} {day}",
                _at(profile, near, NOON_S, channel),
                _at(profile, day, NOON_S, channel),
            )


def _caps(profile: Profile, rule: CapRule) -> Iterator[Pair]:
    is_weekly = rule.period is Period.ISO_WEEK
    day = MONDAY + 6 * DAY if is_weekly else MONDAY + 60 * DAY
    first = MONDAY if is_weekly else day - (rule.days - 1) * DAY
    for wanted in sorted(rule.channels):
        for done in sorted(rule.channels):
            most = [_touch(first, done, is_contact=True)] * rule.most
            forgotten = [*most[1:], _touch(first - DAY, done, is_contact=True)]
            outside = _after(profile, most, day, wanted)
            yield Pair(f"{wanted} {done}", _after(profile, most[1:], day, wanted), outside)
            yield Pair(f"{wanted} {done} before", _after(profile, forgotten, day, wanted), outside)
            attempts = [_touch(first, done, is_contact=False)] * rule.most
            if rule.counts is Counted.CONTACTS:
                inside = _after(profile, attempts, day, wanted)
                yield Pair(f"{wanted} {done} unanswered", inside, outside)


def _quiet(profile: Profile, rule: QuietRule) -> Iterator[Pair]:
    rested = MONDAY + 40 * DAY
    for wanted in sorted(rule.channels):
        for done in sorted(rule.channels):
            contact = _instant(rested, NOON_S) - timedelta(hours=rule.hours)
            history = [Touch(contact, is_contact=True, channel=done)]
            outside = _at(profile, rested, NOON_S - 1, wanted, history)
            attempt = [Touch(contact, is_contact=False, channel=done)]
            yield Pair(f"{wanted} {done}", _at(profile, rested, NOON_S, wanted, history), outside)
            inside = _at(profile, rested, NOON_S - 1, wanted, attempt)
            yield Pair(f"{wanted} {done} unanswered", inside, outside)


def _one_channel(profile: Profile, rule: OneChannelRule) -> Iterator[Pair]:
    friday = MONDAY + 4 * DAY
    for done in sorted(rule.channels):
        for wanted in sorted(rule.channels - {done}):
            this_week = [_touch(MONDAY, done, is_contact=True)]
            week_before = [_touch(MONDAY - DAY, done, is_contact=True)]
            outside = _after(profile, this_week, friday, wanted)
            yield Pair(f"{done} twice", _after(profile, this_week, friday, done), outside)
            yield Pair(f"{done} {wanted}", _after(profile, week_before, friday, wanted), outside)


def _pressure(profile: Profile, rule: PressureRule) -> Iterator[Pair]:
    weights = dict(rule.weights)
    lightest = min(weights, key=lambda one: weights[one])
    day = MONDAY + 90 * DAY
    first = day - (rule.days - 1) * DAY
    for wanted, weight in rule.weights:
        room = (rule.most - weight) // weights[lightest]
        full = [_touch(first, lightest)] * room
        over = [*full, _touch(first, lightest)]
        forgotten = [*full, _touch(first - DAY, lightest)]
        outside = _after(profile, over, day, wanted)
        yield Pair(wanted, _after(profile, full, day, wanted), outside)
        yield Pair(f"{wanted} before", _after(profile, forgotten, day, wanted), outside)


def _forbidden(profile: Profile, rule: ForbiddenRule) -> Iterator[Pair]:
    for channel in sorted(rule.channels):
        outside = _at(profile, MONDAY, NOON_S, channel)
        for free in sorted(set(Channel) - rule.channels):
            yield Pair(f"{channel} not {free}", _at(profile, MONDAY, NOON_S, free), outside)
        for ground in rule.exceptions:
            lifted = ContactFacts(ZONE, overridden=frozenset({rule.id}))
            inside = decide(profile, lifted, MONDAY, NOON_S, channel).blocks
            yield Pair(f"{channel} {ground}", inside, outside)


def _places(profile: Profile, rule: PlacesRule) -> Iterator[Pair]:
    denied = {one.kind: one for one in rule.kinds}
    free = sorted(set(VisitPlaceKind) - denied.keys())
    for kind, denial in denied.items():
        outside = _visited(profile, VisitedPlace(kind, is_authorised=False))
        yield Pair(f"{kind} unknown", _visited(profile, None), outside)
        for other in free:
            near = _visited(profile, VisitedPlace(other, is_authorised=False))
            yield Pair(f"{kind} {other}", near, outside)
        authorised = _visited(profile, VisitedPlace(kind, is_authorised=True))
        if denial.unless_authorised:
            yield Pair(f"{kind} authorised", authorised, outside)
        else:
            yield Pair(f"{kind} never", _visited(profile, None), authorised)
        call = ContactFacts(ZONE, place=VisitedPlace(kind, is_authorised=False))
        called = decide(profile, call, MONDAY, NOON_S, Channel.CALL).blocks
        yield Pair(f"{kind} called", called, outside)
    if rule.is_only_given:
        yield from _origins(profile)


def _origins(profile: Profile) -> Iterator[Pair]:
    found = VisitedPlace(None, is_authorised=False, origin=AddressOrigin.FOUND)
    outside = _visited(profile, found)
    for origin in (None, AddressOrigin.CLIENT, AddressOrigin.CONTRACT):
        yield Pair(f"found {origin}", _visited(profile, found._replace(origin=origin)), outside)
    yield Pair("found authorised", _visited(profile, found._replace(is_authorised=True)), outside)
    call = ContactFacts(ZONE, place=found)
    yield Pair("found called", decide(profile, call, MONDAY, NOON_S, Channel.CALL).blocks, outside)


def _persons(profile: Profile, rule: PersonsRule) -> Iterator[Pair]:
    for person in PersonMet:
        if person.value in rule.may_hear or person is PersonMet.NOBODY:
            continue
        for hearer in sorted(rule.may_hear):
            yield Pair(
                f"{person.value} {hearer}", _spoken(profile, hearer), _spoken(profile, person.value)
            )
        silent = _spoken(profile, person.value, talked=False)
        yield Pair(f"{person.value} silent", silent, _spoken(profile, person.value))


def _cash(profile: Profile, rule: CashRule) -> Iterator[Pair]:
    for in_hand in sorted(IN_HAND):
        for other in sorted(set(PaymentMethod) - IN_HAND):
            yield Pair(
                f"{in_hand} {other}",
                payment_blocks(profile, other),
                payment_blocks(profile, in_hand),
            )


def _reason(profile: Profile, rule: ReasonRule) -> Iterator[Pair]:
    yield Pair("asked", reason_blocks(_without(profile, rule)), reason_blocks(profile))


def _words(profile: Profile, rule: WordsRule) -> Iterator[Pair]:
    for term in rule.terms:
        outside = word_blocks(profile, f"Le avisamos:  {term.upper()}, desde mañana")
        yield Pair(f"{term} within", word_blocks(profile, f"La palabra x{term}x"), outside)
        yield Pair(f"{term} cut", word_blocks(profile, f"Le avisamos: {term[:-1]}"), outside)


def _penalty(profile: Profile, rule: PenaltyRule) -> Iterator[Pair]:
    own = Block(f"{profile.id}.any", "", "hours")
    house = Block("house.any", "", "hours")
    yield Pair("fault", _punished(profile, house), _punished(profile, own))
    any_rule = frozenset({f"{profile.id}.any"})
    if (first := rule.ranges[0].from_on) > date.min:
        yield Pair(
            "first sum",
            _fined(profile, Fault(first - DAY, any_rule)),
            _fined(profile, Fault(first, any_rule)),
        )
    if rule.repeat:
        yield from _repeats(replace(profile, rules=(rule,)), rule.repeat)


def _repeats(alone: Profile, repeat: RepeatRule) -> Iterator[Pair]:
    """Pairs of a profile of one penalty: not repeated, and repeated."""
    any_rule, other = frozenset({f"{alone.id}.any"}), frozenset({f"{alone.id}.other"})

    def fined(day: date, broken: frozenset[str] = any_rule) -> tuple[Block, ...]:
        before = Fault(MONDAY, any_rule, is_asked=False)
        if repeat.after is RepeatAfter.FAULT:
            return _fined(alone, before, Fault(day, broken), repeated=True)
        return _fined(alone, Fault(day, broken), sanctioned_on=[MONDAY], repeated=True)

    if repeat.after is RepeatAfter.FAULT:
        yield Pair("same rule", fined(MONDAY + DAY, other), fined(MONDAY + DAY))
    else:
        yield Pair("after the fine", fined(MONDAY), fined(MONDAY + DAY))
    if repeat.years:
        last = clock.months_after(MONDAY, 12 * repeat.years)
        yield Pair("years", fined(last + DAY), fined(last))


BUILDERS: dict[type[Rule], Callable[[Profile, Rule], Iterator[Pair]]] = {
    HoursRule: _hours,
    HolidayRule: _holidays,
    CapRule: _caps,
    QuietRule: _quiet,
    OneChannelRule: _one_channel,
    PressureRule: _pressure,
    ForbiddenRule: _forbidden,
    PlacesRule: _places,
    PersonsRule: _persons,
    CashRule: _cash,
    ReasonRule: _reason,
    WordsRule: _words,
    PenaltyRule: _penalty,
}


def _at(
    profile: Profile, day: date, second_s: int, channel: Channel, history: Iterable[Touch] = ()
) -> tuple[Block, ...]:
    return decide(profile, ContactFacts(ZONE, tuple(history)), day, second_s, channel).blocks


def _visited(profile: Profile, place: VisitedPlace | None) -> tuple[Block, ...]:
    return decide(profile, ContactFacts(ZONE, place=place), MONDAY, NOON_S).blocks


def _after(
    profile: Profile, history: Iterable[Touch], day: date, channel: Channel
) -> tuple[Block, ...]:
    return _at(profile, day, NOON_S, channel, history)


def _spoken(profile: Profile, person: str, *, talked: bool = True) -> tuple[Block, ...]:
    facts = ContactFacts(ZONE)
    return fact_blocks(profile, facts, _instant(MONDAY, NOON_S), person, talked=talked)


def _punished(profile: Profile, block: Block) -> tuple[Block, ...]:
    law = law_broken([block])
    return _fined(profile, Fault(MONDAY, rules_broken(law, [block.rule_id]))) if law else ()


def _fined(
    profile: Profile, *faults: Fault, sanctioned_on: Iterable[date] = (), repeated: bool = False
) -> tuple[Block, ...]:
    """Return the penalties that have a sum for faults; or those of them that count as repeated."""
    found = exposures(prices(profile, faults, sanctioned_on=tuple(sanctioned_on)))
    return tuple(
        Block(one.penalty.id, one.penalty.source.article, "penalty")
        for one in found
        if one.fine and (one.repeated or not repeated)
    )


def _without(profile: Profile, rule: Rule) -> Profile:
    return replace(profile, rules=tuple(one for one in profile.rules if one is not rule))


def _plain_week(profile: Profile) -> list[date]:
    """Return a day without holiday for each weekday."""
    calendars = [one for one in profile.rules if isinstance(one, HolidayRule)]

    def is_plain(day: date) -> bool:
        return not any(holiday_name(one.calendar, day) or day in one.extra for one in calendars)

    weeks = [MONDAY + n * DAY for n in range(60)]
    return [
        next(day for day in weeks if day.weekday() == weekday and is_plain(day))
        for weekday in range(7)
    ]


def _day_near(day: date, fits: Callable[[date], bool]) -> date:
    """Return the day nearest to one that fits, later ones first."""
    around = (day + sign * n * DAY for n in range(1, 40) for sign in (1, -1))
    return next(one for one in around if fits(one))


def _touch(day: date, channel: Channel, *, is_contact: bool = False) -> Touch:
    return Touch(_instant(day, NOON_S), is_contact, channel)


def _instant(day: date, second_s: int) -> datetime:
    return clock.at_second(day, second_s, ZONE)
