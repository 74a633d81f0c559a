"""Warming compiles all that real use will ask for."""

from routing.travel.streets import kernels
from routing.travel.streets.warm import warm
from routing.travel.times import Profile
from tests.routing.travel.towns import at, tangled

ENTRANCES = [
    kernels.customize, kernels.fill_in, kernels.line, kernels.locate_arcs, kernels.many_to_many,
    kernels.nearest, kernels.quickest, kernels.settle,
]  # fmt: skip


def test_after_warming_nothing_is_left_to_compile(open_town):
    warm()
    compiled = {loop.__name__: set(loop.signatures) for loop in ENTRANCES}
    assert all(compiled.values())

    travel = open_town(tangled(3))
    for profile in Profile:
        travel.matrix([at(0, 0), at(300, 300), at(9000, 0)], profile, 18 * 3600)
        travel.legs([at(0, 0), at(300, 300), at(9000, 0)], profile)

    # The tests share one process, so other kinds may have been there before; none is new.
    assert {loop.__name__: set(loop.signatures) for loop in ENTRANCES} == compiled
