"""Barriers: streets of the city in use, found by name, and lines that can't be right."""

from collections.abc import Iterable

import numpy as np
import shapely

from collector_app.portfolio.gathering import plain
from collector_app.studio.places import Places
from collector_app.studio.rules import Barrier, FarBarrier, NoSuchStreet
from routing.travel.streets.extract import E7
from routing.travel.streets.pack import Pack

FAR_DEG = 0.25  # some 25 km: farther from all clients a line is more likely wrong than remote


def check_near(barriers: Iterable[Barrier], places: Places) -> None:
    """Refuse a line that lies far from all clients: latitude and longitude are easily changed over.

    Raises
    ------
    FarBarrier
        With the name of the line.
    """
    (south, west), (north, east) = places.degrees.min(axis=0), places.degrees.max(axis=0)
    around = shapely.box(west - FAR_DEG, south - FAR_DEG, east + FAR_DEG, north + FAR_DEG)
    for barrier in barriers:
        shapes = [shapely.LineString([(lon, lat) for lat, lon in one]) for one in barrier.lines]
        if not any(shape.intersects(around) for shape in shapes):
            raise FarBarrier(name=barrier.name)


def street_barrier(streets: Pack | None, name: str) -> Barrier:
    """Return all parts of a street as a barrier; accents and capitals don't matter.

    Raises
    ------
    NoSuchStreet
        When no street is called so, or there is no city; names that contain it are told.
    """
    names = streets.network.names if streets else ()
    wanted = plain(name)
    alike = [n for n, one in enumerate(names) if wanted and plain(one) == wanted]
    if streets is None or not alike:
        near = [one for one in names if wanted and wanted in plain(one)]
        raise NoSuchStreet(name=name, near=", ".join(near[:5]))
    network = streets.network
    spans = network.span[np.isin(network.name, alike)]
    return Barrier(
        names[alike[0]],
        tuple(
            tuple((float(lat), float(lon)) for lat, lon in network.shape_e7[first : last + 1] / E7)
            for first, last in spans.tolist()
        ),
    )
