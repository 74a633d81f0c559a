"""The figures of the search, found by measuring on families of problems."""

from typing import NamedTuple


class Tuning(NamedTuple):
    """How the search ruins, recreates and cools.

    Attributes
    ----------
    strings, chains, cluster, poor : float
        How often each way of ruining is taken, as bounds of one throw of a die in 0..1; the rest
        is the band.
    mean_removed, longest_string : float
        Of the strings.
    most_removed : float
        Of the other ways.
    spread : float
        Most that chance changes the appeal of a visit.
    least_lean, most_lean : float
        How much of what a place costs is delay rather than detour.
    idle : float
        How often a route without visits is tried as well.
    hot, cold : float
        First and last temperature, in mean prizes.
    """

    strings: float = 0.35
    chains: float = 0.60
    cluster: float = 0.75
    poor: float = 0.90
    mean_removed: float = 8.0
    longest_string: float = 10.0
    most_removed: float = 16.0
    spread: float = 1.0
    least_lean: float = 0.3
    most_lean: float = 0.7
    idle: float = 0.1
    hot: float = 0.1
    cold: float = 0.003


TUNING = Tuning()
