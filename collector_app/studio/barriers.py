"""Barriers from streets: where a street of the city in use runs, found by its name."""

import numpy as np

from collector_app.portfolio.gathering import plain
from collector_app.studio.rules import Barrier, NoSuchStreet
from routing.travel.streets.extract import E7
from routing.travel.streets.pack import Pack


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
