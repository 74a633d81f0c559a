"""Runs our search and its open peers on the same problems, for equal CPU time, side by side."""

from routing.benchmark.instance import Instance, load
from routing.benchmark.peers import METHODS
from routing.benchmark.report import Row, table
from routing.benchmark.run import run

__all__ = ["METHODS", "Instance", "Row", "load", "run", "table"]
