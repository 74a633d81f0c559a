"""How hot a search is and how dear travel is to it, as its time goes on.

A search cools once. Where travel is dear, though, far clients pay only many together, and a search
that adds and drops a few at a time never gets to them. There travel begins cheap, so that routes
reach everywhere, and becomes dearer until what does not pay is left behind; again and again, in
waves, as each leaves others behind. On a published instance of 1,000 clients (R2_10_1) and 20 CPU
seconds, cooling once left 20 % of the score, one wave 6 %, eight waves 3 %.
"""

from typing import NamedTuple

from routing.solver.kernels.records import World
from routing.solver.kernels.tuning import Tuning

_FIRST_THRIFT, _LATER_THRIFT = 0.6, 0.8
_DEAR_FROM = 0.5  # of a wave: from then on travel costs what it costs
_LATER_HOT = 0.5  # first temperature of the waves after the first, of that of the first


class Moment(NamedTuple):
    """What holds at one moment of a search.

    Attributes
    ----------
    heat : float
        Temperature, mean prizes.
    thrift : float
        Share of the price of travel that counts, up to 1.
    """

    heat: float
    thrift: float


def is_dear(world: World) -> bool:
    """Tell whether it is the price of travel, not the time, that keeps visits out."""
    return world.price >= world.guide


def moment_at(used: float, tuning: Tuning, waves: int) -> Moment:
    """Return what holds when so much of the time (0..1) is used, in so many waves, 0 for none."""
    if waves == 0:
        return Moment(tuning.hot * (tuning.cold / tuning.hot) ** used, 1.0)
    wave, along = divmod(min(used, 1 - 1e-9) * waves, 1)
    hot = tuning.hot * (1.0 if wave == 0 else _LATER_HOT)
    cheap = _FIRST_THRIFT if wave == 0 else _LATER_THRIFT
    thrift = min(1.0, cheap + (1.0 - cheap) * along / _DEAR_FROM)
    return Moment(hot * (tuning.cold / hot) ** along, thrift)
