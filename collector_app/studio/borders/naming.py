"""Which attribute of a file names an area, and which its collector."""

import re
from collections.abc import Mapping
from typing import Any

# As map programs, INEGI, SEPOMEX and our own exports call it; the first that has a text counts.
NAMES = (
    *("name", "nombre", "zona", "zone", "nom_col", "nomcol", "nom_asen", "nom_colonia"),
    *("colonia", "sett_name", "nomgeo", "nom_mun", "nomlug", "label", "title", "id"),
)
COLLECTORS = ("gestor", "collector", "responsable")
NAME_LENGTH = 80
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def name_in(attributes: Mapping[str, Any]) -> str:
    """Return the name among the attributes of an area, empty when none is one."""
    return _first(attributes, NAMES)


def collector_in(attributes: Mapping[str, Any]) -> str | None:
    """Return who answers for the area."""
    return _first(attributes, COLLECTORS) or None


def colour_in(attributes: Mapping[str, Any]) -> str | None:
    """Return the colour that our own exports give an area."""
    colour = attributes.get("color")
    return colour if isinstance(colour, str) and _COLOUR.fullmatch(colour) else None


def _first(attributes: Mapping[str, Any], wanted: tuple[str, ...]) -> str:
    low = {str(key).casefold(): value for key, value in attributes.items()}
    for key in wanted:
        value = low.get(key)
        if isinstance(value, str | int) and (text := " ".join(str(value).split())):
            return text[:NAME_LENGTH]
    return ""
