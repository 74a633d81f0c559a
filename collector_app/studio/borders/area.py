"""An area of a file: a name and its polygons, in degrees."""

from dataclasses import dataclass

import shapely

MOST_AREAS = 3_000
MOST_CORNERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Area:
    """What a file says of one zone, colonia or municipality.

    Attributes
    ----------
    shape : shapely geometry
        Polygon or multipolygon; degrees, longitude first.
    place : str
        Where in the file it stands: ``features[3]``, ``Placemark 4``.
    collector : str or None
        Full name of who answers for it.
    colour : str or None
        ``#rrggbb``.
    """

    name: str
    shape: shapely.Geometry
    place: str
    collector: str | None = None
    colour: str | None = None
