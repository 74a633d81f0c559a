"""Compiles the kernels and keeps the machine code, so that nobody who plans has to wait for it."""

from routing.geo import Point
from routing.measure import measure
from routing.plan import Visit
from routing.problem import Candidate, Problem, Shift, Window
from routing.travel.haversine import Haversine

_DAY = Window(8 * 3600, 18 * 3600)


def warm() -> str:
    """Compile what is not compiled yet; return the folder where the machine code is kept.

    Machine code of older kernels in the same place is removed.
    """
    from routing.compiled import drop_older  # noqa: PLC0415 - loads Numba
    from routing.solver.kernels.compiled import CACHE_FOLDER  # noqa: PLC0415
    from routing.solver.model import Model  # noqa: PLC0415
    from routing.solver.search import Budget, Search  # noqa: PLC0415

    home = Point(19.4, -99.1)
    people = tuple(
        Candidate(str(i), Point(19.4 + i / 1000, -99.1), 600, 100, (_DAY,)) for i in range(8)
    )
    problem = Problem((Shift("a", home, home, _DAY), Shift("b", home, None, _DAY)), people)
    search = Search(Model(problem, measure(problem, Haversine())), seed=0)
    search.take({"a": [Visit("1")]})
    search.fill()
    search.run(Budget(1.0, 2, counts_cpu=False), lambda used: False)
    drop_older(CACHE_FOLDER)
    return str(CACHE_FOLDER)
