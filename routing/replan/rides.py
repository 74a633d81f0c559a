"""Rides between all that is left: those known, or those that a source is asked for."""

from collections.abc import Mapping

from routing.errors import InvalidProblem
from routing.geo import Point
from routing.measure import Matrices, Measured, may_visit
from routing.problem import Candidate
from routing.replan.history import Standing
from routing.travel.times import Matrix, Profile, TravelTimes


def rides_for(
    reached: Mapping[str, Candidate],
    standings: Mapping[str, Standing],
    matrices: Matrices,
    travel: TravelTimes | None,
) -> dict[str, Measured]:
    """Return rides between all that each shift may touch, asking for those not known yet.

    Shifts whose own rides are known keep them, so that those of many zones stay apart; all others
    of a profile are asked for together.
    """
    needed = {shift_id: _places(one, reached) for shift_id, one in standings.items()}
    found = {
        shift_id: matrices[shift_id]
        for shift_id, places in needed.items()
        if shift_id in matrices and places <= set(matrices[shift_id].points)
    }
    asked: dict[Profile, Measured] = {}
    for shift_id, one in standings.items():
        if shift_id in found:
            continue
        profile = one.shift.profile
        if profile not in asked:
            asked[profile] = _covering(profile, needed, standings, matrices, found, travel)
        found[shift_id] = asked[profile]
    return {shift_id: found[shift_id] for shift_id in standings}


def _places(standing: Standing, reached: Mapping[str, Candidate]) -> set[Point]:
    """Return whom a shift may visit, where it goes on from and where it ends."""
    places = {
        one.point for one in reached.values() if one.windows and may_visit(standing.shift, one)
    }
    return places | {standing.here, standing.shift.end or standing.here}


def _covering(
    profile: Profile,
    needed: Mapping[str, set[Point]],
    standings: Mapping[str, Standing],
    matrices: Matrices,
    found: Mapping[str, Measured],
    travel: TravelTimes | None,
) -> Measured:
    """Return one matrix for all shifts of a profile that lack some of their rides."""
    lacking = [
        shift_id
        for shift_id, one in standings.items()
        if one.shift.profile == profile and shift_id not in found
    ]
    known = [
        matrices[shift_id]
        for shift_id, one in standings.items()
        if one.shift.profile == profile and shift_id in matrices
    ]
    places = tuple(dict.fromkeys(place for one in lacking for place in sorted(needed[one])))
    for measured in known:
        if set(measured.points).issuperset(places):
            return measured
    if travel is None:
        have = {point for measured in known for point in measured.points}
        missing = next((point for point in places if point not in have), places[0])
        expected = f"expected rides to and from {missing}, or a source of travel times to ask"
        raise InvalidProblem("matrices", expected)
    from_s = min(standings[shift_id].free_s for shift_id in lacking)
    slots = [slot_s for measured in known[:1] for slot_s, _ in measured.later]
    matrix: Matrix = travel.matrix(places, profile, min(from_s, *slots) if slots else from_s)
    later = tuple((slot_s, travel.matrix(places, profile, slot_s)) for slot_s in slots)
    return Measured(places, matrix, later)
