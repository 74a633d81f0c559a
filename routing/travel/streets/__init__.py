"""The embedded road engine: a city pack made from an OpenStreetMap extract, and travel over it."""

from routing.travel.streets.build import BuildStep, build_pack
from routing.travel.streets.engine import StreetTravel
from routing.travel.streets.pack import BASEMAP_FILE, PackInfo, read_info

__all__ = ["BASEMAP_FILE", "BuildStep", "PackInfo", "StreetTravel", "build_pack", "read_info"]
