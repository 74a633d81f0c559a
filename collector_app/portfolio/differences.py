"""What an import would change: the statements of a file against what the database holds."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from collector_app.portfolio.facts import (
    Address,
    Difference,
    FieldChange,
    Finding,
    FoundPlaces,
    ImportConflict,
    Known,
    PortfolioPart,
    Statement,
    Tally,
    Value,
)
from collector_app.portfolio.rules import (
    KEPT_LOCATIONS,
    LEAST_CONFIDENCE,
    SEARCHED_LOCATIONS,
    LocationQuality,
    Placement,
    placement_of,
)

Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Compared:
    """Differences of one part, how many there are of each kind, and what was kept out."""

    part: PortfolioPart
    tally: Tally = field(default_factory=Tally)
    differences: list[Difference] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    placements: Counter[Placement] = field(default_factory=Counter)


def compare_clients(
    told: Mapping[str, Statement], known: Mapping[str, Known], found: FoundPlaces
) -> Compared:
    """Compare clients; coordinates that a person vouches for outlive those of a file.

    Clients without coordinates get those that the address search found, when it is sure enough.
    """
    compared = Compared(PortfolioPart.CLIENT)
    compare(compared, told, known, lambda one, was: _with_place(one, was, found, compared))
    return compared


def address_to_find(statement: Statement, was: Known | None) -> Address | None:
    """Return the address to search for a client; None when nobody needs to look.

    That is whoever has no coordinates, in the file or here, and whoever has some that were found
    by another address than the file states now.
    """
    if "lat" in statement.values:
        return None
    old = dict(was.values) if was else {}
    quality = old.get("location_quality", LocationQuality.NONE)
    address = _address(old | statement.values)
    if quality == LocationQuality.NONE:
        return address
    has_moved = quality in SEARCHED_LOCATIONS and address != _address(old)
    return address if has_moved else None


def _address(values: Mapping[str, Value]) -> Address:
    return Address(
        *(str(values.get(name) or "") for name in ("address", "neighbourhood", "municipality"))
    )


def compare_credits(
    told: Mapping[str, Statement], known: Mapping[str, Known], currency: str
) -> Compared:
    """Compare credits; new ones that state no currency are in `currency`."""
    compared = Compared(PortfolioPart.CREDIT)

    def with_currency(statement: Statement, was: Known | None) -> dict[str, Value]:
        default: dict[str, Value] = {} if was else {"currency": currency}
        return default | statement.values

    compare(compared, told, known, with_currency)
    return compared


def compare_invoices(
    told: Mapping[tuple[str, str], Statement],
    known: Mapping[tuple[str, str], Known],
    balance_at: datetime,
) -> Compared:
    """Compare invoices; a balance changes only by the word of a later day.

    Parameters
    ----------
    told, known
        By number of the credit and number of the invoice.
    balance_at
        The instant at which the file's balances were true.
    """
    compared = Compared(PortfolioPart.INVOICE)
    compare(
        compared,
        {key: one for key, one in told.items() if key in known or "due_on" in one.values},
        known,
        lambda one, was: _with_balance(one, was, balance_at, compared.findings),
    )
    return compared


def compare(
    compared: Compared,
    told: Mapping[Key, Statement],
    known: Mapping[Key, Known],
    complete: Callable[[Statement, Known | None], dict[str, Value]],
) -> None:
    """Sort what a file tells into new, changed and unchanged, and keep the differences.

    Parameters
    ----------
    complete
        The values that a statement comes to, given what we know: with what follows from them,
        without what we know better.
    """
    for key, statement in told.items():
        was = known.get(key)
        values = complete(statement, was)
        changes = tuple(_changes(values, was.values if was else {}))
        if was is None:
            compared.tally.created += 1
        elif changes:
            compared.tally.changed += 1
        else:
            compared.tally.unchanged += 1
            continue
        compared.differences.append(
            Difference(
                compared.part,
                statement.key,
                statement.owner,
                statement.place,
                was.id if was else None,
                changes,
            )
        )


def _changes(values: Mapping[str, Value], old: Mapping[str, Value]) -> Iterable[FieldChange]:
    for name, new in values.items():
        if name not in old or old[name] != new:
            yield FieldChange(name, old.get(name), new)


def _with_place(
    statement: Statement, was: Known | None, found: FoundPlaces, compared: Compared
) -> dict[str, Value]:
    """Add the quality of the coordinates, or leave them out when ours are better."""
    values = _ended_elsewhere(statement, was) | statement.values
    if "lat" not in values:
        return values | _found_place(statement, was, found, compared.placements)
    if was is None or was.values["location_quality"] not in KEPT_LOCATIONS:
        return values | {"location_quality": LocationQuality.GIVEN, "location_confidence": None}
    place = f"{values.pop('lat')}, {values.pop('lon')}"
    ours = f"{was.values['lat']}, {was.values['lon']}"
    if place != ours:
        conflict = ImportConflict.SURVEYED_PLACE
        facts = {"client": statement.owner, "known": ours}
        compared.findings.append(Finding(statement.place, "lat", place, conflict, facts))
    return values


def _ended_elsewhere(statement: Statement, was: Known | None) -> dict[str, Value]:
    """Return what ends with an address: that it was authorised, and who told it."""
    if was is None or statement.values["address"] == was.values["address"]:
        return {}
    ended: dict[str, Value] = {"place_authorised": False, "place_origin": None}
    return {name: none for name, none in ended.items() if was.values[name]}


def _found_place(
    statement: Statement, was: Known | None, found: FoundPlaces, placements: Counter[Placement]
) -> dict[str, Value]:
    """Return the place of a client whose address was searched, if it changes anything."""
    address = address_to_find(statement, was)
    if address is None:
        return {}
    place = found.get(address)
    if address in found:
        placements[placement_of(place.confidence if place else None)] += 1
    if place is not None and place.confidence >= LEAST_CONFIDENCE:
        return {
            "lat": place.lat,
            "lon": place.lon,
            "location_quality": place.quality,
            "location_confidence": place.confidence,
        }
    if was is None or was.values["location_quality"] == LocationQuality.NONE:
        return {}
    # The place that we have belongs to an address where the client no longer is.
    nowhere: dict[str, Value] = dict.fromkeys(("lat", "lon", "location_confidence"))
    return nowhere | {"location_quality": LocationQuality.NONE}


def _with_balance(
    statement: Statement, was: Known | None, balance_at: datetime, findings: list[Finding]
) -> dict[str, Value]:
    """Add when the balance was true, or leave the balance out when ours is of a later day."""
    values = dict(statement.values)
    if was is None:
        values.setdefault("amount_cents", values["balance_cents"])
        return values | {"balance_at": balance_at}
    if values["balance_cents"] == was.values["balance_cents"]:
        return values
    known_at = was.values["balance_at"]
    if isinstance(known_at, datetime) and known_at > balance_at:
        told = str(values.pop("balance_cents"))
        ours = was.values["balance_cents"]
        facts: dict[str, str | int] = {
            "invoice": statement.key[-1],
            "known_cents": ours if isinstance(ours, int) else 0,
            "known_at": known_at.isoformat(),
        }
        conflict = ImportConflict.OLDER_BALANCE
        findings.append(Finding(statement.place, "balance_cents", told, conflict, facts))
        return values
    return values | {"balance_at": balance_at}
