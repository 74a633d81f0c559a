"""What an event says, read strictly: every field has one type, and what is wrong is named."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from collector_app.agreements.rules import MOST_INSTALMENTS
from collector_app.compliance.rules import Channel
from collector_app.contacts.rules import CHANNELS, LONGEST_TEXT
from collector_app.core.errors import InvalidInput
from collector_app.core.money import MOST_CENTS
from collector_app.doors.rules import YEARS
from collector_app.payments.rules import (
    GivenReceipt,
    PaymentMethod,
    is_phone_series,
    is_receipt_code,
)
from collector_app.schedules.rules import WHOLE, Terms
from collector_app.sync.rules.envelope import read_utc
from collector_app.sync.rules.states import Kind, SyncEventKind, member_of
from collector_app.visits.rules import Objection, Outcome, PersonMet

MOST_PHOTOS = 6
MOST_STOPS = 500
MOST_FOLIO = 999_999
_SHA256 = re.compile("[0-9a-f]{64}")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")  # of surrogates: JSON can write it, no database can
Value = TypeVar("Value")


class BadBody(InvalidInput):
    """A field of an event is missing or of the wrong kind; the event is kept and waits."""

    code = "bad_body"


class ReorderCause(StrEnum):
    """Why a route was put into another order on the phone."""

    CANCELLED = "cancelled"
    ADDED = "added"
    POSTPONED = "postponed"
    LATE = "late"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo, or a signature as a picture, that follows by its hash."""

    sha256: str
    size_bytes: int
    is_signature: bool


@dataclass(frozen=True, slots=True)
class Paid:
    """Money received at a door, in cents, with the receipt that the phone gave for it."""

    amount_cents: int
    method: PaymentMethod
    reference: str | None
    receipt: GivenReceipt | None


@dataclass(frozen=True, slots=True)
class VisitRecorded:
    """A visit with what was promised, paid or agreed; money in cents, the appointment local."""

    client_id: int
    stop_id: int | None
    started_at: datetime
    ended_at: datetime
    person_met: PersonMet
    outcome: Outcome
    objection: Objection | None
    card_opened: bool | None
    note: str | None
    lat: float | None
    lon: float | None
    accuracy_m: int | None
    no_gps_reason: str | None
    promise: tuple[int, date] | None
    payment: Paid | None
    appointment: datetime | None  # what the clock on the wall shows
    photos: tuple[Photo, ...]


@dataclass(frozen=True, slots=True)
class VisitAnnulled:
    """A visit that should not have been recorded."""

    visit_uuid: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reorder:
    """The stops of a day in the order that the collector chose."""

    day: date
    stop_ids: tuple[int, ...]
    cause: ReorderCause
    note: str | None


@dataclass(frozen=True, slots=True)
class ContactRecorded:
    """A call, a message or a letter; ``promise`` is in cents, and until when."""

    client_id: int
    channel: Channel
    at: datetime
    person: PersonMet
    was_answered: bool
    spoke_of_debt: bool
    text: str | None
    note: str | None
    promise: tuple[int, date] | None


@dataclass(frozen=True, slots=True)
class OfferRequested:
    """An offer beyond what the collector may give; whether its terms add up is asked later."""

    client_id: int
    terms: Terms


Body = VisitRecorded | VisitAnnulled | Reorder | ContactRecorded | OfferRequested


def read_body(kind: SyncEventKind, body: Mapping[str, Any]) -> Body:
    """Return what an event says.

    Raises
    ------
    BadBody
        Names the field and what was expected of it.
    """
    return _READERS[kind](_Fields(body))


def photos_in(kind: SyncEventKind, body: Mapping[str, Any]) -> tuple[Photo, ...]:
    """Return the photos that an event tells of, also when the rest of it can't be read."""
    told = body.get("photos") if kind is SyncEventKind.VISIT_RECORDED else None
    listed = [(one, False) for one in told[:MOST_PHOTOS]] if isinstance(told, list) else []
    found: dict[str, Photo] = {}
    for one, is_signature in (*listed, (body.get("signature"), True)):
        try:
            photo = _photo(_Fields(one), is_signature=is_signature)
        except (BadBody, AttributeError):  # not an object, or not a photo
            continue
        found.setdefault(photo.sha256, photo)
    return tuple(found.values())


