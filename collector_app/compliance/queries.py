"""Which law is in force on a day, who chose it, and whom nobody may contact."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from collector_app.accounts.models import User
from collector_app.compliance.creditor_book import creditor_laws
from collector_app.compliance.models import (
    ContactBan,
    ContactWish,
    CreditorProfile,
    ProfileChoice,
    RuleOverride,
)
from collector_app.compliance.profile_files import house_rules, law_profile
from collector_app.compliance.rules import (
    BanKind,
    ClientTerms,
    CreditorLaw,
    Profile,
    beside,
    client_zone,
    combine,
    creditor_law,
    had_begun,
    wish_rule,
)
from collector_app.core import clock
from collector_app.core.selection import among
from collector_app.portfolio.models import Client, Credit, Creditor, CreditorWord
from collector_app.portfolio.queries import visit_places

DEFAULT_PROFILE = "mx_financial_strict"


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A profile of law as somebody chose it."""

    profile_id: str
    from_on: date
    reason: str
    chosen_by: str | None
    chosen_at: datetime


@dataclass(frozen=True, slots=True)
class CreditorChoiceRow:
    """The profile of a creditor as somebody chose it; None is that of the house alone."""

    profile_id: str | None
    from_on: date
    reason: str
    chosen_by: str | None
    chosen_at: datetime


@dataclass(frozen=True, slots=True)
class CreditorRow:
    """Somebody for whom we collect, with the law of a day and all choices, newest first."""

    id: int
    name: str
    profile_id: str | None
    credit_count: int
    client_count: int
    choices: tuple[CreditorChoiceRow, ...]

    def law_on(self, day: date) -> CreditorLaw | None:
        """Return the law of this creditor on a day; None where that of the house alone holds."""
        begun = (one.profile_id for one in self.choices if one.from_on <= day)
        profile_id = next(begun, None)
        if profile_id is None:
            return None
        return creditor_law(((law_profile(profile_id, day), (self.name,)),))


@dataclass(frozen=True, slots=True)
class BanRow:
    """A client whom nobody may contact, and until when; None means until it is lifted."""

    id: int
    client_id: int
    client_name: str
    external_id: str
    kind: BanKind | None
    reason: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class BanNotice:
    """Why a collector may not contact a client: the kind, and the reason only where it says none.

    Reasons are written by the office for the office.
    """

    kind: BanKind | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class WishRow:
    """Hours that a client asked for."""

    id: int
    client_name: str
    external_id: str
    weekdays: str
    starts_s: int
    ends_s: int
    reason: str
    to_on: date | None


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """A rule that is lifted for a client, or that somebody asks to lift."""

    id: int
    client_name: str
    external_id: str
    rule_id: str
    ground: str | None
    reason: str
    from_on: date
    to_on: date
    requested_by: int | None
    requester: str | None
    is_granted: bool
    grantor: str | None
    is_ended: bool
    ender: str | None
    end_reason: str | None


def law_in_force(session: Session, day: date) -> Profile:
    """Return the profile of law of a day: the newest choice that has begun, else the default."""
    chosen = session.scalar(
        select(ProfileChoice.profile_id)
        .where(ProfileChoice.from_on <= day)
        .order_by(ProfileChoice.id.desc())
        .limit(1)
    )
    return law_profile(chosen or DEFAULT_PROFILE, day)


def profile_at(session: Session, at: datetime, zone: ZoneInfo) -> Profile:
    """Return all the rules of an instant: a law that was chosen later that day is none of them."""
    day = at.astimezone(zone).date()
    begun = session.execute(
        select(ProfileChoice.from_on, ProfileChoice.chosen_at, ProfileChoice.profile_id)
        .where(ProfileChoice.from_on <= day)
        .order_by(ProfileChoice.id.desc())
    )
    chosen = (name for from_on, when, name in begun if had_begun(from_on, when, at, zone))
    return combine(law_profile(next(chosen, DEFAULT_PROFILE), day), house_rules(day))


def profile_in_force(session: Session, day: date) -> Profile:
    """Return all the rules of a day: the law's, and the company's own beside them."""
    return combine(law_in_force(session, day), house_rules(day))


def client_profile(session: Session, client_id: int, day: date, zone: ZoneInfo) -> Profile:
    """Return all the rules of a day for one client: those of their creditors, too."""
    creditors = creditor_laws(session, day, zone, [client_id]).get(client_id)
    return beside(profile_in_force(session, day), creditors)


