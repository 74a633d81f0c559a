"""What can come of a visit; the catalogue of outcomes, of people met and of objections."""

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class VisitFact:
    """A visit as the phone or the desk tells it; the same door for both."""

    uuid: str
    client_id: int
    stop_id: int | None
    started_at: datetime
    ended_at: datetime
    person_met: PersonMet
    outcome: Outcome
    objection: Objection | None = None
    note: str | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None
    no_gps_reason: str | None = None
