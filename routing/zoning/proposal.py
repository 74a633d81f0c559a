"""From places to zones with their figures."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from routing.errors import InvalidProblem
from routing.geo import Point
from routing.zoning.balance import Labels, balanced_labels
from routing.zoning.places import Place, ZoneFigures, Zoning, check_places
from routing.zoning.repair import pieces, repair
from routing.zoning.units import Units, make_units


def propose(places: Sequence[Place], k: int, *, seed: int = 0) -> Zoning:
    """Divide places into k zones of even work, each in one piece.

    Parameters
    ----------
    places : sequence of Place
        At least k distinct locations.
    k : int >= 1
        How many zones.
    seed : int
        Same places, k and seed give the same zones.

    Raises
    ------
    InvalidProblem
        When a place is faulty, or there are fewer distinct locations than zones.

    Notes
    -----
    Cost grows as rounds x steps x u log u for u distinct locations.
    """
    check_places(places)
    if k < 1:
        raise InvalidProblem("k", f"expected at least 1, got {k}")
    units = make_units(places)
    if k > len(units.weight):
        raise InvalidProblem("k", f"expected at most {len(units.weight)}, the distinct locations")
    labels = repair(units, balanced_labels(units, k, seed), k)
    return _zoning(tuple(places), units, labels, k)


def _zoning(places: tuple[Place, ...], units: Units, labels: Labels, k: int) -> Zoning:
    zone = labels[units.unit_of]
    weight = np.array([place.weight for place in places])
    mean = float(weight.sum()) / k
    figures = tuple(_figures(places, units, labels, zone, n, mean) for n in range(k))
    return Zoning(
        places=places,
        zone_of={place.id: int(n) for place, n in zip(places, zone, strict=True)},
        centres=tuple(_centre(places, units, zone, n) for n in range(k)),
        figures=figures,
        imbalance=max(figure.share for figure in figures) - 1.0,
    )


def _figures(
    places: Sequence[Place], units: Units, labels: Labels, zone: Labels, n: int, mean: float
) -> ZoneFigures:
    members = np.flatnonzero(zone == n)
    inside = [places[int(i)] for i in members]
    weights = np.array([place.weight for place in inside])
    far = _distances(units, members)
    return ZoneFigures(
        zone=n,
        places=len(inside),
        weight=float(weights.sum()),
        share=float(weights.sum()) / mean if mean else 1.0,
        value=float(sum(place.value for place in inside)),
        mean_distance_m=float(np.average(far, weights=weights if weights.any() else None)),
        pieces=pieces(units, labels, n),
    )


def _centre(places: Sequence[Place], units: Units, zone: Labels, n: int) -> Point:
    members = np.flatnonzero(zone == n)
    return places[int(members[_distances(units, members).argmin()])].point


def _distances(units: Units, members: NDArray[np.int64]) -> NDArray[np.float64]:
    where = units.plane_m[units.unit_of[members]]
    far: NDArray[np.float64] = np.linalg.norm(where - where.mean(axis=0), axis=1)
    return far
