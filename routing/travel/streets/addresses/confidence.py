"""How sure a found address is: explicit rules, each a factor between 0 and 1.

The confidence of a match is what its kind is worth, times what its doubts take off. It estimates
the chance that the client's door is within about a block of the point. The figures are decisions
of this project, not measurements; docs/import.md tells them to those who use them.
"""

from dataclasses import dataclass
from enum import StrEnum


class MatchKind(StrEnum):
    """What was found of an address."""

    HOUSE = "house"
    CORNER = "corner"
    STREET = "street"
    NEIGHBOURHOOD = "neighbourhood"


class Doubt(StrEnum):
    """Why a match is not sure."""

    ESTIMATED_NUMBER = "estimated_number"  # between two houses whose numbers are known
    UNKNOWN_NUMBER = "unknown_number"  # the map has no house of this number
    LONG_STREET = "long_street"
    UNKNOWN_CORNER = "unknown_corner"  # the streets don't meet, or one of them is unknown
    SAME_NAME = "same_name"  # several streets fit as well
    SPELLING = "spelling"
    OTHER_KIND = "other_kind"  # the map says Privada, the address Avenida
    OTHER_NEIGHBOURHOOD = "other_neighbourhood"
    UNKNOWN_NEIGHBOURHOOD = "unknown_neighbourhood"
    ONLY_NEIGHBOURHOOD = "only_neighbourhood"


@dataclass(frozen=True, slots=True)
class ConfidenceRules:
    """What each kind of match is worth, and what each doubt leaves of it.

    Attributes
    ----------
    house, estimated_house
        The number is on the map; or stands between two numbers of the same street that are.
    corner, block
        Two streets meet; or the place between two corners of a street.
    streets
        Pairs of reach (metres from the middle of the street to its farther end) and worth: the
        middle of a long street without a number may be kilometres from the door.
    beyond
        A street longer than that.
    neighbourhood
        Only the neighbourhood is known.
    other_kind, opposite_kind
        The kind of street differs; a private road, alley or close against a street people walk
        through, which often exist side by side.
    half_corner
        Of "between X and Y" only one street was found.
    unknown_neighbourhood
        The address names a neighbourhood that the map doesn't know.
    other_neighbourhood
        The only streets of this name lie outside of the neighbourhood that the address names.
    """

    house: float = 0.95
    estimated_house: float = 0.8
    corner: float = 0.9
    block: float = 0.85
    streets: tuple[tuple[float, float], ...] = (
        (60.0, 0.8),
        (120.0, 0.7),
        (250.0, 0.5),
        (500.0, 0.35),
        (1000.0, 0.2),
    )
    beyond: float = 0.1
    neighbourhood: float = 0.1
    other_kind: float = 0.9
    opposite_kind: float = 0.7
    half_corner: float = 0.8
    unknown_neighbourhood: float = 0.9
    other_neighbourhood: float = 0.4

    def street(self, reach_m: float) -> float:
        """Return what a street without a number is worth."""
        return next((worth for reach, worth in self.streets if reach_m <= reach), self.beyond)


# From here on a street counts as long: less than even odds.
LONG_STREET_M = 120.0
