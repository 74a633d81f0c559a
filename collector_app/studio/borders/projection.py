"""Coordinates of other projections to degrees."""

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError

from collector_app.studio.rules import ForeignProjection

DEGREES = "EPSG:4326"


def to_degrees(shape: shapely.Geometry, said: str) -> shapely.Geometry:
    """Return a shape in degrees, longitude first.

    Parameters
    ----------
    said : str
        The projection: WKT or a name such as ``EPSG:32614``; empty for degrees.

    Raises
    ------
    ForeignProjection
        When the projection is not known, or what comes out does not lie on Earth.
    """
    if said:
        try:
            crs = pyproj.CRS.from_user_input(said)
            ride = pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True)
        except CRSError as error:
            raise ForeignProjection(str(error)) from error
        shape = shapely.transform(
            shape, lambda xy: np.column_stack(ride.transform(xy[:, 0], xy[:, 1]))
        )
    west, south, east, north = shapely.bounds(shape)
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise ForeignProjection
    return shape
