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
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of several groups on one scale."""

    rows: tuple[Bar, ...]


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


def bars(figures: Sequence[Figure], targets: Sequence[float | None]) -> Bars:
    """Return bars on one scale that begins at 0 and holds every value, interval and target."""
    ends = [end for one in figures for end in (one.value, one.high) if end is not None]
    most = max([*ends, *(one for one in targets if one is not None)], default=0.0)

    def on_scale(value: float | None) -> float | None:
        return None if value is None or most <= 0 else round(100 * max(0.0, value) / most, 2)

    return Bars(
        tuple(
            Bar(on_scale(one.value), on_scale(one.low), on_scale(one.high), on_scale(target))
            for one, target in zip(figures, targets, strict=True)
        )
    )
