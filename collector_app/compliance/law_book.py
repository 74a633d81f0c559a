"""The law of a span of days, read at once: who asks about each day of it asks no database."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from collector_app.compliance.creditor_book import CreditorBook, read_creditors
from collector_app.compliance.models import ContactBan, ContactWish, ProfileChoice, RuleOverride
from collector_app.compliance.profile_files import house_rules, law_profile
from collector_app.compliance.queries import DEFAULT_PROFILE, client_zones
from collector_app.compliance.rules import (
    ClientTerms,
    CreditorLaw,
    Profile,
    beside,
    combine,
    had_begun,
    wish_rule,
)
from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.portfolio.queries import ToldPlace, place_words, visited_place

Decided = TypeVar("Decided", ContactBan, ContactWish, RuleOverride)
Lasting = TypeVar("Lasting", ContactBan, ContactWish)
ByClient = dict[int, list[Decided]]


@dataclass(frozen=True, slots=True)
class DayLaw:
    """What decides on one day whether a client may be contacted, beside what was done to them.

    ``profile`` holds the rules of the law, of the house, and of those to whom the client owes.
    """

    profile: Profile
    ban: str | None
    terms: ClientTerms


@dataclass(frozen=True, slots=True)
class LawBook:
    """What somebody decided for some days about some clients, and where these are visited.

    Attributes
    ----------
    chosen : sequence of (date, datetime, str)
        From which day on which profile of law, and when that was decided; the newest first.
    zones : dict of int to ZoneInfo
        Of clients who live on another clock than the company's.
    """

    zone: ZoneInfo
    chosen: Sequence[tuple[date, datetime, str]]
    bans: ByClient[ContactBan]
    wishes: ByClient[ContactWish]
    lifted: ByClient[RuleOverride]
    zones: dict[int, ZoneInfo]
    places: dict[int, list[ToldPlace]]
    creditors: CreditorBook
    profiles: dict[tuple[date, str, CreditorLaw | None], Profile] = field(default_factory=dict)

    def profile(self, day: date, at: datetime | None = None) -> Profile:
        """Return the rules of a day, or of an instant of it: the law's, and the house's own."""
        return self._profile(day, at, None)

    def lasting_profile(self, client_id: int, day: date, at: datetime | None = None) -> Profile:
        """Return the rules that outlast a debt: the house's, and of all to whom a client owed."""
        creditors = self.creditors.law(client_id, day, at, also_paid=True)
        return self._profile(day, at, creditors)

    def _profile(self, day: date, at: datetime | None, creditors: CreditorLaw | None) -> Profile:
        begun = (
            name
            for from_on, chosen_at, name in self.chosen
            if from_on <= day and (at is None or had_begun(from_on, chosen_at, at, self.zone))
        )
        key = day, next(begun, DEFAULT_PROFILE), creditors
        if key not in self.profiles:
            of_house = combine(law_profile(key[1], day), house_rules(day))
            self.profiles[key] = beside(of_house, creditors)
        return self.profiles[key]

    def of(self, client_id: int, day: date, at: datetime | None = None) -> DayLaw:
        """Return what holds for a client on a day.

        Parameters
        ----------
        at : datetime, optional
            An instant of that day: what was decided after it did not hold yet, and what was taken
            back after it still held.
        """
        bans = self._holding(self.bans, client_id, day, at)
        terms = self._terms(client_id, day, at)
        return DayLaw(
            self._profile(day, at, terms.creditors), bans[-1].reason if bans else None, terms
        )

    def _holding(
        self, decided: ByClient[Lasting], client_id: int, day: date, at: datetime | None
    ) -> list[Lasting]:
        return [
            one
            for one in decided.get(client_id, ())
            if (_holds(one, day) if at is None else one.holds_at(at, self.zone))
        ]

    def _terms(self, client_id: int, day: date, at: datetime | None) -> ClientTerms:
        told = self.places.get(client_id, [])
        ends_at = clock.local_day(day, self.zone)[1]
        words = bisect_left(told, ends_at, key=lambda one: one.told_at)
        return ClientTerms(
            tuple(
                wish_rule(one.id, one.weekdays, one.starts_s, one.ends_s)
                for one in self._holding(self.wishes, client_id, day, at)
            ),
            frozenset(
                one.rule_id
                for one in self.lifted.get(client_id, ())
                if _holds(one, day) and one.holds_at(at, self.zone)
            ),
            self.zones.get(client_id),
            visited_place(told[words - 1]) if words else None,
            self.creditors.law(client_id, day, at),
        )


def read_laws(
    session: Session, first: date, last: date, zone: ZoneInfo, client_ids: Collection[int]
) -> LawBook:
    """Read the law of some days, both inclusive, for some clients: seven statements.

    Three more where there are creditors.
    """
    choices = select(ProfileChoice.from_on, ProfileChoice.chosen_at, ProfileChoice.profile_id)
    chosen = session.execute(
        choices.where(ProfileChoice.from_on <= last).order_by(ProfileChoice.id.desc())
    )
    granted = RuleOverride.granted_at.is_not(None)

    midnight = clock.local_midnight(first, zone)

    def decided(
        kind: type[Decided], *more: ColumnElement[bool], late: ColumnElement[bool] | None = None
    ) -> ByClient[Decided]:
        within = _on_some_of(kind, client_ids, first, last, late)
        return _by_client(session.scalars(select(kind).where(within, *more).order_by(kind.id)))

    return LawBook(
        zone,
        [(from_on, chosen_at, profile_id) for from_on, chosen_at, profile_id in chosen],
        decided(ContactBan, late=ContactBan.lifted_at >= midnight),
        decided(ContactWish, late=ContactWish.lifted_at >= midnight),
        decided(RuleOverride, granted),
        client_zones(session, zone, client_ids),
        place_words(session, clock.local_day(last, zone)[1], client_ids),
        read_creditors(session, last, zone, client_ids),
    )


def laws_ahead(
    session: Session, client_id: int, days: Sequence[date], zone: ZoneInfo
) -> list[DayLaw]:
    """Return what holds for one client on each of some days, read at once.

    Parameters
    ----------
    days : sequence of date
        In order, the first not before today.
    zone : ZoneInfo
        The clock of the company, unless the client lives on another.
    """
    book = read_laws(session, days[0], days[-1], zone, [client_id])
    return [book.of(client_id, day) for day in days]


def _by_client(rows: Iterable[Decided]) -> ByClient[Decided]:
    by_client: defaultdict[int, list[Decided]] = defaultdict(list)
    for one in rows:
        by_client[one.client_id].append(one)
    return dict(by_client)


def _on_some_of(
    kind: type[ContactBan] | type[ContactWish] | type[RuleOverride],
    client_ids: Collection[int],
    first: date,
    last: date,
    late: ColumnElement[bool] | None = None,
) -> ColumnElement[bool]:
    """Return the condition that it was decided about some clients and holds on some of the days.

    `late` is another way to reach into them, beside a last day.
    """
    lasts = or_(kind.to_on.is_(None), kind.to_on >= first)
    return and_(
        among(kind.client_id, client_ids),
        kind.from_on <= last,
        lasts if late is None else or_(lasts, late),
    )


def _holds(decided: ContactBan | ContactWish | RuleOverride, day: date) -> bool:
    return decided.from_on <= day and (decided.to_on is None or day <= decided.to_on)
