"""The rows that the API answers with: their fields and types are its contract.

Money is whole cents of ``currency`` (ISO 4217), that of the client's credits: of several the first
by letters. Instants are UTC, times of a route are seconds since local midnight. Fields are only
ever added.
"""

from datetime import date, datetime
from typing import Any

import msgspec

from collector_app.absences.rules import AbsenceKind
from collector_app.payments.rules import PaymentMethod
from collector_app.portfolio.rules import AgingBucket, ClientKind, LocationQuality
from collector_app.promises.rules import PromiseState
from collector_app.visits.rules import Objection, Outcome, PersonMet


class CreditOut(msgspec.Struct, frozen=True):
    """A credit of a client; ``creditor`` is whose it is by name, null where it is the house's."""

    number: str
    product: str | None
    currency: str
    creditor: str | None


class ClientOut(msgspec.Struct, frozen=True):
    """A client with what they owe today, and whose their credits are.

    ``creditors`` are the names of those whose some credit is, by letters; none where all are the
    house's.
    """

    id: int
    number: str
    name: str
    kind: ClientKind
    phone: str | None
    address: str
    neighbourhood: str | None
    municipality: str | None
    lat: float | None
    lon: float | None
    location_quality: LocationQuality
    zone_id: int | None
    balance_cents: int
    overdue_cents: int
    days_past_due: int
    bucket: AgingBucket
    currency: str
    creditors: list[str]
    credits: list[CreditOut]


class VisitOut(msgspec.Struct, frozen=True):
    """A visit; ``started_at`` is of the phone's clock, ``received_at`` of ours."""

    id: int
    uuid: str
    client_id: int
    client_number: str
    collector_id: int
    stop_id: int | None
    started_at: datetime
    ended_at: datetime
    received_at: datetime
    person_met: PersonMet
    outcome: Outcome
    objection: Objection | None
    note: str | None
    lat: float | None
    lon: float | None
    accuracy_m: int | None


class AnnulledVisitOut(msgspec.Struct, frozen=True):
    """A visit that was taken back: no list shows it any more, our log keeps it."""

    id: int
    reason: str
    annulled_at: datetime


class PromiseOut(msgspec.Struct, frozen=True):
    """A promise and how it stands today."""

    id: int
    client_id: int
    visit_id: int | None
    collector_id: int | None
    amount_cents: int
    paid_cents: int
    due_on: date
    made_at: datetime
    state: PromiseState
    currency: str


class PaymentOut(msgspec.Struct, frozen=True):
    """Money received; one that was annulled stays, with the instant."""

    id: int
    uuid: str
    client_id: int
    client_number: str
    visit_id: int | None
    collector_id: int | None
    method: PaymentMethod
    reference: str | None
    amount_cents: int
    received_at: datetime
    annulled_at: datetime | None
    currency: str


class StopOut(msgspec.Struct, frozen=True):
    """A stop of a route, in its order."""

    id: int
    position: int
    client_id: int
    arrives_s: int
    leaves_s: int
    travel_s: int
    travel_m: int
    prize_cents: int
    currency: str


class RouteOut(msgspec.Struct, frozen=True):
    """The day of one collector; ``path`` is an encoded polyline: 5 decimals, latitude first."""

    id: int
    collector_id: int
    leaves_s: int
    returns_s: int
    travel_s: int
    travel_m: int
    stops: list[StopOut]
    path: str


class PlanOut(msgspec.Struct, frozen=True):
    """A plan with its routes.

    ``published_at`` is null as long as phones have not seen it; ``withdrawn_at`` tells when a newer
    one took its place.
    """

    id: int
    day: date
    published_at: datetime | None
    withdrawn_at: datetime | None
    routes: list[RouteOut]


class AbsenceOut(msgspec.Struct, frozen=True):
    """Days, both inclusive, on which a collector does not work; a cancelled one stays."""

    id: int
    collector_id: int
    kind: AbsenceKind
    from_on: date
    to_on: date
    note: str | None
    cancelled_at: datetime | None


class ImportedOut(msgspec.Struct, frozen=True):
    """What became of clients that were told, with their credits and invoices.

    ``kept`` names what was not taken as told, because something better was known.
    """

    clients_created: int
    clients_changed: int
    credits_created: int
    credits_changed: int
    invoices_created: int
    invoices_changed: int
    kept: list[str]


class ZoneOut(msgspec.Struct, frozen=True):
    """A zone that is in force today, with its collector and its outline as GeoJSON."""

    id: int
    name: str
    colour: str
    from_on: date
    collector_id: int | None
    client_count: int
    outline: dict[str, Any]
