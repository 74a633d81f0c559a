"""Which law is in force on a day, who chose it, and whom nobody may contact."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from collector_app.accounts.models import User
from collector_app.compliance.models import ContactBan, ProfileChoice
from collector_app.compliance.profile_files import house_rules, law_profile
from collector_app.compliance.rules import Profile, combine
from collector_app.portfolio.models import Client

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
class BanRow:
    """A client whom nobody may contact, and until when; None means until it is lifted."""

    id: int
    client_id: int
    client_name: str
    external_id: str
    reason: str
    from_on: date
    to_on: date | None


def law_in_force(session: Session, day: date) -> Profile:
    """Return the profile of law of a day: the newest choice that has begun, else the default."""
    chosen = session.scalar(
        select(ProfileChoice.profile_id)
        .where(ProfileChoice.from_on <= day)
        .order_by(ProfileChoice.id.desc())
        .limit(1)
    )
    return law_profile(chosen or DEFAULT_PROFILE, day)


def profile_in_force(session: Session, day: date) -> Profile:
    """Return all the rules of a day: the law's, and the company's own beside them."""
    return combine(law_in_force(session, day), house_rules(day))


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


def bans_on(session: Session, day: date) -> dict[int, str]:
    """Return why nobody may contact a client on a day, by client."""
    found = session.execute(
        select(ContactBan.client_id, ContactBan.reason)
        .where(_in_force(day))
        .order_by(ContactBan.id)
    )
    return dict(iter(found))


def bans(session: Session, day: date) -> list[BanRow]:
    """Return the bans in force or still to come, oldest first."""
    found = session.execute(
        select(ContactBan, Client.name, Client.external_id)
        .join(Client, Client.id == ContactBan.client_id)
        .where(
            or_(
                ContactBan.to_on.is_(None),
                and_(ContactBan.to_on >= day, ContactBan.to_on >= ContactBan.from_on),
            )
        )
        .order_by(ContactBan.from_on, ContactBan.id)
    )
    return [
        BanRow(ban.id, ban.client_id, name, number, ban.reason, ban.from_on, ban.to_on)
        for ban, name, number in found
    ]


def client_numbered(session: Session, external_id: str) -> int | None:
    """Return the client with that number of the creditor, if there is one."""
    number = external_id.strip()
    return session.scalar(select(Client.id).where(Client.external_id == number))


def _in_force(day: date) -> ColumnElement[bool]:
    return and_(ContactBan.from_on <= day, or_(ContactBan.to_on.is_(None), ContactBan.to_on >= day))
