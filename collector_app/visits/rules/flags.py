"""What deserves a second look in a visit: where, when and by which clock it was made."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

from collector_app.visits.rules.catalogue import OFFERED, Outcome, PersonMet

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG 1980


class Nearness(StrEnum):
    """Whether a visit was made at the client's address."""

    NEAR = "near"
    FAR = "far"
    UNKNOWN = "unknown"


class VisitFlag(StrEnum):
    """What a supervisor may want to look at; a flag accuses nobody and blocks nothing."""

    OUTSIDE_HOURS = "outside_hours"
    FAR_FROM_ADDRESS = "far_from_address"
    NO_GPS = "no_gps"
    CLOCK_OFF = "clock_off"
    OFF_ROUTE = "off_route"
    ODD_OUTCOME = "odd_outcome"


@dataclass(frozen=True, slots=True)
class VisitPolicy:
    """From where on a visit is worth a second look.

    Source: ``near_m`` follows Routific's proof-of-delivery warning, which warns at 100 m and
    blocks nothing; the others are company policy.
    """

    near_m: int = 100
    useful_accuracy_m: int = 100  # a worse fix can't tell one door from the next street
    clock_tolerance_s: int = 120


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known about how a visit was made; the ground of its flags."""

    person_met: PersonMet
    outcome: Outcome
    has_stop: bool
    started_s: int  # seconds since local midnight, by the phone's clock
    clock_offset_s: int  # receipt minus end of the visit; a late sending looks like a slow clock
    has_position: bool
    nearness: Nearness


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> int:
    """Return the great-circle distance between two positions in degrees, metres."""
    phi, other_phi = radians(lat), radians(other_lat)
    half_chord = (
        sin((other_phi - phi) / 2) ** 2
        + cos(phi) * cos(other_phi) * sin(radians(other_lon - lon) / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, half_chord))))


def distance_check(distance_m: int | None, accuracy_m: int | None, policy: VisitPolicy) -> Nearness:
    """Tell whether a fix lies at the address, giving the benefit of its own inaccuracy.

    Parameters
    ----------
    distance_m : int or None
        From the fix to the client's address; None when either is unknown.
    accuracy_m : int or None
        Radius of the fix as the phone gives it (95 % for the W3C geolocation API).

    Returns
    -------
    Nearness
        FAR only when the whole circle of the fix lies beyond ``policy.near_m``; UNKNOWN when the
        circle is too wide to tell.
    """
    if distance_m is None or accuracy_m is None:
        return Nearness.UNKNOWN
    if distance_m - accuracy_m > policy.near_m:
        return Nearness.FAR
    if accuracy_m > policy.useful_accuracy_m:
        return Nearness.UNKNOWN
    return Nearness.NEAR


def visit_flags(
    seen: Circumstances, legal_windows: Sequence[tuple[int, int]], policy: VisitPolicy
) -> tuple[VisitFlag, ...]:
    """Return what deserves a second look in a visit; derived at each reading, never stored.

    Parameters
    ----------
    seen : Circumstances
        How the visit was made.
    legal_windows : sequence of (int, int)
        When a visit was allowed that day, seconds since local midnight, both ends inclusive.
    policy : VisitPolicy
        From where on something is flagged.
    """
    in_hours = any(start <= seen.started_s <= end for start, end in legal_windows)
    checks = (
        (VisitFlag.OUTSIDE_HOURS, not in_hours),
        (VisitFlag.FAR_FROM_ADDRESS, seen.nearness is Nearness.FAR),
        (VisitFlag.NO_GPS, not seen.has_position),
        (VisitFlag.CLOCK_OFF, abs(seen.clock_offset_s) > policy.clock_tolerance_s),
        (VisitFlag.OFF_ROUTE, not seen.has_stop),
        (VisitFlag.ODD_OUTCOME, seen.outcome not in OFFERED[seen.person_met]),
    )
    return tuple(flag for flag, applies in checks if applies)