def every_profile(session: Session, day: date) -> Profile:
    """Return all the rules that hold for anybody on a day: the house's, and of each creditor."""
    profile = profile_in_force(session, day)
    return beside(profile, creditors_law(session, day, profile))


def creditors_law(
    session: Session, day: date, house: Profile, *, ever: bool = False
) -> CreditorLaw:
    """Return the law of all creditors on a day, but for that which is the house's own.

    Parameters
    ----------
    ever : bool
        Also the profiles under which they stood before.
    """
    begun: defaultdict[str, list[str | None]] = defaultdict(list)
    for name, profile_id in session.execute(
        select(Creditor.name, CreditorProfile.profile_id)
        .join(Creditor, Creditor.id == CreditorProfile.creditor_id)
        .where(CreditorProfile.from_on <= day)
        .order_by(CreditorProfile.id.desc())
    ):
        begun[name].append(profile_id)
    names: defaultdict[str, set[str]] = defaultdict(set)
    for name, chosen in begun.items():
        for profile_id in chosen if ever else chosen[:1]:
            if profile_id is not None and profile_id not in house.id.split("+"):
                names[profile_id].add(name)
    held = sorted(names.items())
    return creditor_law(tuple((law_profile(one, day), tuple(sorted(of))) for one, of in held))


def choices(session: Session) -> list[ChoiceRow]:
    """Return every choice of a profile, newest first."""
    found = session.execute(
        select(ProfileChoice, User.full_name)
        .outerjoin(User, User.id == ProfileChoice.chosen_by)
        .order_by(ProfileChoice.id.desc())
    )
    return [
        ChoiceRow(one.profile_id, one.from_on, one.reason, name, one.chosen_at)
        for one, name in found
    ]


def bans_on(session: Session, day: date, known_at: datetime | None = None) -> dict[int, str]:
    """Return why nobody may contact a client on a day, by client.

    With `known_at` only bans that had been put down by then; one that was lifted since is gone.
    """
    asked = (
        select(ContactBan.client_id, ContactBan.reason)
        .where(_in_force(ContactBan, day))
        .order_by(ContactBan.id)
    )
    if known_at is not None:
        asked = asked.where(ContactBan.created_at < known_at)
    return dict(iter(session.execute(asked)))


def creditors(session: Session, day: date) -> list[CreditorRow]:
    """Return those for whom we collect, by name, with their law of a day: three statements."""
    newest = select(func.max(CreditorWord.id)).group_by(CreditorWord.credit_id)
    counted = select(
        CreditorWord.creditor_id,
        func.count(CreditorWord.credit_id),
        func.count(Credit.client_id.distinct()),
    ).join(Credit, Credit.id == CreditorWord.credit_id)
    counts = {
        creditor_id: (credits_, clients)
        for creditor_id, credits_, clients in session.execute(
            counted.where(CreditorWord.id.in_(newest)).group_by(CreditorWord.creditor_id)
        )
    }
    chosen: defaultdict[int, list[CreditorChoiceRow]] = defaultdict(list)
    for one, who in session.execute(
        select(CreditorProfile, User.full_name)
        .outerjoin(User, User.id == CreditorProfile.chosen_by)
        .order_by(CreditorProfile.id.desc())
    ):
        chosen[one.creditor_id].append(
            CreditorChoiceRow(one.profile_id, one.from_on, one.reason, who, one.chosen_at)
        )
    return [
        CreditorRow(
            creditor_id,
            name,
            next((one.profile_id for one in chosen[creditor_id] if one.from_on <= day), None),
            *counts.get(creditor_id, (0, 0)),
            tuple(chosen[creditor_id]),
        )
        for creditor_id, name in session.execute(
            select(Creditor.id, Creditor.name).order_by(Creditor.name)
        )
    ]


def credit_numbered(session: Session, number: str) -> int | None:
    """Return the credit with that number of the creditor, if there is one."""
    return session.scalar(select(Credit.id).where(Credit.external_id == number.strip()))


