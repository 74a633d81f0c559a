"""Borders of zones in files, both ways: GeoJSON, KML, KMZ and zipped Shapefile."""

from collector_app.studio.borders.area import Area
from collector_app.studio.borders.mending import mended
from collector_app.studio.borders.reading import read_borders
from collector_app.studio.borders.writing import BORDER_FORMATS, BorderFormat, write_borders

__all__ = ["BORDER_FORMATS", "Area", "BorderFormat", "mended", "read_borders", "write_borders"]
