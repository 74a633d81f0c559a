"""How much of the free-flow speed is reached, per kind of road and time slot.

``speeds.toml`` beside this file is the start; ``speeds.json`` in a pack, written by calibration,
takes its place for the roads and hours that it names.
"""

import hashlib
import json
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from routing.errors import BrokenPack
from routing.travel.slots import Slot
from routing.travel.streets.network import Floats
from routing.travel.streets.rules import CLASSES

SPEEDS_FILE = "speeds.json"
DEFAULTS_FILE = Path(__file__).with_name("speeds.toml")
OTHER = "other"
# Beyond these a factor is a mistake, not a traffic jam.
LOWEST, HIGHEST = 0.05, 3.0

Factors = Mapping[str, Mapping[Slot, float]]


@dataclass(frozen=True, slots=True)
class SpeedFactors:
    """Share of the free-flow speed per road class and slot, of every class and slot.

    Attributes
    ----------
    factors : mapping of road class to mapping of Slot to float
        1 is free flow, 0.5 takes twice the time.
    source : str
        Where they come from, for people to read.
    """

    factors: Factors
    source: str

    def of(self, road_class: str, slot: Slot) -> float:
        """Return one factor."""
        return self.factors[road_class][slot]

    def by_class(self, slot: Slot) -> Floats:
        """Return the factors of a slot, float64[classes], in the order of ``rules.CLASSES``."""
        return np.array([self.factors[name][slot] for name in CLASSES], dtype=np.float64)

    def replaced(self, changes: Factors, source: str) -> "SpeedFactors":
        """Return these factors with some replaced."""
        merged = {name: {**self.factors[name], **changes.get(name, {})} for name in CLASSES}
        return SpeedFactors(merged, source)

    @property
    def digest(self) -> str:
        """Return a short text that differs when any factor does."""
        table = [self.by_class(slot).tolist() for slot in Slot]
        return hashlib.blake2b(json.dumps(table).encode(), digest_size=4).hexdigest()


def default_factors() -> SpeedFactors:
    """Return the factors that hold before anything was calibrated."""
    told = tomllib.loads(DEFAULTS_FILE.read_text("utf-8"))
    factors = {
        name: {slot: float(told.get(name, told[OTHER])[slot]) for slot in Slot} for name in CLASSES
    }
    return SpeedFactors(factors, "assumption")


def read_factors(folder: Path) -> SpeedFactors:
    """Return the factors of a pack: the calibrated ones it holds, else the defaults.

    Raises
    ------
    BrokenPack
        If the pack holds a file of factors that can't be understood.
    """
    try:
        told = json.loads((folder / SPEEDS_FILE).read_text("utf-8"))
    except FileNotFoundError:
        return default_factors()
    except (OSError, ValueError) as error:
        raise BrokenPack(folder, f"{SPEEDS_FILE} is unreadable ({error})") from error
    try:
        changes = {str(name): _row(row) for name, row in told["factors"].items()}
        source = str(told["source"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BrokenPack(folder, f"{SPEEDS_FILE}: expected factors per road ({error})") from error
    return default_factors().replaced(changes, source)


def write_factors(folder: Path, changes: Factors, source: str) -> SpeedFactors:
    """Keep calibrated factors in a pack, whole or not at all; travel opened later uses them.

    Parameters
    ----------
    changes : mapping of road class to mapping of Slot to float
        What was learnt; the defaults stay for the rest.
    source : str
        For people to read: which trips, until when.

    Raises
    ------
    ValueError
        If a factor is not between ``LOWEST`` and ``HIGHEST`` or a name is unknown.
    """
    unknown = set(changes) - set(CLASSES)
    if unknown:
        raise ValueError(f"no such road class: {', '.join(sorted(unknown))}")
    rows = {name: _row(row) for name, row in changes.items()}
    text = json.dumps({"source": source, "factors": rows}, indent=1, ensure_ascii=False)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as file:
        file.write(text)
    Path(file.name).replace(folder / SPEEDS_FILE)
    return read_factors(folder)


def _row(told: Mapping[Any, Any]) -> dict[Slot, float]:
    row = {Slot(slot): float(factor) for slot, factor in told.items()}
    for slot, factor in row.items():
        if not LOWEST <= factor <= HIGHEST:
            raise ValueError(f"{slot}: expected {LOWEST} to {HIGHEST}, got {factor}")
    return row
