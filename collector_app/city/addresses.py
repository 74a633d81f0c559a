"""The address book of the city in use, opened once per process and again when the pack changes."""

from pathlib import Path
from threading import Lock

from collector_app.city.packs import pack_in_use
from collector_app.core.errors import Unavailable
from routing.errors import BrokenPack
from routing.geo import Point
from routing.travel.streets.addresses import (
    AddressBook,
    AddressMatch,
    Doubt,
    MatchKind,
    PlaceKind,
)
from routing.travel.streets.pack import INFO_FILE

__all__ = [
    "AddressBook",
    "AddressMatch",
    "Doubt",
    "MatchKind",
    "NoAddressBook",
    "PlaceKind",
    "Point",
    "address_book",
]

_opened: dict[Path, tuple[int, AddressBook]] = {}
_opening = Lock()


class NoAddressBook(Unavailable):
    """No city is in use, or its pack was built before packs had addresses."""

    code = "no_address_book"


def address_book(instance: Path, configured: str) -> AddressBook:
    """Return the address book of the city in use.

    Raises
    ------
    NoAddressBook
        When there is none: choose a city, or build its pack again.
    """
    folder = pack_in_use(instance, configured)
    if folder is None:
        message = "no city is in use"
        raise NoAddressBook(message)
    try:
        age = (folder / INFO_FILE).stat().st_mtime_ns
        with _opening:
            known = _opened.get(folder)
            if known is None or known[0] != age:
                # Only the book in use: another one would only take memory.
                _opened.clear()
                known = _opened[folder] = (age, AddressBook.open(folder))
    except (OSError, BrokenPack) as error:
        raise NoAddressBook(str(error)) from error
    return known[1]
