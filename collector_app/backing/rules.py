"""Kinds of guarantees, of people beside the debtor, and of papers; whom the law lets us contact."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from collector_app.compliance.rules import Block, Profile, person_blocks
from collector_app.core.errors import InvalidInput


class GuaranteeKind(StrEnum):
    """What the creditor may turn to when the debt is not paid."""

    PLEDGE = "pledge"  # prendaria
    MORTGAGE = "mortgage"  # hipotecaria
    LIQUID = "liquid"  # money held by the creditor
    MOVABLE = "movable"  # garantía mobiliaria, registered
    SURETY = "surety"  # fianza of a company


class GuaranteeState(StrEnum):
    """Whether a guarantee still stands."""

    IN_FORCE = "in_force"
    ENFORCED = "enforced"
    RELEASED = "released"


class ObligorKind(StrEnum):
    """What a person has to do with somebody else's debt."""

    GUARANTOR = "guarantor"  # aval
    CO_DEBTOR = "co_debtor"  # obligado solidario
    REFERENCE = "reference"  # knows the debtor, owes nothing


class DocumentKind(StrEnum):
    """What a paper proves."""

    PROMISSORY_NOTE = "promissory_note"
    CONTRACT = "contract"
    INVOICE = "invoice"
    DELIVERY_NOTE = "delivery_note"
    ACKNOWLEDGEMENT = "acknowledgement"
    DELIVERY_PROOF = "delivery_proof"


class BackingIncomplete(InvalidInput):
    """A name, a description or a value is missing; the field is named."""

    code = "backing_incomplete"


class NotADocument(InvalidInput):
    """A file is neither PDF, JPEG nor PNG by its first bytes."""

    code = "not_a_document"


# The law speaks of who opens the door: to it an obligado solidario is as an aval.
_TO_THE_LAW = {
    ObligorKind.GUARANTOR: "guarantor",
    ObligorKind.CO_DEBTOR: "guarantor",
    ObligorKind.REFERENCE: "reference",
}
_MEDIA_TYPES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


@dataclass(frozen=True, slots=True)
class GuaranteeData:
    """A guarantee as somebody tells it."""

    credit_id: int
    kind: GuaranteeKind
    description: str
    value_cents: int
    given_on: date


@dataclass(frozen=True, slots=True)
class ObligorData:
    """A person beside the debtor; without a credit they answer for all of them."""

    client_id: int
    kind: ObligorKind
    name: str
    phone: str | None
    address: str | None
    since_on: date
    credit_id: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentData:
    """What a paper is; its bytes are told apart."""

    credit_id: int
    kind: DocumentKind
    number: str | None
    dated_on: date
    file_name: str
    bill_number: str | None = None  # of the invoice that it belongs to


def contact_blocks(profile: Profile, kind: ObligorKind) -> tuple[Block, ...]:
    """Return the rules that forbid to contact a person about a debt; none if they may be."""
    return person_blocks(profile, _TO_THE_LAW[kind])


def document_type(head: bytes) -> str:
    """Return the media type that the first bytes of a file tell.

    Raises
    ------
    NotADocument
        For everything but PDF, JPEG and PNG.
    """
    for mark, media_type in _MEDIA_TYPES:
        if head.startswith(mark):
            return media_type
    raise NotADocument("file", "a PDF, JPEG or PNG")
