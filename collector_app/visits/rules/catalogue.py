"""The catalogue: people met, outcomes, objections, and which of them fit together.

Source: outcome and objection lists of field collection systems and courses, merged and cut down
to what leads to different next steps (see the glossary).
"""

from enum import StrEnum


class PersonMet(StrEnum):
    """Who opened: always asked first, because it decides what may be said."""

    HOLDER = "holder"
    RELATIVE = "relative"
    GUARANTOR = "guarantor"
    EMPLOYEE = "employee"
    NEIGHBOUR = "neighbour"
    MINOR = "minor"
    NOBODY = "nobody"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What came of a visit."""

    PAID_IN_FULL = "paid_in_full"
    PAID_IN_PART = "paid_in_part"
    PROMISED = "promised"
    APPOINTMENT = "appointment"
    NO_AGREEMENT = "no_agreement"
    REFUSED = "refused"
    CLAIMS_PAID = "claims_paid"
    DISPUTES_DEBT = "disputes_debt"
    PRODUCT_CLAIM = "product_claim"
    HARDSHIP = "hardship"
    ASKS_DISCOUNT = "asks_discount"
    ASKS_TIME = "asks_time"
    THIRD_PARTY = "third_party"
    MINOR_ANSWERED = "minor_answered"
    NOT_HOME = "not_home"
    BUSINESS_CLOSED = "business_closed"
    ADDRESS_NOT_FOUND = "address_not_found"
    MOVED = "moved"
    UNKNOWN_THERE = "unknown_there"
    DOCUMENT_DELIVERED = "document_delivered"
    DECEASED = "deceased"
    UNSAFE = "unsafe"
    NOT_VISITED = "not_visited"
    OTHER = "other"


class Objection(StrEnum):
    """Why the client did not pay, in their own reasoning."""

    NO_MONEY = "no_money"
    NEXT_WEEK = "next_week"
    ALREADY_PAID = "already_paid"
    NOT_MY_DEBT = "not_my_debt"
    BAD_PRODUCT = "bad_product"
    NO_INVOICE = "no_invoice"
    WRONG_AMOUNT = "wrong_amount"
    ALREADY_AGREED = "already_agreed"
    WILL_SUE = "will_sue"
    WAS_THREATENED = "was_threatened"
    LOST_JOB = "lost_job"
    TAKE_COLLATERAL = "take_collateral"


class Field(StrEnum):
    """A group of fields that the form shows for an outcome."""

    PROMISE = "promise"  # amount and date
    PAYMENT = "payment"  # amount, method, reference
    APPOINTMENT = "appointment"  # day and hour
    OBJECTION = "objection"
    NOTE = "note"


# Who answers for the debt: only with them is it talked about, and only they can promise.
RESPONSIBLE = frozenset({PersonMet.HOLDER, PersonMet.GUARANTOR})

_TALKED = (
    Outcome.PROMISED,
    Outcome.PAID_IN_PART,
    Outcome.PAID_IN_FULL,
    Outcome.APPOINTMENT,
    Outcome.NO_AGREEMENT,
    Outcome.REFUSED,
    Outcome.HARDSHIP,
    Outcome.CLAIMS_PAID,
    Outcome.DISPUTES_DEBT,
    Outcome.PRODUCT_CLAIM,
    Outcome.ASKS_TIME,
    Outcome.ASKS_DISCOUNT,
    Outcome.DOCUMENT_DELIVERED,
)
_ALWAYS = (Outcome.UNSAFE, Outcome.OTHER)

# Third parties may hand over money that the holder left with them, but nothing about the debt is
# asked of them.
OFFERED: dict[PersonMet, tuple[Outcome, ...]] = {
    PersonMet.HOLDER: (*_TALKED, *_ALWAYS),
    PersonMet.GUARANTOR: (*_TALKED, Outcome.MOVED, Outcome.DECEASED, *_ALWAYS),
    PersonMet.RELATIVE: (
        Outcome.THIRD_PARTY,
        Outcome.PAID_IN_PART,
        Outcome.PAID_IN_FULL,
        Outcome.APPOINTMENT,
        Outcome.MOVED,
        Outcome.UNKNOWN_THERE,
        Outcome.DECEASED,
        *_ALWAYS,
    ),
    PersonMet.EMPLOYEE: (
        Outcome.THIRD_PARTY,
        Outcome.PAID_IN_PART,
        Outcome.PAID_IN_FULL,
        Outcome.APPOINTMENT,
        Outcome.MOVED,
        Outcome.UNKNOWN_THERE,
        *_ALWAYS,
    ),
    PersonMet.NEIGHBOUR: (
        Outcome.NOT_HOME,
        Outcome.MOVED,
        Outcome.UNKNOWN_THERE,
        Outcome.ADDRESS_NOT_FOUND,
        Outcome.DECEASED,
        *_ALWAYS,
    ),
    PersonMet.MINOR: (Outcome.MINOR_ANSWERED, Outcome.NOT_VISITED),
    PersonMet.NOBODY: (
        Outcome.NOT_HOME,
        Outcome.MOVED,
        Outcome.ADDRESS_NOT_FOUND,
        Outcome.NOT_VISITED,
        *_ALWAYS,
    ),
    PersonMet.CLOSED: (
        Outcome.BUSINESS_CLOSED,
        Outcome.MOVED,
        Outcome.NOT_VISITED,
        *_ALWAYS,
    ),
}

# One order of the tiles for everybody: what is frequent for a person comes first among theirs.
TILES = (
    Outcome.THIRD_PARTY,
    Outcome.MINOR_ANSWERED,
    Outcome.NOT_HOME,
    Outcome.BUSINESS_CLOSED,
    *_TALKED,
    Outcome.MOVED,
    Outcome.UNKNOWN_THERE,
    Outcome.ADDRESS_NOT_FOUND,
    Outcome.DECEASED,
    Outcome.NOT_VISITED,
    *_ALWAYS,
)

_REQUIRED: dict[Outcome, Field] = {
    Outcome.PAID_IN_FULL: Field.PAYMENT,
    Outcome.PAID_IN_PART: Field.PAYMENT,
    Outcome.PROMISED: Field.PROMISE,
    Outcome.APPOINTMENT: Field.APPOINTMENT,
    Outcome.NO_AGREEMENT: Field.OBJECTION,
    Outcome.PRODUCT_CLAIM: Field.NOTE,
    Outcome.UNSAFE: Field.NOTE,
    Outcome.NOT_VISITED: Field.NOTE,
    Outcome.OTHER: Field.NOTE,
}

# What the client argued is already said by these outcomes: it is not asked again.
_IMPLIED: dict[Outcome, Objection] = {
    Outcome.CLAIMS_PAID: Objection.ALREADY_PAID,
    Outcome.DISPUTES_DEBT: Objection.NOT_MY_DEBT,
    Outcome.PRODUCT_CLAIM: Objection.BAD_PRODUCT,
    Outcome.HARDSHIP: Objection.NO_MONEY,
}

_ARGUED = frozenset(
    {Outcome.NO_AGREEMENT, Outcome.REFUSED, Outcome.ASKS_TIME, Outcome.ASKS_DISCOUNT}
)


_ARGUES_DEBT = frozenset(_TALKED) - {
    Outcome.PAID_IN_FULL,
    Outcome.PAID_IN_PART,
    Outcome.APPOINTMENT,
    Outcome.DOCUMENT_DELIVERED,
}


def is_contact(person_met: PersonMet, outcome: Outcome) -> bool:
    """Tell whether a visit reached somebody who answers for the debt.

    Source: contact rate as collection offices count it (visits with the holder over visits made);
    the guarantor counts because the debt may be talked about with them.
    """
    return person_met in RESPONSIBLE and outcome is not Outcome.NOT_VISITED


def speaks_of_debt(outcome: Outcome, objection: Objection | None) -> bool:
    """Tell whether a visit can have ended like that only by talking about the debt.

    Others may hand over money or say when the holder is at home; who promises, refuses or argues
    knows of the debt.
    """
    return outcome in _ARGUES_DEBT or objection is not None


def may_promise(person_met: PersonMet) -> bool:
    """Tell whether a promise may be taken from the person who was met.

    Never from a minor or from a third party. Source: CONDUSEF's Disposiciones for collection
    offices (DOF 7 October 2014, after article 17 Bis 4 of the LTOSF) forbid to deal with minors
    and to collect from anybody but the debtor and guarantors.
    """
    return person_met in RESPONSIBLE


def may_add_promise(person_met: PersonMet, outcome: Outcome) -> bool:
    """Tell whether the rest may be promised in the visit in which a part was paid."""
    return outcome is Outcome.PAID_IN_PART and may_promise(person_met)


def offered(person_met: PersonMet) -> tuple[Outcome, ...]:
    """Return the outcomes that fit who was met, in the order of the tiles."""
    return OFFERED[person_met]


def required(outcome: Outcome) -> Field | None:
    """Return what an outcome can't be told without, if anything."""
    return _REQUIRED.get(outcome)


def asked(outcome: Outcome) -> tuple[Field, ...]:
    """Return the fields that the form shows for an outcome, required or not; a note always fits."""
    needed = required(outcome)
    fields = (needed,) if needed else ()
    if may_argue(outcome) and Field.OBJECTION not in fields:
        fields = (*fields, Field.OBJECTION)
    return fields


def may_argue(outcome: Outcome) -> bool:
    """Tell whether the form asks what the client argued."""
    return outcome in _ARGUED


def implied_objection(outcome: Outcome) -> Objection | None:
    """Return the objection that an outcome already states."""
    return _IMPLIED.get(outcome)