def receipt_in(kind: SyncEventKind, body: Mapping[str, Any]) -> GivenReceipt | None:
    """Return the receipt that an event tells of, also when the rest of it can't be read."""
    paid = body.get("payment") if kind is SyncEventKind.VISIT_RECORDED else None
    if not isinstance(paid, dict):
        return None
    try:
        return _Fields(paid).part("receipt", _receipt)
    except BadBody:
        return None


class _Fields:
    """Reads the fields of an object, each by its type; ``path`` names where they stand."""

    def __init__(self, told: Mapping[str, Any], path: str = "") -> None:
        self._told = told
        self._path = path

    def whole(self, name: str, least: int, most: int) -> int:
        value = self._told.get(name)
        if type(value) is not int or not least <= value <= most:
            self._refuse(name, f"a whole number from {least} to {most}")
        return int(value)

    def whole_or_none(self, name: str, least: int, most: int) -> int | None:
        return None if self._told.get(name) is None else self.whole(name, least, most)

    def number(self, name: str, most: float) -> float | None:
        value = self._told.get(name)
        if value is None:
            return None
        if type(value) not in (int, float) or not abs(value) <= most:
            self._refuse(name, f"a number of at most {most:g}")
        return float(value)

    def flag(self, name: str) -> bool:
        value = self._told.get(name)
        if not isinstance(value, bool):
            self._refuse(name, "true or false")
        return value

    def flag_or_none(self, name: str) -> bool | None:
        return None if self._told.get(name) is None else self.flag(name)

    def text(self, name: str, most: int) -> str | None:
        value = self._told.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > most):
            self._refuse(name, f"a text of at most {most} characters")
        if value and _HALF_A_PAIR.search(value):
            self._refuse(name, "a text of whole characters")
        return (value or "").strip() or None

    def instant(self, name: str) -> datetime:
        found = read_utc(self._told.get(name))
        if found is None:
            self._refuse(name, "an instant with its zone")
        return found

    def day(self, name: str) -> date:
        try:
            found = date.fromisoformat(str(self._told.get(name)))
        except ValueError:
            found = date.min
        if found.year not in YEARS:
            self._refuse(name, "a day such as 2026-11-28")
        return found

    def wall_time(self, name: str) -> datetime:
        try:
            found = datetime.fromisoformat(str(self._told.get(name)))
        except ValueError:
            found = datetime.min  # noqa: DTZ901 - only its year is looked at
        if found.year not in YEARS or found.tzinfo is not None:
            self._refuse(name, "a local time such as 2026-11-28T10:30")
        return found

    def member(self, name: str, kind: type[Kind]) -> Kind:
        found = self.member_or_none(name, kind)
        if found is None:
            self._refuse(name, ", ".join(kind))
        return found

    def member_or_none(self, name: str, kind: type[Kind]) -> Kind | None:
        value = self._told.get(name)
        if value is None:
            return None
        found = member_of(kind, value)
        if found is None:
            self._refuse(name, ", ".join(kind))
        return found

    def part(self, name: str, read: Callable[["_Fields"], Value]) -> Value | None:
        value = self._told.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._refuse(name, "an object")
        return read(_Fields(value, f"{self._path}{name}."))

    def parts(self, name: str, most: int, read: Callable[["_Fields"], Value]) -> tuple[Value, ...]:
        value = self._told.get(name) or []
        if not isinstance(value, list) or len(value) > most:
            self._refuse(name, f"a list of at most {most}")
        found = []
        for n, one in enumerate(value):
            if not isinstance(one, dict):
                self._refuse(f"{name}[{n}]", "an object")
            found.append(read(_Fields(one, f"{self._path}{name}[{n}].")))
        return tuple(found)

    def wholes(self, name: str, most: int) -> tuple[int, ...]:
        value = self._told.get(name)
        if (
            not isinstance(value, list)
            or len(value) > most
            or any(type(one) is not int or not 0 < one < 2**31 for one in value)
        ):
            self._refuse(name, f"a list of at most {most} numbers of stops")
        return tuple(value)

    def sha256(self, name: str) -> str:
        value = self._told.get(name)
        if not isinstance(value, str) or not _SHA256.fullmatch(value):
            self._refuse(name, "64 hexadecimal digits")
        return value

    def such(self, name: str, is_such: Callable[[object], bool], expected: str) -> str:
        value = self._told.get(name)
        if not is_such(value):
            self._refuse(name, expected)
        return str(value)

    def _refuse(self, name: str, expected: str) -> NoReturn:
        raise BadBody(f"{self._path}{name}", expected)


