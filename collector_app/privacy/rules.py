"""When data must go, what may not go yet, and what a corrected datum looks like."""

import re
from dataclasses import dataclass

from collector_app.core.errors import InvalidInput, RuleBroken

ERASED = "Datos borrados"  # in place of a name and of words; Spanish, people read it
_E164 = re.compile(r"\+[1-9]\d{7,14}")


class DataStillNeeded(RuleBroken):
    """The client owes something or waits for an answer: their data is still needed."""

    code = "data_still_needed"


class KeptTooShort(InvalidInput):
    """The law wants the log kept for longer."""

    code = "kept_too_short"


class BadCorrection(InvalidInput):
    """A corrected datum can't be used; the field is named."""

    code = "bad_correction"


class ErasureUnexplained(InvalidInput):
    """Data goes for ever: that needs a reason in words."""

    code = "erasure_unexplained"


@dataclass(frozen=True, slots=True)
class Correction:
    """A client's data as it should be; an empty phone means that there is none."""

    name: str
    phone: str
    address: str
    neighbourhood: str
    municipality: str


def check_correction(data: Correction) -> None:
    """Raise `BadCorrection` with the first field that can't be used."""
    checks = (
        (bool(data.name.strip()), "name", "a name"),
        (bool(data.address.strip()), "address", "an address"),
        (not data.phone or bool(_E164.fullmatch(data.phone)), "phone", "+ and 8 to 15 digits"),
    )
    for holds, field, expected in checks:
        if not holds:
            raise BadCorrection(field, expected)
