"""Compiles the loops of the engine before anybody waits for them.

Numba keeps machine code on disk per kind of arguments; what asks here are the builder and the
engine themselves, over a town of four corners, so that the kinds are those of real use.
"""

import tempfile
from pathlib import Path

from routing.compiled import drop_older
from routing.geo import Point
from routing.travel.streets.build import build_pack
from routing.travel.streets.engine import StreetTravel
from routing.travel.streets.kernels.shared import CACHE_FOLDER
from routing.travel.times import Profile

CORNERS = (Point(0.0, 0.0), Point(0.0, 0.001), Point(0.001, 0.001), Point(0.001, 0.0))
STREETS = ((0, 1, 2), (2, 3, 0), (0, 2))


def warm() -> None:
    """Compile every loop, or load what was compiled before; half a minute the first time.

    To be called when the application is installed or its image is made, by the user that will run
    it.
    """
    with tempfile.TemporaryDirectory() as folder:
        extract = Path(folder) / "town.osm"
        extract.write_text(_town(), encoding="utf-8")
        build_pack(extract, Path(folder) / "town", with_basemap=False)
        # Opened twice: the first one makes the metrics, the second one finds them.
        for travel in (StreetTravel(Path(folder) / "town") for _ in range(2)):
            for profile in Profile:
                travel.matrix(CORNERS, profile)
                travel.rides(CORNERS, profile)
    drop_older(CACHE_FOLDER)


def _town() -> str:
    nodes = "".join(
        f'<node id="{i}" version="1" lat="{corner.lat}" lon="{corner.lon}"/>'
        for i, corner in enumerate(CORNERS, start=1)
    )
    ways = "".join(
        f'<way id="{i}" version="1">'
        + "".join(f'<nd ref="{corner + 1}"/>' for corner in street)
        + '<tag k="highway" v="residential"/><tag k="name" v="Calle"/></way>'
        for i, street in enumerate(STREETS, start=1)
    )
    return f'<osm version="0.6">{nodes}{ways}</osm>'
