"""What the address book of the city makes of a client's address."""

from collector_app.city.addresses import AddressBook, AddressMatch, MatchKind
from collector_app.portfolio.facts import Address, FoundPlace
from collector_app.portfolio.queries import ClientCard
from collector_app.portfolio.rules import LocationQuality

MOST_GUESSES = 4
_EXACT = (MatchKind.HOUSE, MatchKind.CORNER)


def best_place(book: AddressBook, address: Address) -> FoundPlace | None:
    """Return the best match of an address, None when nothing fits."""
    matches = _search(book, address, 1)
    if not matches:
        return None
    best = matches[0]
    is_exact = best.kind in _EXACT
    return FoundPlace(
        lat=best.point.lat,
        lon=best.point.lon,
        quality=LocationQuality.FOUND if is_exact else LocationQuality.APPROXIMATE,
        confidence=best.confidence,
    )


def guesses(book: AddressBook, card: ClientCard, limit: int = MOST_GUESSES) -> list[AddressMatch]:
    """Return where a client may live, what fits best first."""
    address = Address(card.address, card.neighbourhood or "", card.municipality or "")
    return _search(book, address, limit)


def _search(book: AddressBook, address: Address, limit: int) -> list[AddressMatch]:
    return book.search(
        address.text,
        neighbourhood=address.neighbourhood,
        municipality=address.municipality,
        limit=limit,
    )
