"""Reads of the cartera: what lists, cards and maps need to know of clients."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from collector_app.core.money import USUAL_CURRENCY
from collector_app.core.selection import among
from collector_app.portfolio.models import (
    Client,
    Credit,
    Creditor,
    CreditorWord,
    Invoice,
    VisitPlace,
    plain_sql,
)
from collector_app.portfolio.rules import (
    AddressOrigin,
    ClientKind,
    LocationQuality,
    VisitedPlace,
    VisitPlaceKind,
)

# Letters that people leave out or write otherwise when they search; both databases know replace().
_ACCENTS = str.maketrans("áéíóúüñ", "aeiouun")


@dataclass(frozen=True, slots=True)
class ClientCard:
    """A client as a card shows one; no debts, which belong to `payments`."""

    id: int
    external_id: str
    name: str
    kind: ClientKind
    phone: str | None  # E.164
    address: str
    neighbourhood: str | None
    municipality: str | None
    lat: float | None
    lon: float | None
    location_quality: LocationQuality
    location_confidence: float | None


@dataclass(frozen=True, slots=True)
class ClientPoint:
    """Where a client is, WGS-84 degrees."""

    id: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """Which clients a list shows."""

    search: str = ""  # in number, name, address, neighbourhood and phone
    municipality: str = ""
    kind: ClientKind | None = None
    is_located: bool | None = None


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice as the creditor told it."""

    number: str
    issued_on: date | None
    due_on: date
    amount_cents: int
    balance_cents: int
    balance_at: datetime


@dataclass(frozen=True, slots=True)
class CreditRow:
    """A credit with its invoices, the oldest due first."""

    external_id: str
    product: str | None
    currency: str
    opened_on: date | None
    invoices: tuple[InvoiceRow, ...]
    creditor: str | None = None  # None: the house's own

    @property
    def balance_cents(self) -> int:
        """Return what the creditor said is owed on all its invoices."""
        return sum(invoice.balance_cents for invoice in self.invoices)


@dataclass(frozen=True, slots=True)
class ClientFile:
    """A client with what the creditor told about their debts."""

    card: ClientCard
    note: str | None
    created_at: datetime
    credits: tuple[CreditRow, ...]
    place: "ToldPlace | None" = None  # where they are visited, as somebody told

    @property
    def currency(self) -> str:
        """Return the currency of the credits, also of those that are paid; of several the last."""
        return next((one.currency for one in reversed(self.credits)), USUAL_CURRENCY)


CARD_COLUMNS: tuple[Any, ...] = (
    Client.id,
    Client.external_id,
    Client.name,
    Client.kind,
    Client.phone,
    Client.address,
    Client.neighbourhood,
    Client.municipality,
    Client.lat,
    Client.lon,
    Client.location_quality,
    Client.location_confidence,
)
_SEARCHED = (Client.name, Client.external_id, Client.address, Client.neighbourhood, Client.phone)


def client_cards(session: Session, client_ids: Collection[int]) -> dict[int, ClientCard]:
    """Return the cards of some clients by id; unknown ids are absent."""
    rows = session.execute(select(*CARD_COLUMNS).where(among(Client.id, client_ids)))
    return {row.id: ClientCard(*row) for row in rows}


def client_names(session: Session, client_ids: Collection[int]) -> dict[int, str]:
    """Return the names of some clients by id; a card of a thousand takes five times longer."""
    rows = session.execute(select(Client.id, Client.name).where(among(Client.id, client_ids)))
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class ToldPlace:
    """The newest word on the place where a client is visited; see `VisitPlace`."""

    kind: VisitPlaceKind | None
    is_authorised: bool
    origin: AddressOrigin | None
    told_at: datetime


def told_places(
    session: Session,
    client_ids: Collection[int] | None = None,
    before: datetime | None = None,
) -> dict[int, ToldPlace]:
    """Return what was last said of the places of clients, before an instant or until now."""
    return dict(_words(session, client_ids, before))


def _words(
    session: Session, client_ids: Collection[int] | None, before: datetime | None
) -> Iterator[tuple[int, ToldPlace]]:
    statement = select(
        VisitPlace.client_id,
        VisitPlace.kind,
        VisitPlace.is_authorised,
        VisitPlace.origin,
        VisitPlace.told_at,
    ).where(among(VisitPlace.client_id, client_ids))
    if before is not None:
        statement = statement.where(VisitPlace.told_at < before)
    for row in session.execute(statement.order_by(VisitPlace.id)):
        yield row[0], ToldPlace(*row[1:])


def visit_places(
    session: Session, before: datetime, client_ids: Collection[int] | None = None
) -> dict[int, VisitedPlace]:
    """Return where clients are visited, as was known before an instant.

    Those of whose place neither the kind nor the origin was known are left out.
    """
    found = told_places(session, client_ids, before)
    places = {client_id: visited_place(one) for client_id, one in found.items()}
    return {client_id: one for client_id, one in places.items() if one is not None}


def visited_place(told: ToldPlace) -> VisitedPlace | None:
    """Return what somebody said of a place; None when they knew neither kind nor origin."""
    if told.kind is None and told.origin is None:
        return None
    return VisitedPlace(told.kind, told.is_authorised, told.origin)


