"""What a method is given and what it gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import process_time

from routing.errors import RoutingError

Orders = Mapping[str, Sequence[str]]  # by shift id: candidates in the order of their visits


class PeerMissing(RoutingError):
    """A peer is not installed."""


@dataclass(frozen=True, slots=True)
class Budget:
    """CPU seconds of this process, counted from when the method was handed the instance."""

    cpu_s: float
    seed: int
    began_s: float = field(default_factory=process_time)

    def used_s(self) -> float:
        """Return the CPU seconds gone."""
        return process_time() - self.began_s

    def left_s(self) -> float:
        """Return what is left, 0 or more."""
        return max(0.0, self.cpu_s - self.used_s())


@dataclass(frozen=True, slots=True)
class Answer:
    """The orders a method found, the CPU seconds it took, and what made them."""

    orders: Orders
    cpu_used_s: float
    made_by: str
