"""Charts as coordinates; templates draw them as SVG, and tables say the same."""

from collections.abc import Sequence

WIDTH, HEIGHT = 300.0, 100.0


def lines(series: Sequence[Sequence[float]], most: float = 0.0) -> list[str]:
    """Return the points of several lines on one scale from 0, each for ``<polyline points>``.

    Parameters
    ----------
    series : sequence of sequence of float
        The values of each line from left to right; a line with fewer values ends sooner.
    most : float
        The scale holds at least this value.
    """
    steps = max((len(one) for one in series), default=0) - 1
    top = max((value for one in series for value in one), default=0.0)
    top = max(top, most)
    if steps < 1 or top <= 0:
        return ["" for _one in series]
    return [
        " ".join(
            f"{n / steps * WIDTH:.1f},{HEIGHT - max(0.0, value) / top * HEIGHT:.1f}"
            for n, value in enumerate(one)
        )
        for one in series
    ]
