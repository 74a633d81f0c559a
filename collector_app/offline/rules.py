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
    "phone/change.css",
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
    "phone/visit/save.js",
    "phone/visit/capture.js",
    "phone/outbox/start.js",
    "phone/outbox/undo.js",
    "phone/outbox/list.js",
    "phone/outbox/page.js",
    "phone/offline/keep.js",
    "phone/offline/record_draft.js",
    "phone/offline/leave.js",
    "phone/law/show.js",
    "phone/replan/list.js",
    "phone/replan/page.js",
    "phone/ready/page.js",
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
    "phone/day/clock.js",
    "phone/day/package.js",
    "phone/law/judge.js",
    "phone/ready/verdict.js",
    "phone/replan/changes.js",
    "phone/replan/dice.js",
    "phone/replan/made.js",
    "phone/replan/memory.js",
    "phone/replan/route.js",
    "phone/replan/search.js",
    "phone/replan/tell.js",
    "phone/replan/timetable.js",
    "phone/outbox/backoff.js",
    "phone/outbox/badge_state.js",
    "phone/outbox/batches.js",
    "phone/outbox/database.js",
    "phone/outbox/device.js",
    "phone/outbox/drafts_of_before.js",
    "phone/outbox/enroll.js",
    "phone/outbox/export.js",
    "phone/outbox/flush.js",
    "phone/outbox/news.js",
    "phone/outbox/office.js",
    "phone/outbox/room.js",
    "phone/outbox/store.js",
    "phone/outbox/verdicts.js",
    "phone/outbox/visits.js",
    "phone/visit/answers.js",
    "phone/visit/clock.js",
    "phone/visit/errors.js",
    "phone/visit/evidence.js",
    "phone/visit/form.js",
    "phone/visit/money.js",
    "phone/visit/photo.js",
    "phone/visit/read_back.js",
    "phone/visit/signature.js",
    "vendor/signature_pad/signature_pad.min.js",
)


def build_of(addresses: Iterable[str]) -> str:
    """Return a name that changes whenever one of the addresses, or the hash in it, does."""
    return hashlib.sha256("\n".join(addresses).encode()).hexdigest()[:12]
