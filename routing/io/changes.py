"""What happened during the day as JSON, and what it changed in the plan."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from routing.geo import Point
from routing.io.problems import candidate_of, window_of
from routing.io.reader import Node, parse
from routing.replan import (
    Added,
    Cancelled,
    Change,
    Differences,
    Late,
    Moved,
    Pinned,
    Sick,
    StreetClosed,
    Underway,
    VisitDone,
)


def changes_from_json(text: str) -> list[Change]:
    """Read the list of changes.

    Raises
    ------
    InvalidProblem
        With the place of the first fault in the document, such as ``changes[2].shift_id``.
    """
    root = parse(text)
    root.fields(("changes",))
    return [_change(node) for node in root["changes"].elements("changes")]


def differences_to_fields(differences: Differences) -> dict[str, Any]:
    """Return differences as JSON has them, field by field as in `routing.replan`."""
    return asdict(differences)


def _change(node: Node) -> Change:
    if not isinstance(node.value, dict):
        node.refuse("an object")
    kind = node["kind"]
    if not isinstance(kind.value, str) or kind.value not in _KINDS:
        kind.refuse(f"one of {', '.join(_KINDS)}")
    return _KINDS[kind.value](node)


def _visit_done(node: Node) -> VisitDone:
    node.fields(("kind", "candidate_id", "left_s"), ("started_s", "shift_id", "point"))
    return VisitDone(
        node["candidate_id"].id(),
        node["left_s"].integer("seconds"),
        _integer(node["started_s"]),
        None if node["shift_id"].is_null else node["shift_id"].id(),
        _point(node["point"]),
    )


def _underway(node: Node) -> Underway:
    node.fields(("kind", "shift_id", "point", "at_s"), ("candidate_id",))
    return Underway(
        node["shift_id"].id(),
        node["point"].point(),
        node["at_s"].integer("seconds"),
        None if node["candidate_id"].is_null else node["candidate_id"].id(),
    )


def _late(node: Node) -> Late:
    node.fields(("kind", "shift_id", "free_at_s"), ("point",))
    free_at_s = node["free_at_s"].integer("seconds")
    return Late(node["shift_id"].id(), free_at_s, _point(node["point"]))


def _sick(node: Node) -> Sick:
    node.fields(("kind", "shift_id"), ("shared_with",))
    shared = node["shared_with"]
    names = [] if shared.is_null else [one.id() for one in shared.elements("ids")]
    return Sick(node["shift_id"].id(), frozenset(names))


def _cancelled(node: Node) -> Cancelled:
    node.fields(("kind", "candidate_id"))
    return Cancelled(node["candidate_id"].id())


def _added(node: Node) -> Added:
    node.fields(("kind", "candidate"))
    return Added(candidate_of(node["candidate"]))


def _moved(node: Node) -> Moved:
    node.fields(("kind", "candidate_id", "window"))
    return Moved(node["candidate_id"].id(), window_of(node["window"]))


def _pinned(node: Node) -> Pinned:
    node.fields(("kind", "candidate_id"), ("position",))
    return Pinned(node["candidate_id"].id(), _integer(node["position"], "position"))


def _street_closed(node: Node) -> StreetClosed:
    node.fields(("kind",), ("pairs", "centre", "radius_m"))
    pairs = [] if node["pairs"].is_null else node["pairs"].elements("pairs of points")
    return StreetClosed(
        frozenset(_pair(one) for one in pairs),
        _point(node["centre"]),
        _integer(node["radius_m"], "metres") or 0,
    )


def _pair(node: Node) -> tuple[Point, Point]:
    node.fields(("from", "to"))
    return node["from"].point(), node["to"].point()


def _point(node: Node) -> Point | None:
    return None if node.is_null else node.point()


def _integer(node: Node, unit: str = "seconds") -> int | None:
    return None if node.is_null else node.integer(unit)


_KINDS: Mapping[str, Callable[[Node], Change]] = {
    "visit_done": _visit_done,
    "underway": _underway,
    "late": _late,
    "sick": _sick,
    "cancelled": _cancelled,
    "added": _added,
    "moved": _moved,
    "pinned": _pinned,
    "street_closed": _street_closed,
}
