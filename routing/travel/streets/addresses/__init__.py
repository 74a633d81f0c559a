"""Address search in a city pack: its places, and streets, corners and houses by name."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from routing.travel.streets.addresses.book import AddressBook, AddressMatch
from routing.travel.streets.addresses.confidence import ConfidenceRules, Doubt, MatchKind
from routing.travel.streets.addresses.gathering import gather
from routing.travel.streets.addresses.index import build_index, write_index
from routing.travel.streets.addresses.places import Place, PlaceIndex, PlaceKind, write_places
from routing.travel.streets.network import Network

__all__ = [
    "AddressBook",
    "AddressMatch",
    "ConfidenceRules",
    "Doubt",
    "MatchKind",
    "Place",
    "PlaceIndex",
    "PlaceKind",
    "write_addresses",
]


def write_addresses(
    folder: Path, extract: Path, network: Network, way_ids: NDArray[np.int64]
) -> None:
    """Write the places and the address index of an extract into the folder of a pack.

    Raises
    ------
    UnusableExtract
        If the extract can't be read again.
    """
    found = gather(extract)
    write_places(folder, found.places)
    write_index(folder, build_index(network, way_ids, found.other_names, found.houses))
