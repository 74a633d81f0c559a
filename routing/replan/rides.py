"""Rides between all that is left: those known, or those that a source is asked for."""

from collections.abc import Mapping, Sequence

from routing.errors import InvalidProblem
from routing.geo import Point
from routing.measure import Matrices, Measured
from routing.problem import Candidate
from routing.replan.history import Standing
from routing.travel.times import Matrix, Profile, TravelTimes


def rides_for(
    reached: Mapping[str, Candidate],
    standings: Mapping[str, Standing],
    matrices: Matrices,
    travel: TravelTimes | None,
) -> dict[str, Measured]:
    """Return rides between all that is left, asking for those that are not known yet."""
    needed = {one.point: None for one in reached.values() if one.windows}
    for one in standings.values():
        needed |= dict.fromkeys([one.here, one.shift.end or one.here])
    asked: dict[Profile, Measured] = {}
    found = {}
    for shift_id, one in standings.items():
        profile = one.shift.profile
        if profile not in asked:
            known = [
                matrices[id]
                for id, other in standings.items()
                if other.shift.profile == profile and id in matrices
            ]
            asked[profile] = _covering(list(needed), known, profile, travel, one.free_s)
        found[shift_id] = asked[profile]
    return found


def _covering(
    needed: Sequence[Point],
    known: Sequence[Measured],
    profile: Profile,
    travel: TravelTimes | None,
    from_s: int,
) -> Measured:
    for measured in known:
        if set(measured.points).issuperset(needed):
            return measured
    if travel is None:
        have = {point for measured in known for point in measured.points}
        missing = next((point for point in needed if point not in have), needed[0])
        expected = f"expected rides to and from {missing}, or a source of travel times to ask"
        raise InvalidProblem("matrices", expected)
    slots = [slot_s for measured in known[:1] for slot_s, _ in measured.later]
    matrix: Matrix = travel.matrix(needed, profile, min(from_s, *slots) if slots else from_s)
    later = tuple((slot_s, travel.matrix(needed, profile, slot_s)) for slot_s in slots)
    return Measured(tuple(needed), matrix, later)
