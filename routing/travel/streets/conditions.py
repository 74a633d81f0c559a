"""Tags that hold at some hours only: ``motor_vehicle:conditional = no @ (Mo-Fr 07:00-19:00)``.

A condition holds in a time slot if it covers half of the slot or more on most working days. What
is not about days and hours (weights, weather, seasons, holidays) is not understood, and said so.
"""

import re
from collections.abc import Iterator, Mapping

from routing.travel.slots import DAY_S, STARTS, Slot

SUFFIX = ":conditional"
SLOTS = tuple(Slot)  # order of the bits in every mask of slots
ALL_SLOTS = (1 << len(SLOTS)) - 1

_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_WORKING = frozenset(_DAYS[:5])
_CLAUSE = re.compile(r"\s*([^@;]+?)\s*@\s*(\([^)]*\)|[^;(]+)\s*(?:;|$)")
_DAY = "(?:mo|tu|we|th|fr|sa|su|ph|sh)"
_DAY_RANGES = rf"{_DAY}(?:\s*-\s*{_DAY})?(?:\s*,\s*{_DAY}(?:\s*-\s*{_DAY})?)*"
_TIME = r"\d{1,2}:\d\d\s*-\s*\d{1,2}:\d\d"
_RULE = re.compile(rf"^({_DAY_RANGES})?\s*:?\s*({_TIME}(?:\s*,\s*{_TIME})*)?$")

Stretch = tuple[int, int]  # seconds of the day


def bit_of(slot: Slot) -> int:
    """Return the bit of a slot in a mask."""
    return 1 << SLOTS.index(slot)


def has_conditions(tags: Mapping[str, str]) -> bool:
    """Tell whether some tag holds at some hours only."""
    return any(key.endswith(SUFFIX) for key in tags)


def tags_in(tags: Mapping[str, str], slot: Slot) -> dict[str, str]:
    """Return the tags as they are in a slot: conditional values that hold replace the others."""
    plain = {key: value for key, value in tags.items() if not key.endswith(SUFFIX)}
    for key, text in tags.items():
        if key.endswith(SUFFIX):
            for value, condition in _clauses(text):
                if holds(condition, slot):
                    plain[key.removesuffix(SUFFIX)] = value
    return plain


def unread(tags: Mapping[str, str]) -> int:
    """Return how many conditions of the tags are not understood."""
    return sum(
        holds(condition, Slot.MIDDAY) is None
        for key, text in tags.items()
        if key.endswith(SUFFIX)
        for _, condition in _clauses(text) or [("", "?")]
    )


def holds(condition: str, slot: Slot) -> bool | None:
    """Tell whether a condition (``Mo-Fr 07:00-10:00``) holds in a slot; None if unreadable."""
    held: set[Stretch] = set()
    for rule in condition.strip().strip("()").lower().split(";"):
        found = _RULE.match(rule.strip())
        if found is None or not rule.strip():
            return None
        if found[1] is None or len(_days(found[1]) & _WORKING) > len(_WORKING) // 2:
            held.update(_stretches(found[2]) if found[2] else [(0, DAY_S)])
    total_s = covered_s = 0
    for start_s, end_s in _stretches_of(slot):
        total_s += end_s - start_s
        covered_s += sum(
            max(0, min(end_s, until_s) - max(start_s, from_s)) for from_s, until_s in held
        )
    return 2 * covered_s >= total_s


def _clauses(text: str) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in _CLAUSE.finditer(text)]


def _days(text: str) -> set[str]:
    days: set[str] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first in _DAYS and (last or first) in _DAYS:
            begin = _DAYS.index(first)
            count = (_DAYS.index(last or first) - begin) % len(_DAYS) + 1
            days.update(_DAYS[(begin + i) % len(_DAYS)] for i in range(count))
    return days


def _stretches(text: str) -> Iterator[Stretch]:
    for part in text.replace(" ", "").split(","):
        start_s, end_s = (_seconds(time) for time in part.split("-"))
        if end_s > start_s:
            yield start_s, end_s
        else:  # over midnight
            yield start_s, DAY_S
            yield 0, end_s


def _seconds(time: str) -> int:
    hours, minutes = time.split(":")
    return min(DAY_S, 3600 * int(hours) + 60 * int(minutes))


def _stretches_of(slot: Slot) -> Iterator[Stretch]:
    ends = [*(start_s for start_s, _ in STARTS[1:]), DAY_S]
    for (start_s, own), end_s in zip(STARTS, ends, strict=True):
        if own is slot:
            yield start_s, end_s
