"""The figures of the search; see `routing.solver.tuning` for those in use."""

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
    opens : float
        How often a route without visits is begun, whatever its first visit costs.
    shuns : float
        How often a route is not tried for a visit: who always costs less there comes to others.
    all_free, near_taken : float
        Up to so many free visits are all tried in every step; of more, so many of those nearest to
        each that was taken out.
    margin_s : float
        By how much a ride may be longer than one by way of somebody, to be still thought of.
    hot, cold : float
        First and last temperature, in mean prizes.
    """

    strings: float
    chains: float
    cluster: float
    poor: float
    mean_removed: float
    longest_string: float
    most_removed: float
    spread: float
    least_lean: float
    most_lean: float
    idle: float
    bold: float
    opens: float
    shuns: float
    all_free: float
    near_taken: float
    margin_s: float
    hot: float
    cold: float
