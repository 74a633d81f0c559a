"""Seasons of invented field work whose truth is known, to see what learning is worth.

`compare` plays the same towns with the fixed weights and with what visits teach, on the same dice,
and tells the difference in recovered money with its confidence interval.
"""

from routing.scoring.simulation.comparison import Comparison, compare
from routing.scoring.simulation.season import Policy
from routing.scoring.simulation.towns import FAMILIES

__all__ = ["FAMILIES", "Comparison", "Policy", "compare"]
