"""The figures in use, measured on families of problems."""

from routing.solver.kernels.records import World
from routing.solver.kernels.tuning import Tuning
from routing.solver.waves import is_dear

# The first temperature decides most where windows are wide and routes long. On TOPTW instances of
# that kind (rc203, r204, pr03 to pr05 and others, 1.5 CPU seconds, two seeds) 0.1 ended 1.4 % below
# the best known, 0.6 ended 0.5 %, 1.2 ended 0.26 %; on ten others 0.19, 0.23 and 0.05 %. On 1,000
# clients with ten collectors and 8 CPU seconds, 1.2 found 1.0 % more than 0.1.
TUNING = Tuning(
    strings=0.35,
    chains=0.60,
    cluster=0.75,
    poor=0.90,
    mean_removed=8.0,
    longest_string=10.0,
    most_removed=16.0,
    spread=1.0,
    least_lean=0.0,
    most_lean=1.0,
    idle=0.1,
    bold=0.3,
    opens=0.2,
    shuns=0.0,
    all_free=500.0,
    near_taken=60.0,
    margin_s=0.0,
    hot=1.2,
    cold=0.02,
)

# Where travel is dear, a detour counts and a delay hardly does, and whole visits come and go while
# it is hot; measured on PCVRPTW instances.
_DEAR = TUNING._replace(most_lean=0.2, hot=1.0, cold=0.01)


# Which route a visit joins is decided by what it costs there. With few visits, or where they bind
# one another, price their route or leave gaps, no crowd pushes it to another one: of 400 small days
# with every rule 6 % were not solved to the best, and 2 % are now (300 steps, 2026-12-01).
_SHUNS, _FEW_SHUN = 0.05, 0.25
FEW = 12  # visits


def tuning_of(world: World) -> Tuning:
    """Return the figures for a problem."""
    tuning = _DEAR if is_dear(world) else TUNING
    if len(world.routes) == 1 or not _is_mixed(world):
        return tuning
    return tuning._replace(shuns=_FEW_SHUN if len(world.visits) <= FEW else _SHUNS)


def _is_mixed(world: World) -> bool:
    """Tell whether the cheapest of several routes may be the wrong one for the day."""
    return (
        len(world.visits) <= FEW
        or not world.is_plain
        or world.has_order
        or world.is_fair
        or bool((world.families["most"] > 1).any())
        or bool((world.visits["moved_price"] > 0).any())
    )