def ban_notices(session: Session, day: date, client_ids: Collection[int]) -> dict[int, BanNotice]:
    """Return what a collector is told of the bans of a day, by client."""
    found = session.execute(
        select(ContactBan.client_id, ContactBan.kind, ContactBan.reason)
        .where(_in_force(ContactBan, day), among(ContactBan.client_id, client_ids))
        .order_by(ContactBan.id)
    )
    return {
        client_id: BanNotice(kind, reason if kind in (None, BanKind.OTHER) else None)
        for client_id, kind, reason in found
    }


def bans_at(
    session: Session, at: datetime, zone: ZoneInfo, client_ids: Collection[int] | None = None
) -> dict[int, str]:
    """Return why nobody might contact a client at an instant, whatever was decided since."""
    lasts = or_(_in_force(ContactBan, at.astimezone(zone).date()), ContactBan.lifted_at > at)
    found = session.scalars(
        select(ContactBan)
        .where(among(ContactBan.client_id, client_ids), lasts)
        .order_by(ContactBan.id)
    )
    return {one.client_id: one.reason for one in found if one.holds_at(at, zone)}


def ban_goes_on(session: Session, ban_id: int, day: date) -> bool:
    """Tell whether a ban is in force on a day, or still to come: whether it can be lifted."""
    ban = session.get(ContactBan, ban_id)
    return ban is not None and (ban.to_on is None or ban.to_on >= day)


def bans(session: Session, day: date) -> list[BanRow]:
    """Return the bans in force or still to come, oldest first."""
    found = session.execute(
        select(ContactBan, Client.name, Client.external_id)
        .join(Client, Client.id == ContactBan.client_id)
        .where(_goes_on(ContactBan, day))
        .order_by(ContactBan.from_on, ContactBan.id)
    )
    return [
        BanRow(ban.id, ban.client_id, name, number, ban.kind, ban.reason, ban.from_on, ban.to_on)
        for ban, name, number in found
    ]


def terms_on(
    session: Session,
    day: date,
    zone: ZoneInfo,
    client_ids: Collection[int] | None = None,
    at: datetime | None = None,
    known_at: datetime | None = None,
) -> dict[int, ClientTerms]:
    """Return what holds on a day for single clients beside the law; most clients are absent.

    Parameters
    ----------
    zone : ZoneInfo
        The clock of the company; who lives on another has it told.
    client_ids : collection of int, optional
        Only these clients need to be told; all when it is left out.
    at : datetime, optional
        An instant of that day: what was decided after it did not hold yet, and what was taken back
        after it still did.
    known_at : datetime, optional
        Only what had been decided and told by then; of wishes, not those that were ended since.
    """
    lifted = _lifted_on(session, day, zone, at or known_at)
    wishes = {
        client_id: held
        for client_id, of_client in _wishes_on(session, day, at).items()
        if (held := [one for one in of_client if _was_told(one, zone, at, known_at)])
    }
    zones = client_zones(session, zone, client_ids)
    day_ends_at = clock.local_day(day, zone)[1]
    places = visit_places(session, min(day_ends_at, known_at or day_ends_at), client_ids)
    creditors = creditor_laws(session, day, zone, client_ids, at, known_at)
    return {
        client_id: ClientTerms(
            tuple(
                wish_rule(one.id, one.weekdays, one.starts_s, one.ends_s)
                for one in wishes.get(client_id, ())
            ),
            frozenset(lifted.get(client_id, ())),
            zones.get(client_id),
            places.get(client_id),
            creditors.get(client_id),
        )
        for client_id in {*wishes, *lifted, *zones, *places, *creditors}
    }


def decisions_in_force(session: Session, day: date) -> list[tuple[object, ...]]:
    """Return what somebody decided about single clients and holds on a day: bans, wishes, rules."""
    wishes, lifted = _wishes_on(session, day), _lifted_on(session, day)
    return [
        *(("ban", *pair) for pair in sorted(bans_on(session, day).items())),
        *(
            ("wish", client_id, one.id, one.weekdays, one.starts_s, one.ends_s)
            for client_id, of_client in sorted(wishes.items())
            for one in of_client
        ),
        *(("lifted", client_id, sorted(rules)) for client_id, rules in sorted(lifted.items())),
    ]


def client_zones(
    session: Session, company: ZoneInfo, client_ids: Collection[int] | None = None
) -> dict[int, ZoneInfo]:
    """Return the clocks of clients who live on another than the company's, by where they live."""
    found = session.execute(
        select(Client.id, Client.lat, Client.lon).where(among(Client.id, client_ids))
    )
    zones = {
        number: client_zone(lat, lon, company)
        for number, lat, lon in found
        if lat is not None and lon is not None
    }
    return {number: one for number, one in zones.items() if one != company}


