"""Turn restrictions as relations say them: which ways, whom they bind, and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from routing.travel.streets.conditions import SLOTS, bit_of, tags_in
from routing.travel.times import Profile

# From the most particular key to the most general; the first that is present decides.
KEYS = {
    Profile.MOTORCYCLE: ("motorcycle", "motor_vehicle", "vehicle"),
    Profile.CAR: ("motorcar", "motor_vehicle", "vehicle"),
}
WHEELS = tuple(KEYS)
Masks = tuple[int, ...]  # slots in which something is closed, per profile of WHEELS


@dataclass(frozen=True, slots=True)
class Restriction:
    """A forbidden (or the only permitted) turn.

    Attributes
    ----------
    via_node : int or None
        Node where one turns; None if the turn leads over ways.
    via_ways : tuple of int
    is_only : bool
        True when every *other* turn is forbidden to who came this way.
    is_u_turn : bool
        True when only turning back is meant.
    masks : tuple of int
        Slots in which it binds each profile of ``WHEELS``.
    """

    from_ways: frozenset[int]
    via_node: int | None
    via_ways: tuple[int, ...]
    to_ways: frozenset[int]
    is_only: bool
    is_u_turn: bool
    masks: Masks


def read_restrictions(
    tags: Mapping[str, str], members: Iterable[tuple[str, str, int]]
) -> list[Restriction]:
    """Read a relation; `members` are (role, type, id). Empty when it can't be used."""
    members = list(members)
    from_ways = frozenset(ref for role, kind, ref in members if role == "from" and kind == "w")
    to_ways = frozenset(ref for role, kind, ref in members if role == "to" and kind == "w")
    via = [(kind, ref) for role, kind, ref in members if role == "via"]
    is_node = len(via) == 1 and via[0][0] == "n"
    if not from_ways or not to_ways or not via:
        return []
    if not is_node and any(kind != "w" for kind, _ in via):
        return []
    return [
        Restriction(
            from_ways=from_ways,
            via_node=via[0][1] if is_node else None,
            via_ways=() if is_node else tuple(ref for _, ref in via),
            to_ways=to_ways,
            is_only=kind.startswith("only_"),
            is_u_turn=kind == "no_u_turn",
            masks=masks,
        )
        for kind, masks in _kinds(tags).items()
    ]


def _kinds(tags: Mapping[str, str]) -> dict[str, Masks]:
    """Return the kinds of restriction in the tags, and in which slots each binds whom."""
    excepted = {part.strip() for part in tags.get("except", "").split(";")}
    kinds: dict[str, list[int]] = {}
    for slot in SLOTS:
        plain = tags_in(tags, slot)
        for row, profile in enumerate(WHEELS):
            keys = [f"restriction:{key}" for key in KEYS[profile]] + ["restriction"]
            kind = next((plain[key] for key in keys if key in plain), "")
            if kind.startswith(("no_", "only_")) and not excepted & set(KEYS[profile]):
                kinds.setdefault(kind, [0] * len(WHEELS))[row] |= bit_of(slot)
    return {kind: tuple(masks) for kind, masks in kinds.items()}