def _visit(told: _Fields) -> VisitRecorded:
    signature = told.part("signature", lambda one: _photo(one, is_signature=True))
    photos = told.parts("photos", MOST_PHOTOS, lambda one: _photo(one, is_signature=False))
    accuracy_m = told.number("accuracy_m", 1e9)
    return VisitRecorded(
        client_id=told.whole("client_id", 1, 2**31 - 1),
        stop_id=told.whole_or_none("stop_id", 1, 2**31 - 1),
        started_at=told.instant("started_at"),
        ended_at=told.instant("ended_at"),
        person_met=told.member("person_met", PersonMet),
        outcome=told.member("outcome", Outcome),
        objection=told.member_or_none("objection", Objection),
        card_opened=told.flag_or_none("card_opened"),
        note=told.text("note", 2000),
        lat=told.number("lat", 1e9),
        lon=told.number("lon", 1e9),
        accuracy_m=None if accuracy_m is None else round(accuracy_m),
        no_gps_reason=told.text("no_gps_reason", 40),
        promise=told.part("promise", lambda one: (_cents(one), one.day("due_on"))),
        payment=told.part(
            "payment",
            lambda one: Paid(
                _cents(one),
                one.member("method", PaymentMethod),
                one.text("reference", 60),
                one.part("receipt", _receipt),
            ),
        ),
        appointment=told.part("appointment", lambda one: one.wall_time("starts_at")),
        photos=(*photos, signature) if signature else photos,
    )


def _annulled(told: _Fields) -> VisitAnnulled:
    visit, reason = told.text("visit", 40), told.text("reason", 200)
    if visit is None or reason is None:
        raise BadBody("visit" if visit is None else "reason", "a text")
    return VisitAnnulled(visit, reason)


def _reorder(told: _Fields) -> Reorder:
    return Reorder(
        told.day("day"),
        told.wholes("stops", MOST_STOPS),
        told.member("cause", ReorderCause),
        told.text("note", 200),
    )


def _contact(told: _Fields) -> ContactRecorded:
    channel = told.member("channel", Channel)
    if channel not in CHANNELS:
        raise BadBody("channel", ", ".join(CHANNELS))
    return ContactRecorded(
        told.whole("client_id", 1, 2**31 - 1),
        channel,
        told.instant("at"),
        told.member("person", PersonMet),
        told.flag("was_answered"),
        told.flag("spoke_of_debt"),
        told.text("text", LONGEST_TEXT),
        told.text("note", LONGEST_TEXT),
        told.part("promise", lambda one: (_cents(one), one.day("due_on"))),
    )


def _offer(told: _Fields) -> OfferRequested:
    return OfferRequested(
        told.whole("client_id", 1, 2**31 - 1),
        Terms(
            debt_cents=told.whole("debt_cents", 1, MOST_CENTS),
            discount_basis=told.whole("discount_basis", 0, WHOLE - 1),
            down_cents=told.whole("down_cents", 0, MOST_CENTS),
            count=told.whole("count", 1, MOST_INSTALMENTS),
            every_days=told.whole("every_days", 1, 366),
            first_on=told.day("first_on"),
            step_cents=told.whole("step_cents", 0, MOST_CENTS),
        ),
    )


def _photo(told: _Fields, *, is_signature: bool) -> Photo:
    return Photo(told.sha256("sha256"), told.whole("bytes", 1, 10**8), is_signature)


def _receipt(told: _Fields) -> GivenReceipt:
    return GivenReceipt(
        told.such("series", is_phone_series, "a series such as TK7QM"),
        told.whole("number", 1, MOST_FOLIO),
        told.such("code", is_receipt_code, "16 small letters and digits"),
    )


def _cents(told: _Fields) -> int:
    return told.whole("amount_cents", 1, MOST_CENTS)


_READERS: Mapping[SyncEventKind, Callable[[_Fields], Body]] = {
    SyncEventKind.VISIT_RECORDED: _visit,
    SyncEventKind.VISIT_ANNULLED: _annulled,
    SyncEventKind.ROUTE_REORDERED: _reorder,
    SyncEventKind.CONTACT_RECORDED: _contact,
    SyncEventKind.OFFER_REQUESTED: _offer,
}