def wishes(session: Session, day: date) -> list[WishRow]:
    """Return the hours that clients asked for, in force or still to come."""
    found = session.execute(
        select(ContactWish, Client.name, Client.external_id)
        .join(Client, Client.id == ContactWish.client_id)
        .where(_goes_on(ContactWish, day))
        .order_by(ContactWish.id)
    )
    return [
        WishRow(
            one.id,
            name,
            number,
            one.weekdays,
            one.starts_s,
            one.ends_s,
            one.reason,
            one.to_on,
        )
        for one, name, number in found
    ]


def overrides(session: Session, day: date) -> list[OverrideRow]:
    """Return the exceptions whose last day has not passed, also those that were taken back."""
    requester, grantor, ender = aliased(User), aliased(User), aliased(User)
    found = session.execute(
        select(
            RuleOverride,
            Client.name,
            Client.external_id,
            requester.full_name,
            grantor.full_name,
            ender.full_name,
        )
        .join(Client, Client.id == RuleOverride.client_id)
        .outerjoin(requester, requester.id == RuleOverride.requested_by)
        .outerjoin(grantor, grantor.id == RuleOverride.granted_by)
        .outerjoin(ender, ender.id == RuleOverride.ended_by)
        .where(RuleOverride.to_on >= day)
        .order_by(RuleOverride.id)
    )
    return [
        OverrideRow(
            one.id,
            name,
            number,
            one.rule_id,
            one.ground,
            one.reason,
            one.from_on,
            one.to_on,
            one.requested_by,
            asked_by,
            one.granted_at is not None,
            granted_by,
            one.ended_at is not None,
            ended_by,
            one.end_reason,
        )
        for one, name, number, asked_by, granted_by, ended_by in found
    ]


def _wishes_on(
    session: Session, day: date, at: datetime | None = None
) -> dict[int, list[ContactWish]]:
    """Return the wishes that hold on a day, and those that were ended on it after `at`."""
    by_client: defaultdict[int, list[ContactWish]] = defaultdict(list)
    holds = _in_force(ContactWish, day)
    lasts = holds if at is None else or_(holds, ContactWish.lifted_at > at)
    for one in session.scalars(select(ContactWish).where(lasts).order_by(ContactWish.id)):
        by_client[one.client_id].append(one)
    return by_client


def _was_told(
    wish: ContactWish, zone: ZoneInfo, at: datetime | None, known_at: datetime | None
) -> bool:
    holds = at is None or wish.holds_at(at, zone)
    return holds and (known_at is None or wish.created_at < known_at)


def _lifted_on(
    session: Session, day: date, zone: ZoneInfo | None = None, at: datetime | None = None
) -> dict[int, set[str]]:
    by_client: defaultdict[int, set[str]] = defaultdict(set)
    found = session.scalars(
        select(RuleOverride).where(
            RuleOverride.granted_at.is_not(None),
            RuleOverride.from_on <= day,
            RuleOverride.to_on >= day,
        )
    )
    for one in found:
        if one.holds_at(at, zone):
            by_client[one.client_id].add(one.rule_id)
    return by_client


def client_numbered(session: Session, external_id: str) -> int | None:
    """Return the client with that number of the creditor, if there is one.

    People write "c00131" for "C00131": as written first, then whatever the case, unless two clients
    differ by nothing else.
    """
    number = external_id.strip()
    exact = session.scalar(select(Client.id).where(Client.external_id == number))
    if exact is not None:
        return exact
    alike = select(Client.id).where(func.lower(Client.external_id) == func.lower(number)).limit(2)
    found = session.scalars(alike).all()
    return found[0] if len(found) == 1 else None


def _in_force(kind: type[ContactBan] | type[ContactWish], day: date) -> ColumnElement[bool]:
    return and_(kind.from_on <= day, or_(kind.to_on.is_(None), kind.to_on >= day))


def _goes_on(kind: type[ContactBan] | type[ContactWish], day: date) -> ColumnElement[bool]:
    """Return the condition that it holds on a day or later: lifted before its first, it never."""
    return or_(kind.to_on.is_(None), and_(kind.to_on >= day, kind.to_on >= kind.from_on))