def place_words(
    session: Session, before: datetime, client_ids: Collection[int]
) -> dict[int, list[ToldPlace]]:
    """Return all that was said of the places of some clients before an instant, oldest first."""
    by_client: defaultdict[int, list[ToldPlace]] = defaultdict(list)
    for client_id, told in _words(session, client_ids, before):
        by_client[client_id].append(told)
    return dict(by_client)


def located_clients(session: Session) -> list[ClientPoint]:
    """Return every client that has coordinates, by id."""
    rows = session.execute(
        select(Client.id, Client.lat, Client.lon).where(Client.lat.is_not(None)).order_by(Client.id)
    )
    return [
        ClientPoint(id=id_, lat=lat, lon=lon)
        for id_, lat, lon in rows
        if lat is not None and lon is not None
    ]


def client_list(
    session: Session, wanted: ClientFilter, *, offset: int = 0, limit: int | None = None
) -> list[ClientCard]:
    """Return clients by name."""
    statement = in_order_of_names().where(*_conditions(wanted))
    rows = session.execute(statement.offset(offset).limit(limit))
    return [ClientCard(*row) for row in rows]


def in_order_of_names() -> Select[*tuple[Any, ...]]:
    """Select the cards of clients by name, along an index."""
    return select(*CARD_COLUMNS).order_by(_plain(Client.name), Client.id)


def client_count(session: Session, wanted: ClientFilter = ClientFilter()) -> int:
    """Return how many clients there are."""
    return session.scalars(select(func.count(Client.id)).where(*_conditions(wanted))).one()


def municipalities(session: Session) -> list[str]:
    """Return the municipalities that clients live in."""
    rows = session.scalars(
        select(Client.municipality)
        .where(Client.municipality.is_not(None))
        .distinct()
        .order_by(Client.municipality)
    )
    return [name for name in rows if name]


def client_file(session: Session, client_id: int) -> ClientFile | None:
    """Return a client with credits and invoices, or None when there is none."""
    client = session.scalars(
        select(Client)
        .where(Client.id == client_id)
        .options(selectinload(Client.credits).selectinload(Credit.invoices))
    ).one_or_none()
    if client is None:
        return None
    owners = creditors_of(session, [client_id])
    return ClientFile(
        card=client_cards(session, [client_id])[client_id],
        note=client.note,
        created_at=client.created_at,
        credits=tuple(
            _credit(one, owners.get(one.id))
            for one in sorted(client.credits, key=lambda c: c.external_id)
        ),
        place=told_places(session, [client_id]).get(client_id),
    )


def creditors_of(session: Session, client_ids: Collection[int]) -> dict[int, str]:
    """Return the names of the creditors of clients' credits, by credit; others are the house's."""
    found = session.execute(
        select(CreditorWord.credit_id, Creditor.name)
        .join(Credit, Credit.id == CreditorWord.credit_id)
        .outerjoin(Creditor, Creditor.id == CreditorWord.creditor_id)
        .where(among(Credit.client_id, client_ids))
        .order_by(CreditorWord.id)
    )
    newest = {credit_id: name for credit_id, name in found}  # noqa: C416 - rows are no pairs to mypy
    return {credit_id: name for credit_id, name in newest.items() if name is not None}


def _credit(credit: Credit, creditor: str | None) -> CreditRow:
    invoices = sorted(credit.invoices, key=lambda one: (one.due_on, one.number))
    return CreditRow(
        external_id=credit.external_id,
        product=credit.product,
        currency=credit.currency,
        opened_on=credit.opened_on,
        invoices=tuple(_invoice(one) for one in invoices),
        creditor=creditor,
    )


def _invoice(invoice: Invoice) -> InvoiceRow:
    return InvoiceRow(
        number=invoice.number,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        amount_cents=invoice.amount_cents,
        balance_cents=invoice.balance_cents,
        balance_at=invoice.balance_at,
    )


def currency_of(client_id: Any) -> ScalarSelect[Any]:
    """Return in what currency a client owes, that of their latest credit, for a statement."""
    return (
        select(Credit.currency)
        .where(Credit.client_id == client_id)
        .order_by(Credit.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def other_currencies(session: Session, client_ids: Collection[int]) -> dict[int, str]:
    """Return the currency of those of some clients who owe in another than the usual one."""
    latest = (
        select(func.max(Credit.id))
        .where(among(Credit.client_id, client_ids))
        .group_by(Credit.client_id)
    )
    found = session.execute(
        select(Credit.client_id, Credit.currency).where(
            Credit.id.in_(latest), Credit.currency != USUAL_CURRENCY
        )
    )
    return dict(iter(found))


def matching(words: str) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that each word stands somewhere in what is known of a client."""
    for word in words.lower().translate(_ACCENTS).split():
        yield or_(*(_plain(place).contains(word, autoescape=True) for place in _SEARCHED))


def _conditions(wanted: ClientFilter) -> Iterator[ColumnElement[bool]]:
    yield from matching(wanted.search)
    if wanted.municipality:
        yield Client.municipality == wanted.municipality
    if wanted.kind is not None:
        yield Client.kind == wanted.kind
    if wanted.is_located is not None:
        yield Client.lat.is_not(None) if wanted.is_located else Client.lat.is_(None)


def _plain(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """Return a column of clients in small letters without accents."""
    return literal_column(plain_sql(f"client.{column.key}"), String)
