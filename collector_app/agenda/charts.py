"""The forecast as coordinates; the template draws them as SVG, and the table says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from collector_app.agenda.rules import CashWeek

WIDTH, HEIGHT = 300.0, 100.0


@dataclass(frozen=True, slots=True)
class CashChart:
    """Points for ``<polygon>`` and ``<polyline>``, and the top of the scale in cents."""

    interval: str
    expected: str
    said: str
    top_cents: int


def cash_chart(weeks: Sequence[CashWeek], count: int) -> CashChart:
    """Draw the interval as a band, what is expected and what was said as lines, from 0 up.

    Parameters
    ----------
    weeks : sequence of CashWeek
        The first weeks, those of which anything is known.
    count : int
        How many the axis holds.
    """
    top = max((max(one.high_cents, one.said_cents) for one in weeks), default=0)
    low = _points([one.low_cents for one in weeks], top, count)
    high = _points([one.high_cents for one in weeks], top, count)
    return CashChart(
        interval=" ".join([*high, *reversed(low)]),
        expected=" ".join(_points([one.expected_cents for one in weeks], top, count)),
        said=" ".join(_points([one.said_cents for one in weeks], top, count)),
        top_cents=top,
    )


def _points(cents: Sequence[int], top: int, count: int) -> list[str]:
    step = WIDTH / max(1, count - 1)
    return [
        f"{n * step:.1f},{HEIGHT - (value / top * HEIGHT if top else 0):.1f}"
        for n, value in enumerate(cents)
    ]
