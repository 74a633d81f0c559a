"""Charts as coordinates; templates draw them as SVG, styles colour them, tables say the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from collector_app.indicators.rules import Figure

SPARK_WIDTH, SPARK_HEIGHT = 100.0, 24.0
_MARGIN = 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A value on a common scale, percent of the width; None where there is nothing to show."""

    length: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of several groups, and where the target lies on their scale, percent."""

    rows: tuple[Bar, ...]
    target: float | None


def spark(values: Sequence[float | None]) -> str:
    """Return the points of a line through values in order, for ``<polyline points>``.

    The lowest value lies at the bottom, the highest on top; gaps are bridged. Fewer than two values
    draw nothing.
    """
    known = [(i, value) for i, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    lowest, highest = min(v for _, v in known), max(v for _, v in known)
    span, steps = highest - lowest, len(values) - 1
    inner = SPARK_HEIGHT - 2 * _MARGIN
    return " ".join(
        f"{_MARGIN + i / steps * (SPARK_WIDTH - 2 * _MARGIN):.1f},"
        f"{SPARK_HEIGHT - _MARGIN - ((v - lowest) / span if span else 0.5) * inner:.1f}"
        for i, v in known
    )


def bars(figures: Sequence[Figure], target: float | None) -> Bars:
    """Return bars on one scale that begins at 0 and holds every value, interval and the target."""
    ends = [end for one in figures for end in (one.value, one.high) if end is not None]
    most = max([*ends, target or 0.0], default=0.0)

    def on_scale(value: float | None) -> float | None:
        return None if value is None or most <= 0 else round(100 * max(0.0, value) / most, 2)

    rows = tuple(Bar(on_scale(f.value), on_scale(f.low), on_scale(f.high)) for f in figures)
    return Bars(rows, on_scale(target))
