"""The clients of a draft as a list, for those who choose without a mouse."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import h3
from sqlalchemy.orm import Session

from collector_app.studio.queries.drafts import DraftPage
from collector_app.zones.queries import LocatedClient, located

NO_ZONE = 0
CELL_RESOLUTION = 9  # of H3


@dataclass(frozen=True, slots=True)
class DraftClient:
    """A client with the zone that the draft gives them; None for no zone."""

    client: LocatedClient
    zone: int | None
    overdue_cents: int

    @property
    def cell(self) -> str:
        """Return the H3 cell of their block, as the map chooses by."""
        return cell_of(self.client.lat, self.client.lon)


@dataclass(frozen=True, slots=True)
class ChosenClients:
    """The clients that a filter leaves, and the colonias to filter by, with their clients."""

    rows: Sequence[DraftClient]
    neighbourhoods: Sequence[tuple[str, int]]


def colonia_of(clients: Iterable[LocatedClient]) -> dict[int, str]:
    """Return the colonia of each client whose address names one, with its municipality."""
    return {
        one.id: f"{one.municipality or ''}/{one.neighbourhood}"
        for one in clients
        if one.neighbourhood
    }


def cell_of(lat: float, lon: float) -> str:
    """Return the H3 cell of a place by which clients are chosen: about 0.1 km², some blocks."""
    cell: str = h3.latlng_to_cell(lat, lon, CELL_RESOLUTION)
    return cell


def choose_clients(
    session: Session,
    page: DraftPage,
    zone: int | None,
    neighbourhood: str,
    search: str,
    cell: str = "",
) -> ChosenClients:
    """Return the clients of a draft by name.

    Parameters
    ----------
    zone : int or None
        Key of a zone, `NO_ZONE` for clients without one, None for all.
    neighbourhood, search : str
        The whole name of a colonia, a part of the client's name; empty for all.
    cell : str
        An H3 cell as `cell_of` names it; empty for all.
    """
    rows = [
        DraftClient(client, page.state.zone_of.get(client.id), int(page.places.cents[row]))
        for client in located(session)
        if (row := page.places.row_of.get(client.id)) is not None
    ]
    here = [row for row in rows if zone is None or (row.zone or NO_ZONE) == zone]
    names = Counter(row.client.neighbourhood for row in here if row.client.neighbourhood)
    wanted = search.casefold()
    return ChosenClients(
        rows=sorted(
            (
                row
                for row in here
                if neighbourhood in ("", row.client.neighbourhood)
                and wanted in row.client.name.casefold()
                and (not cell or cell == row.cell)
            ),
            key=lambda row: (row.client.name, row.client.id),
        ),
        neighbourhoods=sorted(names.items()),
    )
