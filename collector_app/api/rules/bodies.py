"""The bodies that the API takes: their fields, types and limits are its contract.

Money is whole cents, instants name their zone. A field that a body does not know is refused.
"""

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from collector_app.absences.rules import AbsenceKind
from collector_app.core.money import MOST_CENTS
from collector_app.payments.rules import PaymentMethod
from collector_app.portfolio.rules import AddressOrigin, ClientKind, VisitPlaceKind
from collector_app.visits.rules import Objection, Outcome, PersonMet

_PRINTABLE = "^[^\\u0000]*$"  # PostgreSQL keeps every letter but this one
_NOT_BLANK = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"

Id = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Instant = Annotated[datetime, Meta(tz=True)]
AnyCents = Annotated[int, Meta(ge=0, le=MOST_CENTS)]
SomeCents = Annotated[int, Meta(ge=1, le=MOST_CENTS)]
Number = Annotated[str, Meta(min_length=1, max_length=40, pattern=_NOT_BLANK)]
Reference = Annotated[str, Meta(max_length=60, pattern=_PRINTABLE)]
Note = Annotated[str, Meta(max_length=2000, pattern=_PRINTABLE)]
AbsenceNote = Annotated[str, Meta(max_length=240, pattern=_PRINTABLE)]
Reason = Annotated[str, Meta(min_length=1, max_length=200, pattern=_NOT_BLANK)]
Place = Annotated[str, Meta(max_length=120, pattern=_PRINTABLE)]
Lat = Annotated[float, Meta(ge=-90, le=90)]
Lon = Annotated[float, Meta(ge=-180, le=180)]

MOST_CLIENTS, MOST_CREDITS, MOST_INVOICES = 500, 50, 200  # at once; of a client; of a credit


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class InvoiceIn(_Body, frozen=True, kw_only=True):
    """An invoice or an instalment; ``due_on`` may only be missing when nothing is owed."""

    number: Number
    balance_cents: AnyCents
    due_on: date | None = None
    issued_on: date | None = None
    amount_cents: AnyCents | None = None


class CreditIn(_Body, frozen=True, kw_only=True):
    """A loan or a line of credit; ``currency`` is ISO 4217.

    ``creditor`` is the name of a creditor that there is, whose law holds beside that of the house.
    """

    number: Number
    invoices: Annotated[list[InvoiceIn], Meta(min_length=1, max_length=MOST_INVOICES)]
    product: Annotated[str, Meta(max_length=80, pattern=_PRINTABLE)] | None = None
    creditor: Annotated[str, Meta(max_length=160, pattern=_PRINTABLE)] | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | None = None
    opened_on: date | None = None


class _ClientFields(_Body, frozen=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=160, pattern=_NOT_BLANK)]
    address: Annotated[str, Meta(min_length=1, max_length=240, pattern=_NOT_BLANK)]
    credits: Annotated[list[CreditIn], Meta(min_length=1, max_length=MOST_CREDITS)]
    kind: ClientKind | None = None
    phone: Annotated[str, Meta(pattern="^\\+[0-9]{8,15}$")] | None = None
    neighbourhood: Place | None = None
    municipality: Place | None = None
    lat: Lat | None = None
    lon: Lon | None = None
    note: Note | None = None
    place_kind: VisitPlaceKind | None = None
    place_authorised: bool | None = None
    place_origin: AddressOrigin | None = None


class ClientIn(_ClientFields, frozen=True, kw_only=True):
    """A client with their credits as the creditor knows them; what is not stated stays.

    ``balance_at`` is the instant at which the balances were true, now when missing: payments
    received later come off them.
    """

    balance_at: Instant | None = None


class NumberedClientIn(_ClientFields, frozen=True, kw_only=True):
    """A client among others, by the creditor's number."""

    number: Number


class ClientsIn(_Body, frozen=True, kw_only=True):
    """Clients to be taken all at once, or none of them; ``balance_at`` as of one client."""

    clients: Annotated[list[NumberedClientIn], Meta(min_length=1, max_length=MOST_CLIENTS)]
    balance_at: Instant | None = None


class VisitPromiseIn(_Body, frozen=True, kw_only=True):
    """What was promised at a visit."""

    amount_cents: SomeCents
    due_on: date


class VisitPaymentIn(_Body, frozen=True, kw_only=True):
    """What was paid at a visit."""

    amount_cents: SomeCents
    method: PaymentMethod
    reference: Reference | None = None


class VisitIn(_Body, frozen=True, kw_only=True):
    """A visit of a collector with what was promised, paid or agreed at the door."""

    collector_id: Id
    client_number: Number
    started_at: Instant
    ended_at: Instant
    person_met: PersonMet
    outcome: Outcome
    objection: Objection | None = None
    note: Note | None = None
    stop_id: Id | None = None
    lat: Lat | None = None
    lon: Lon | None = None
    accuracy_m: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    promise: VisitPromiseIn | None = None
    payment: VisitPaymentIn | None = None
    appointment_at: Instant | None = None


class PromiseIn(_Body, frozen=True, kw_only=True):
    """A promise; with a visit, of the collector who made it. ``made_at`` is now when missing."""

    client_number: Number
    amount_cents: SomeCents
    due_on: date
    made_at: Instant | None = None
    collector_id: Id | None = None
    visit_id: Id | None = None


class PaymentIn(_Body, frozen=True, kw_only=True):
    """Money received; with a visit, by the collector who made it. Now, when no time is told."""

    client_number: Number
    amount_cents: SomeCents
    method: PaymentMethod
    reference: Reference | None = None
    received_at: Instant | None = None
    collector_id: Id | None = None
    visit_id: Id | None = None


class AbsenceIn(_Body, frozen=True, kw_only=True):
    """Days, both inclusive, on which a collector does not work."""

    collector_id: Id
    kind: AbsenceKind
    from_on: date
    to_on: date
    note: AbsenceNote = ""


class AnnulmentIn(_Body, frozen=True, kw_only=True):
    """Why something that was told is taken back."""

    reason: Reason


class ZoneCollectorIn(_Body, frozen=True, kw_only=True):
    """Who is in charge of a zone from a day on; null leaves it to nobody."""

    collector_id: Id | None
    from_on: date
