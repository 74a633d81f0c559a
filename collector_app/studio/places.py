"""The clients of a draft as they were when it began, in columns: figures are sums of arrays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from collector_app.zones.workload import month_metres, month_minutes
from routing.geo import Point

DEGREE_DECIMALS = 6  # a decimetre
NOBODY = -1  # the zone of clients that have none


@dataclass(frozen=True)
class Places:
    """Where clients are and what each of them weighs, n rows in the order of their ids.

    Attributes
    ----------
    ids : int64[n]
    degrees : float64[n, 2]
        Latitude, longitude.
    minutes, metres : float64[n]
        Expected work and road of a month.
    cents : int64[n], centavos
        Overdue money at stake.
    """

    ids: NDArray[np.int64]
    degrees: NDArray[np.float64]
    minutes: NDArray[np.float64]
    metres: NDArray[np.float64]
    cents: NDArray[np.int64]

    @classmethod
    def of(cls, clients: Sequence[tuple[int, Point]], overdue_cents: Mapping[int, int]) -> Self:
        """Weigh clients; those who owe nothing overdue are absent from `overdue_cents`."""
        points = [point for _id, point in clients]
        return cls(
            ids=np.array([id_ for id_, _point in clients], dtype=np.int64),
            degrees=np.array(points, dtype=np.float64).reshape(-1, 2).round(DEGREE_DECIMALS),
            minutes=month_minutes(points).round(3),
            metres=month_metres(points).round(0),
            cents=np.array([overdue_cents.get(id_, 0) for id_, _ in clients], dtype=np.int64),
        )

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        return cls(
            ids=np.array(kept["ids"], dtype=np.int64),
            degrees=np.array([kept["lats"], kept["lons"]], dtype=np.float64).T.reshape(-1, 2),
            minutes=np.array(kept["minutes"], dtype=np.float64),
            metres=np.array(kept["metres"], dtype=np.float64),
            cents=np.array(kept["cents"], dtype=np.int64),
        )

    def as_json(self) -> dict[str, Any]:
        """Return what the row keeps."""
        return {
            "ids": self.ids.tolist(),
            "lats": self.degrees[:, 0].tolist(),
            "lons": self.degrees[:, 1].tolist(),
            "minutes": self.minutes.tolist(),
            "metres": self.metres.tolist(),
            "cents": self.cents.tolist(),
        }

    @cached_property
    def row_of(self) -> dict[int, int]:
        """Return the row of each client."""
        return {client: row for row, client in enumerate(self.ids.tolist())}

    def points(self, rows: Iterable[int]) -> list[Point]:
        """Return where the clients of some rows are."""
        return [Point(*self.degrees[row].tolist()) for row in rows]

    def labels(self, zone_of: Mapping[int, int]) -> NDArray[np.int64]:
        """Return the zone of each row, int64[n]; NOBODY for clients without one."""
        return np.array([zone_of.get(client, NOBODY) for client in self.ids.tolist()], np.int64)
