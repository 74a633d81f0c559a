"""The loops that must be fast, compiled by Numba."""

from routing.travel.streets.kernels.path import quickest
from routing.travel.streets.kernels.shared import Costs, Doors, Tree
from routing.travel.streets.kernels.shortcuts import customize, fill_in, locate_arcs
from routing.travel.streets.kernels.sweep import many_to_many, settle

__all__ = [
    "Costs", "Doors", "Tree", "customize", "fill_in", "locate_arcs", "many_to_many", "quickest",
    "settle",
]  # fmt: skip
