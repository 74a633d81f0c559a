"""Areas as a file of the kind that somebody asks for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from collector_app.studio.borders.area import Area
from collector_app.studio.borders.geojson import write_geojson
from collector_app.studio.borders.kml import write_kml
from collector_app.studio.borders.shapefile_zip import write_shapefile


@dataclass(frozen=True, slots=True)
class BorderFormat:
    """A kind of file: how it is written, the ending of its name, and its media type."""

    write: Callable[[Sequence[Area]], bytes]
    ending: str
    media_type: str


BORDER_FORMATS: Mapping[str, BorderFormat] = {
    "geojson": BorderFormat(write_geojson, ".geojson", "application/geo+json"),
    "kml": BorderFormat(write_kml, ".kml", "application/vnd.google-earth.kml+xml"),
    "shapefile": BorderFormat(write_shapefile, ".zip", "application/zip"),
}


def write_borders(areas: Sequence[Area], kind: str) -> bytes:
    """Return a file of one of `BORDER_FORMATS`."""
    return BORDER_FORMATS[kind].write(areas)
