"""Where a rule comes from, and how sure we are of it."""

from dataclasses import dataclass
from enum import StrEnum


class Confidence(StrEnum):
    """How sure we are that a rule says what we think it says."""

    HIGH = "high"  # the text of the law was read
    MEDIUM = "medium"  # secondary sources that agree
    LOW = "low"  # secondary sources that differ, or one alone


class Ground(StrEnum):
    """On what grounds a law itself lets one of its bans be lifted for a client."""

    MICROCREDIT_AUTHORISED = "microcredit_authorised"
    RURAL_CREDIT_AUTHORISED = "rural_credit_authorised"
    NO_UPDATED_CONTACT = "no_updated_contact"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from: article, what it says (Spanish), where it was read.

    ``creditors`` are the names of those whose law it is; none where it is the law of the house.
    """

    article: str
    text: str
    read_in: str
    confidence: Confidence
    creditors: tuple[str, ...] = ()
