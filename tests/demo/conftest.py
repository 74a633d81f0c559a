"""The demo city, built once for all tests that look at it."""

from dataclasses import dataclass

import pytest

from collector_app.demo.addresses import read_zones
from collector_app.demo.city import write_demo_city
from routing.travel.streets import StreetTravel, build_pack


@dataclass
class BuiltCity:
    """The files of the demo city, its zones and travel over its streets."""

    files: object
    zones: list
    travel: StreetTravel


@pytest.fixture(scope="session")
def demo_city(tmp_path_factory):
    """La Serena and Coquimbo, from the model to the pack."""
    folder = tmp_path_factory.mktemp("city")
    files = write_demo_city(folder)
    build_pack(files.extract, folder / "coquimbo")
    return BuiltCity(files, read_zones(files.zones), StreetTravel(folder / "coquimbo"))
