"""What can go wrong in routing, by culprit.

RoutingError
 x InvalidProblem            the caller: the problem contradicts itself or a value is out of range
 x UnusableExtract           the caller: a map file that no street graph can be made from
 x BasemapFailed             the engine: the tiles of the offline map could not be made
 x TravelTimesUnavailable    the engine: no street graph, no server, no answer
    x BrokenPack             the city pack is missing, incomplete or of another version
 x SolverFailed              us: the search returned nothing although an empty plan exists
"""

from pathlib import Path


class RoutingError(Exception):
    """Any failure of the routing library."""


class InvalidProblem(RoutingError):
    """The problem can't be used; `place` names the field, such as ``candidates[3].windows[0]``."""

    def __init__(self, place: str, expected: str) -> None:
        """Keep the place and what was expected there."""
        super().__init__(f"{place}: {expected}")
        self.place = place
        self.expected = expected


class UnusableExtract(RoutingError):
    """The map file at `path` can't be used; `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        """Keep the file and the reason."""
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class BasemapFailed(RoutingError):
    """The tiles of the offline map could not be made."""


class TravelTimesUnavailable(RoutingError):
    """Travel times could not be had from the chosen source."""


class BrokenPack(TravelTimesUnavailable):
    """The city pack at `path` can't be used; `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        """Keep the folder and the reason."""
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class SolverFailed(RoutingError):
    """The solver gave no plan at all, which is a fault of this library."""
