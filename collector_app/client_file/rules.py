"""The kinds of events that a client's file tells, one after the other."""

from enum import StrEnum


class EventKind(StrEnum):
    """What happened with a client."""

    VISIT = "visit"
    CONTACT = "contact"
    PROMISE = "promise"
    PROMISE_CANCELLED = "promise_cancelled"
    PAYMENT = "payment"
    PAYMENT_ANNULLED = "payment_annulled"
    APPOINTMENT = "appointment"
    BAN = "ban"
    BAN_LIFTED = "ban_lifted"
    WISH = "wish"  # hours that they asked for
    WISH_ENDED = "wish_ended"
    LOCATION = "location"
    SCORING = "scoring"
    ZONE = "zone"
    CREDIT = "credit"
    INVOICE = "invoice"
    BALANCE = "balance"  # the creditor told another one
    LET_GO = "let_go"  # what a kept agreement let go of
    GUARANTEE = "guarantee"
    OBLIGOR = "obligor"
    DOCUMENT = "document"
    STAGE = "stage"
    SETTLED = "settled"
    SETTLEMENT_LETTER = "settlement_letter"
    PAUSE = "pause"
    RESUMED = "resumed"
    AGREEMENT_PROPOSED = "agreement_proposed"
    AGREEMENT_APPROVED = "agreement_approved"
    AGREEMENT_SIGNED = "agreement_signed"
    AGREEMENT_CANCELLED = "agreement_cancelled"
    COMPLAINT = "complaint"
    COMPLAINT_ANSWERED = "complaint_answered"
