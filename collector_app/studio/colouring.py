"""What a zone that a draft adds is called and painted."""

from collector_app.studio.rules import DraftState, DraftZone
from collector_app.zones.colours import PALETTE


def new_zone(state: DraftState) -> DraftZone:
    """Return a zone with the colour that fewest zones have."""
    key = state.next_key
    used = [zone.colour for zone in state.zones.values()]
    colour = min(PALETTE, key=lambda one: (used.count(one), PALETTE.index(one)))
    return DraftZone(key, f"Zona {key}", colour)
