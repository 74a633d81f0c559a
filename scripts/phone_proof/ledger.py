"""What the people were told to be saved: each visit and each photo, noted outside of the phones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Said:
    """A visit of which a phone said "Guardado"; ``mark`` is what its note reads, and only its."""

    uuid: str
    mark: str
    photos: tuple[str, ...]  # SHA-256 of those that the phone took
    paid_cents: int


@dataclass
class Ledger:
    """Everything that was said to be saved, by the id of the visit."""

    said: dict[str, Said] = field(default_factory=dict)
    refused: int = 0  # visits and photos of which a phone said that there is no space
    faults: Counter[str] = field(default_factory=Counter)

    def hear(self, told: dict[str, Any]) -> None:
        """Note what a phone says at the moment at which its person may put it away."""
        photos: Sequence[str] = told["photos"]
        self.said[told["id"]] = Said(told["id"], told["mark"], tuple(photos), told["paid_cents"])
        self.refused += told["photos_refused"]

    def hear_refusal(self) -> None:
        """Note that a phone said aloud that it could not save a visit."""
        self.refused += 1
