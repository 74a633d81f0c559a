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

from collector_app.compliance.models import ContactBan, ContactWish, ProfileChoice, RuleOverride
from collector_app.compliance.profile_files import house_rules, law_profile
from collector_app.compliance.queries import DEFAULT_PROFILE, client_zones
from collector_app.compliance.rules import ClientTerms, Profile, combine, wish_rule
from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.portfolio.queries import ToldPlace, place_words, visited_place

Decided = TypeVar("Decided", ContactBan, ContactWish, RuleOverride)
ByClient = dict[int, list[Decided]]


@dataclass(frozen=True, slots=True)
class DayLaw:
    """What decides on one day whether a client may be contacted, beside what was done to them."""

    profile: Profile
    ban: str | None
    terms: ClientTerms


@dataclass(frozen=True, slots=True)
class LawBook:
    """What somebody decided for some days about some clients, and where these are visited.

    Attributes
    ----------
    chosen : sequence of (date, str)
        From which day on which profile of law, the newest choice first.
    zones : dict of int to ZoneInfo
        Of clients who live on another clock than the company's.
    """

    zone: ZoneInfo
    chosen: Sequence[tuple[date, str]]
    bans: ByClient[ContactBan]
    wishes: ByClient[ContactWish]
    lifted: ByClient[RuleOverride]
    zones: dict[int, ZoneInfo]
    places: dict[int, list[ToldPlace]]
    profiles: dict[date, Profile] = field(default_factory=dict)

    def profile(self, day: date) -> Profile:
        """Return all the rules of a day: the law's, and the company's own beside them."""
        if day not in self.profiles:
            begun = (name for from_on, name in self.chosen if from_on <= day)
            law = law_profile(next(begun, DEFAULT_PROFILE), day)
            self.profiles[day] = combine(law, house_rules(day))
        return self.profiles[day]

    def of(self, client_id: int, day: date, at: datetime | None = None) -> DayLaw:
        """Return what holds for a client on a day.

        Parameters
        ----------
        at : datetime, optional
            An instant of that day: exceptions that were taken back after it still held then.
        """
        bans = [one for one in self.bans.get(client_id, ()) if _holds(one, day)]
        return DayLaw(
            self.profile(day), bans[-1].reason if bans else None, self._terms(client_id, day, at)
        )

    def _terms(self, client_id: int, day: date, at: datetime | None) -> ClientTerms:
        told = self.places.get(client_id, [])
        ends_at = clock.local_day(day, self.zone)[1]
        words = bisect_left(told, ends_at, key=lambda one: one.told_at)
        return ClientTerms(
            tuple(
                wish_rule(one.id, one.weekdays, one.starts_s, one.ends_s)
                for one in self.wishes.get(client_id, ())
                if _holds(one, day)
            ),
            frozenset(
                one.rule_id
                for one in self.lifted.get(client_id, ())
                if _holds(one, day) and one.holds_at(at)
            ),
            self.zones.get(client_id),
            visited_place(told[words - 1]) if words else None,
        )


def read_laws(
    session: Session, first: date, last: date, zone: ZoneInfo, client_ids: Collection[int]
) -> LawBook:
    """Read the law of some days, both inclusive, for some clients: six statements."""
    choices = select(ProfileChoice.from_on, ProfileChoice.profile_id)
    chosen = session.execute(
        choices.where(ProfileChoice.from_on <= last).order_by(ProfileChoice.id.desc())
    )
    granted = RuleOverride.granted_at.is_not(None)

    def decided(kind: type[Decided], *more: ColumnElement[bool]) -> ByClient[Decided]:
        within = _on_some_of(kind, client_ids, first, last)
        return _by_client(session.scalars(select(kind).where(within, *more).order_by(kind.id)))

    return LawBook(
        zone,
        [(from_on, profile_id) for from_on, profile_id in chosen],
        decided(ContactBan),
        decided(ContactWish),
        decided(RuleOverride, granted),
        client_zones(session, zone, client_ids),
        place_words(session, clock.local_day(last, zone)[1], client_ids),
    )


def laws_ahead(
    session: Session, client_id: int, days: Sequence[date], zone: ZoneInfo
) -> list[DayLaw]:
    """Return what holds for one client on each of some days, in six statements for all of them.

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
) -> ColumnElement[bool]:
    """Return the condition that it was decided about some clients and holds on some of the days."""
    return and_(
        among(kind.client_id, client_ids),
        kind.from_on <= last,
        or_(kind.to_on.is_(None), kind.to_on >= first),
    )


def _holds(decided: ContactBan | ContactWish | RuleOverride, day: date) -> bool:
    return decided.from_on <= day and (decided.to_on is None or day <= decided.to_on)
