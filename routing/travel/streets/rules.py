"""Which streets each profile may use, in which direction and how fast, from OpenStreetMap tags.

Source
------
Class speeds, the share of the sign that is driven and the surface limits follow the free-flow
values of the OSRM car profile (BSD-2, rounded); walking follows its foot profile. They are the
starting point before calibration with the collectors' own trips. Tags and their values:
OpenStreetMap wiki, "Key:highway", "Key:access", "Key:oneway", "Key:maxspeed".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from routing.travel.streets.conditions import SLOTS, bit_of, has_conditions, tags_in
from routing.travel.times import Profile

PROFILES = (Profile.MOTORCYCLE, Profile.CAR, Profile.FOOT)  # order of every per-profile array

Tags = Mapping[str, str]
Both = tuple[float, float]  # forward, backward

WALK_KMH = 5.0

# highway=* : (motorcycle, car, foot), km/h, 0 = closed unless a tag says otherwise. The order is
# that of the class numbers stored in city packs: append, never insert.
SPEEDS_KMH: dict[str, tuple[float, float, float]] = {
    "motorway": (90, 90, 0),
    "motorway_link": (45, 45, 0),
    "trunk": (85, 85, WALK_KMH),
    "trunk_link": (40, 40, WALK_KMH),
    "primary": (65, 65, WALK_KMH),
    "primary_link": (30, 30, WALK_KMH),
    "secondary": (55, 55, WALK_KMH),
    "secondary_link": (25, 25, WALK_KMH),
    "tertiary": (40, 40, WALK_KMH),
    "tertiary_link": (20, 20, WALK_KMH),
    "unclassified": (25, 25, WALK_KMH),
    "residential": (25, 25, WALK_KMH),
    "living_street": (10, 10, WALK_KMH),
    "service": (15, 15, WALK_KMH),
    "road": (25, 25, WALK_KMH),
    "track": (15, 10, WALK_KMH),
    "pedestrian": (0, 0, WALK_KMH),
    "footway": (0, 0, WALK_KMH),
    "path": (0, 0, WALK_KMH),
    "cycleway": (0, 0, WALK_KMH),
    "bridleway": (0, 0, WALK_KMH),
    "corridor": (0, 0, WALK_KMH),
    "steps": (0, 0, 2.0),
    # route=ferry. Its time is that of duration=*, and this speed where nobody wrote one.
    "ferry": (5, 5, 5),
}
CLASSES = tuple(SPEEDS_KMH)
CLASS_NUMBER = {name: number for number, name in enumerate(CLASSES)}

# Where nobody stops to knock on a door: points are put on these only if nothing else is near.
NO_STOPPING = frozenset({"motorway", "motorway_link", "trunk_link"})
# Where turning round in the street is ordinary.
MINOR = frozenset(
    {"tertiary", "unclassified", "residential", "living_street", "service", "road", "track"}
)
# One-way unless a tag says otherwise.
ONEWAY_BY_CLASS = frozenset({"motorway", "motorway_link"})

ROUNDABOUTS = frozenset({"roundabout", "circular"})
FERRY = "ferry"
FERRY_VEHICLE_KEYS = ("motorcycle", "motorcar", "motor_vehicle", "vehicle", "hgv")
FERRY_OPEN_VALUES = frozenset({"yes", "designated", "permissive", "destination"})

SIGN_SHARE = 0.8  # of maxspeed=* is driven on average
MPH_IN_KMH = 1.609344
ON_FOOTWAY_KMH = 10.0  # vehicle on a way for people, where a tag allows it

# surface=* : most km/h for vehicles.
SURFACE_LIMITS_KMH = {
    "compacted": 60.0,
    "fine_gravel": 50.0,
    "gravel": 40.0,
    "unpaved": 35.0,
    "cobblestone": 30.0,
    "sett": 35.0,
    "unhewn_cobblestone": 20.0,
    "pebblestone": 30.0,
    "ground": 30.0,
    "dirt": 30.0,
    "earth": 30.0,
    "grass": 15.0,
    "sand": 15.0,
    "mud": 10.0,
}
# service=* : most km/h for vehicles.
SERVICE_LIMITS_KMH = {"alley": 10.0, "driveway": 10.0, "parking_aisle": 10.0, "drive-through": 10.0}

# Access keys from the most particular to the most general; the first that is present decides.
ACCESS_KEYS = {
    Profile.MOTORCYCLE: ("motorcycle", "motor_vehicle", "vehicle", "access"),
    Profile.CAR: ("motorcar", "motor_vehicle", "vehicle", "access"),
    Profile.FOOT: ("foot", "access"),
}
CLOSED_VALUES = frozenset(
    {
        "no", "agricultural", "forestry", "emergency", "psv", "bus", "military", "use_sidepath",
        "dismount", "hgv", "bicycle", "taxi",
    }
)  # fmt: skip
# Open to those who have business there, never a way through.
RESTRICTED_VALUES = frozenset(
    {"private", "destination", "customers", "delivery", "permit", "residents", "residential"}
)
# barrier=* that stops a profile unless the access keys of the node open it.
CAR_STOPPERS = frozenset(
    {
        "bollard", "block", "jersey_barrier", "chain", "cycle_barrier", "motorcycle_barrier",
        "wall", "fence", "debris", "log", "planter", "stile", "turnstile", "kissing_gate",
        "full-height_turnstile", "horse_stile", "sump_buster", "spikes",
    }
)  # fmt: skip
# A motorcycle passes between bollards.
MOTORCYCLE_STOPPERS = CAR_STOPPERS - {"bollard", "block", "planter", "sump_buster"}
FOOT_STOPPERS = frozenset({"wall", "fence"})
STOPPERS = {
    Profile.MOTORCYCLE: MOTORCYCLE_STOPPERS,
    Profile.CAR: CAR_STOPPERS,
    Profile.FOOT: FOOT_STOPPERS,
}


class Access(Enum):
    """What the tags say about the right to pass."""

    UNSAID = auto()
    OPEN = auto()
    RESTRICTED = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True)
class WayRules:
    """What one way means for travel.

    Attributes
    ----------
    road_class : int
        Index into ``CLASSES``.
    speeds_kmh : tuple of (forward, backward), one per profile in the order of ``PROFILES``
        0 where the direction is closed.
    is_restricted : bool
        Vehicles may enter only with business there.
    name, ref : str
        Name of the street and its reference number, "" for none.
    is_roundabout : bool
    duration_s : float
        Time of the whole way where the tags say it (ferries), else 0.
    closed_in : tuple of (forward, backward), one per profile
        Slots in which a direction is closed though it has a speed, as bits.
    """

    road_class: int
    speeds_kmh: tuple[Both, Both, Both]
    is_restricted: bool
    name: str
    ref: str = ""
    is_roundabout: bool = False
    duration_s: float = 0.0
    closed_in: tuple[tuple[int, int], ...] = ((0, 0),) * len(PROFILES)


def rules_by_hour(tags: Tags) -> WayRules | None:
    """Read the tags of a way, those included that hold at some hours only.

    A direction that is open in some slot has its highest speed; in the others it is closed.
    """
    if not has_conditions(tags):
        return way_rules(tags)
    in_slots = [way_rules(tags_in(tags, slot)) for slot in SLOTS]
    known = next((rules for rules in in_slots if rules is not None), None)
    if known is None:
        return None
    speeds = [
        [rules.speeds_kmh[row] if rules else (0.0, 0.0) for rules in in_slots]
        for row in range(len(PROFILES))
    ]
    motorcycle, car, foot = (
        (max(both[0] for both in own), max(both[1] for both in own)) for own in speeds
    )
    return replace(
        known,
        speeds_kmh=(motorcycle, car, foot),
        is_restricted=all(rules is None or rules.is_restricted for rules in in_slots),
        closed_in=tuple((_closed_in(own, 0), _closed_in(own, 1)) for own in speeds),
    )


def _closed_in(speeds: list[Both], direction: int) -> int:
    if not any(both[direction] for both in speeds):
        return 0  # closed for ever, which its speed says
    return sum(
        bit_of(slot) for slot, both in zip(SLOTS, speeds, strict=True) if not both[direction]
    )


def way_rules(tags: Tags) -> WayRules | None:
    """Read the tags of a way; None when no profile may use it."""
    highway = _class_name(tags)
    by_class = SPEEDS_KMH.get(highway)
    if by_class is None or tags.get("area") == "yes":
        return None
    motorcycle, car, foot = (
        _speeds(tags, profile, kmh) for profile, kmh in zip(PROFILES, by_class, strict=True)
    )
    if not any((*motorcycle, *car, *foot)):
        return None
    return WayRules(
        road_class=CLASS_NUMBER[highway],
        speeds_kmh=(motorcycle, car, foot),
        is_restricted=access(tags, Profile.MOTORCYCLE) is Access.RESTRICTED,
        name=_one_line(tags.get("name:es") or tags.get("name", "")),
        ref=_one_line(tags.get("ref", "")),
        is_roundabout=tags.get("junction") in ROUNDABOUTS,
        duration_s=duration_s(tags.get("duration", "")) if highway == FERRY else 0.0,
    )


def _class_name(tags: Tags) -> str:
    return FERRY if tags.get("route") == FERRY else tags.get("highway", "")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def access(tags: Tags, profile: Profile) -> Access:
    """Tell whether `profile` may pass, from the most particular access key present."""
    for key in ACCESS_KEYS[profile]:
        value = tags.get(key)
        if value is None:
            continue
        if value in CLOSED_VALUES:
            return Access.CLOSED
        return Access.RESTRICTED if value in RESTRICTED_VALUES else Access.OPEN
    return Access.UNSAID


def is_stopped_at(tags: Tags, profile: Profile) -> bool:
    """Tell whether a node with these tags (a barrier) stops `profile`."""
    right = access(tags, profile)
    if right is Access.UNSAID:
        return tags.get("barrier") in STOPPERS[profile]
    return right is Access.CLOSED


def _speeds(tags: Tags, profile: Profile, class_kmh: float) -> Both:
    right = access(tags, profile)
    if right is Access.CLOSED or (_class_name(tags) == FERRY and not _boards(tags, profile)):
        return 0.0, 0.0
    if profile is Profile.FOOT:
        return _foot_speeds(tags, class_kmh, right)
    if class_kmh == 0:
        class_kmh = ON_FOOTWAY_KMH if _opens_footway(tags, profile) else 0.0
    is_forward, is_backward = _directions(tags, profile)
    return (
        _vehicle_kmh(tags, class_kmh, "forward") if is_forward else 0.0,
        _vehicle_kmh(tags, class_kmh, "backward") if is_backward else 0.0,
    )


def _boards(tags: Tags, profile: Profile) -> bool:
    # Most launches take people only: a vehicle boards where some key of vehicles says so.
    rights = {value for key in FERRY_VEHICLE_KEYS if (value := tags.get(key)) is not None}
    return profile is Profile.FOOT or bool(rights & FERRY_OPEN_VALUES)


def _foot_speeds(tags: Tags, class_kmh: float, right: Access) -> Both:
    if class_kmh == 0 and right is Access.OPEN and tags.get("foot"):
        class_kmh = WALK_KMH
    oneway = tags.get("oneway:foot")
    return (
        0.0 if oneway == "-1" else class_kmh,
        0.0 if oneway in {"yes", "1", "true"} else class_kmh,
    )


def _opens_footway(tags: Tags, profile: Profile) -> bool:
    # access=yes on a footway is about people: only a key of vehicles opens it to them.
    particular = {key: tags[key] for key in ACCESS_KEYS[profile][:-1] if key in tags}
    return bool(particular) and access(particular, profile) is not Access.CLOSED


def _directions(tags: Tags, profile: Profile) -> tuple[bool, bool]:
    is_forward, is_backward = _oneway(_oneway_value(tags, profile), tags)
    for key in reversed(ACCESS_KEYS[profile][:-1]):
        if f"{key}:forward" in tags:
            is_forward = tags[f"{key}:forward"] not in CLOSED_VALUES
        if f"{key}:backward" in tags:
            is_backward = tags[f"{key}:backward"] not in CLOSED_VALUES
    return is_forward, is_backward


def _oneway_value(tags: Tags, profile: Profile) -> str:
    for key in ACCESS_KEYS[profile][:-1]:
        value = tags.get(f"oneway:{key}")
        if value is not None:
            return value
    return tags.get("oneway", "")


def _oneway(value: str, tags: Tags) -> tuple[bool, bool]:
    if value in {"yes", "true", "1"}:
        return True, False
    if value in {"-1", "reverse"}:
        return False, True
    if value == "reversible":  # open by the hour, which a static map can't know
        return False, False
    if value in {"no", "false", "0"}:
        return True, True
    is_implied = tags.get("junction") in ROUNDABOUTS or tags.get("highway") in ONEWAY_BY_CLASS
    return True, not is_implied


def _vehicle_kmh(tags: Tags, class_kmh: float, direction: str) -> float:
    if class_kmh == 0:
        return 0.0
    sign = tags.get(f"maxspeed:{direction}") or tags.get("maxspeed", "")
    kmh = signed_kmh(sign)
    return min(
        class_kmh if kmh is None else kmh * SIGN_SHARE,
        SURFACE_LIMITS_KMH.get(tags.get("surface", ""), float("inf")),
        SERVICE_LIMITS_KMH.get(tags.get("service", ""), float("inf")),
    )


_SIGN = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?\s*(?:[;|,].*)?$")


def signed_kmh(value: str) -> float | None:
    """Read a maxspeed value in km/h; None for words such as ``CL:urban`` or for nonsense."""
    found = _SIGN.match(value)
    if found is None:
        return None
    kmh = float(found[1]) * (MPH_IN_KMH if found[2] == "mph" else 1.0)
    # Below walking pace or above any legal limit it is a typing error.
    return kmh if WALK_KMH <= kmh <= 150 else None


_CLOCK = re.compile(r"^(?:(\d+):)?(\d+):(\d\d)$")
_ISO = re.compile(r"^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$")


def duration_s(value: str) -> float:
    """Read a duration=* value in seconds: ``00:25``, ``1:05:30``, ``PT25M`` or minutes; 0 if none.

    ``00:25`` is hours and minutes, as the wiki has it; ``1:05:30`` has seconds, too.
    """
    value = value.strip().upper()
    if value.isdecimal():
        return 60.0 * int(value)
    if found := _CLOCK.match(value):
        first, second, third = (int(part or 0) for part in found.groups())
        has_seconds = found[1] is not None
        return float(
            3600 * first + 60 * second + third if has_seconds else 3600 * second + 60 * third
        )
    if found := _ISO.match(value):
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return float(86_400 * days + 3600 * hours + 60 * minutes + seconds)
    return 0.0
