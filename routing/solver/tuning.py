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
    all_free=500.0,
    near_taken=60.0,
    margin_s=0.0,
    hot=1.2,
    cold=0.02,
)

# Where travel is dear, a detour counts and a delay hardly does, and whole visits come and go while
# it is hot; measured on PCVRPTW instances.
_DEAR = TUNING._replace(most_lean=0.2, hot=1.0, cold=0.01)


def tuning_of(world: World) -> Tuning:
    """Return the figures for a problem."""
    return _DEAR if is_dear(world) else TUNING
