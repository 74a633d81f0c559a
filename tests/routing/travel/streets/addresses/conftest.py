"""The pack and the address book of a drawn town."""

import pytest

from routing.travel.streets import build_pack
from routing.travel.streets.addresses import AddressBook
from tests.routing.travel.streets.addresses.drawn_town import addressed_town


@pytest.fixture(scope="session")
def pack(tmp_path_factory):
    """The folder of the pack of that town."""
    folder = tmp_path_factory.mktemp("addressed")
    build_pack(addressed_town().write(folder / "town.osm"), folder / "town", with_basemap=False)
    return folder / "town"


@pytest.fixture(scope="session")
def book(pack):
    return AddressBook.open(pack)
