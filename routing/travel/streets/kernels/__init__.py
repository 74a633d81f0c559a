"""The loops that must be fast, compiled by Numba."""

from routing.travel.streets.kernels.line import line
from routing.travel.streets.kernels.path import Scratch, quickest
from routing.travel.streets.kernels.shared import Costs, Doors, Tree
from routing.travel.streets.kernels.shortcuts import customize, fill_in, locate_arcs
from routing.travel.streets.kernels.snap import COLUMNS, Candidates, Grid, Shape, nearest
from routing.travel.streets.kernels.sweep import many_to_many, settle

__all__ = [
    "COLUMNS", "Candidates", "Costs", "Doors", "Grid", "Scratch", "Shape", "Tree", "customize",
    "fill_in", "line", "locate_arcs", "many_to_many", "nearest", "quickest", "settle",
]  # fmt: skip
