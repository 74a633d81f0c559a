"""Coordinates: read, and looked at with suspicion, because people swap and shorten them."""

import re
from typing import NamedTuple

from collector_app.exchange.rules import CellProblem
from collector_app.exchange.sheets.cells import BadCell
from collector_app.exchange.sheets.grids import Cell, shown

DECIMALS = 7  # about a centimetre
_DEGREES = re.compile(
    r"([+\-\u2212]?)([0-9]{1,3})(?:[.,]([0-9]{1,20}))?°?\s*([NSEWO]?)", re.IGNORECASE
)


class Box(NamedTuple):
    """A country's extent, degrees, both ends inclusive."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Tell whether a point lies inside."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


# Extreme points of each country with its inhabited islands, rounded outwards to a tenth.
BOXES = {
    "AR": Box(-55.2, -21.7, -73.6, -53.6),
    "BO": Box(-22.9, -9.6, -69.7, -57.4),
    "BR": Box(-33.8, 5.3, -74.0, -28.8),
    "CL": Box(-56.6, -17.4, -109.5, -66.4),
    "CO": Box(-4.3, 13.6, -81.9, -66.8),
    "CR": Box(5.4, 11.3, -87.2, -82.5),
    "DO": Box(17.4, 20.0, -72.1, -68.2),
    "EC": Box(-5.1, 1.8, -92.1, -75.1),
    "GT": Box(13.7, 17.9, -92.3, -88.2),
    "HN": Box(12.9, 17.5, -89.4, -83.1),
    "MX": Box(14.5, 32.8, -118.5, -86.6),
    "NI": Box(10.7, 15.1, -87.7, -82.5),
    "PA": Box(7.1, 9.7, -83.1, -77.1),
    "PE": Box(-18.4, 0.1, -81.4, -68.6),
    "PY": Box(-27.7, -19.2, -62.7, -54.2),
    "SV": Box(13.1, 14.5, -90.2, -87.6),
    "UY": Box(-35.1, -30.0, -58.5, -53.0),
    "VE": Box(0.6, 15.8, -73.4, -59.7),
}


def read_coordinate(cell: Cell) -> float:
    """Read decimal degrees, with dot or comma, signed or with a letter: ``-99,13``, ``99.13 O``."""
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        degrees = float(cell)
    else:
        match = _DEGREES.fullmatch(shown(cell).strip())
        if match is None or (match[1] and match[4]):
            raise BadCell(CellProblem.NO_COORDINATE)
        sign = -1 if match[1] in ("-", "\u2212") or match[4].upper() in ("S", "W", "O") else 1
        degrees = sign * float(f"{match[2]}.{match[3] or 0}")
    if not abs(degrees) <= 180:  # also what is not a number
        raise BadCell(CellProblem.COORDINATE_OUT_OF_RANGE)
    return round(degrees, DECIMALS)


def is_no_position(lat: float, lon: float) -> bool:
    """Tell whether a position is the one that programs write for "none": 0, 0."""
    return lat == 0 and lon == 0


def doubt(lat: float, lon: float, country: str) -> CellProblem | None:
    """Return what is suspicious about a position, or None.

    Nothing is put right here: that a latitude and a longitude look swapped is told, and the
    person who knows corrects the file.
    """
    box = BOXES.get(country)
    if box is not None:
        if box.holds(lat, lon):
            return None
        if box.holds(lon, lat):
            return CellProblem.SWAPPED_COORDINATES
        if any(box.holds(*turned) for turned in ((lat, -lon), (-lat, lon), (-lat, -lon))):
            return CellProblem.SIGN_LOST
    if abs(lat) > 90:
        return (
            CellProblem.SWAPPED_COORDINATES
            if abs(lon) <= 90
            else CellProblem.COORDINATE_OUT_OF_RANGE
        )
    return CellProblem.OUTSIDE_COUNTRY if box is not None else None
