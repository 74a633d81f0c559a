"""Builds hand-drawn towns into city packs."""

import pytest

from routing.travel.streets import StreetTravel, build_pack


@pytest.fixture
def open_town(tmp_path):
    """Return a function that builds a town and opens its pack."""

    def build(town):
        extract = town.write(tmp_path / "town.osm")
        build_pack(extract, tmp_path / "town", with_basemap=False)
        return StreetTravel(tmp_path / "town")

    return build
