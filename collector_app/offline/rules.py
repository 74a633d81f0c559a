"""What is kept on the phone, and how to tell one version of it from another."""

import hashlib
from collections.abc import Iterable

# Files that the phone's pages load, under static/. A test opens every page and compares.
STYLES = (
    "tokens.css",
    "tokens_dark.css",
    "parts.css",
    "desk/desk.css",
    "phone/phone.css",
    "phone/record.css",
    "phone/route.css",
    "phone/turns.css",
    "maps/maps.css",
    "vendor/leaflet/leaflet.css",
)
SCRIPTS = (
    "theme.js",
    "forms.js",
    "phone/menu.js",
    "phone/gps.js",
    "phone/here.js",
    "phone/record.js",
    "phone/map.js",
    "phone/offline/keep.js",
    "phone/offline/record_draft.js",
    "phone/offline/leave.js",
    "vendor/leaflet/leaflet.js",
    "vendor/protomaps-leaflet/protomaps-leaflet.js",
)
PICTURES = ("icons.svg", "mark.svg", "phone/icons/icon-192.png", "phone/icons/icon-512.png")
# Modules that other modules import: their addresses carry no hash.
IMPORTED = (
    "maps/field_map.js",
    "maps/base_layer.js",
    "maps/spread.js",
    "maps/style.js",
    "phone/offline/copies.js",
    "phone/offline/drafts.js",
    "phone/offline/range.js",
)


def build_of(addresses: Iterable[str]) -> str:
    """Return a name that changes whenever one of the addresses, or the hash in it, does."""
    return hashlib.sha256("\n".join(addresses).encode()).hexdigest()[:12]
