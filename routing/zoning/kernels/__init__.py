"""The loops of zoning that Numba compiles: searches over borders, and moves between zones."""

from routing.zoning.kernels.annealing import anneal
from routing.zoning.kernels.connection import parts
from routing.zoning.kernels.delays import choices_under, tuned_delays
from routing.zoning.kernels.exchanges import exchange
from routing.zoning.kernels.moves import improve
from routing.zoning.kernels.reach import reach_first
from routing.zoning.kernels.values import CACHE_FOLDER, Aim, Borders, Division, Floats, Ints

__all__ = [
    "CACHE_FOLDER",
    "Aim",
    "Borders",
    "Division",
    "Floats",
    "Ints",
    "anneal",
    "choices_under",
    "exchange",
    "improve",
    "parts",
    "reach_first",
    "tuned_delays",
]
