"""The answer as JSON, field by field as in `routing.plan`."""

import json
from dataclasses import asdict

from routing.io.reader import Node, parse
from routing.plan import (
    Change,
    ChangeKind,
    Plan,
    PlannedStop,
    Route,
    Skipped,
    SkipReason,
    TakenBreak,
)

_STOP_TIMES = ("arrives_s", "starts_s", "leaves_s", "travel_s", "travel_m", "prize", "detour_s")
_ROUTE_TIMES = ("leaves_s", "returns_s", "travel_s", "travel_m")
_STOP_PRICES = ("detour_cost", "outside_price", "moved_price")
_UNITS = {"travel_m": "metres", "prize": "points"} | dict.fromkeys(_STOP_PRICES, "points")


def plan_to_json(plan: Plan) -> str:
    """Write a plan."""
    return json.dumps(asdict(plan), ensure_ascii=False, indent=1) + "\n"


def plan_from_json(text: str) -> Plan:
    """Read a plan; whether it keeps the rules is for `routing.verify` to say.

    Raises
    ------
    InvalidProblem
        With the place of the first fault in the document.
    """
    root = parse(text)
    root.fields(("routes", "skipped", "prize", "travel_source", "is_estimate", "seed", "solver"))
    return Plan(
        routes=tuple(_route(node) for node in root["routes"].elements("routes")),
        skipped=tuple(_skipped(node) for node in root["skipped"].elements("skipped candidates")),
        prize=root["prize"].integer("points"),
        travel_source=root["travel_source"].text(),
        is_estimate=root["is_estimate"].flag(),
        seed=root["seed"].integer("seed"),
        solver=root["solver"].text(),
    )


def _route(node: Node) -> Route:
    node.fields(("shift_id", "stops", *_ROUTE_TIMES), ("breaks_at_end",))
    stops = tuple(_stop(one) for one in node["stops"].elements("stops"))
    return Route(
        shift_id=node["shift_id"].id(),
        stops=stops,
        breaks_at_end=_breaks(node["breaks_at_end"]),
        **_integers(node, _ROUTE_TIMES),
    )


def _stop(node: Node) -> PlannedStop:
    node.fields(("candidate_id", *_STOP_TIMES), (*_STOP_PRICES, "waits", "breaks"))
    prices = tuple(name for name in _STOP_PRICES if not node[name].is_null)
    return PlannedStop(
        candidate_id=node["candidate_id"].id(),
        waits=False if node["waits"].is_null else node["waits"].flag(),
        breaks=_breaks(node["breaks"]),
        **_integers(node, (*_STOP_TIMES, *prices)),
    )


def _breaks(node: Node) -> tuple[TakenBreak, ...]:
    return () if node.is_null else tuple(_break(one) for one in node.elements("breaks"))


def _break(node: Node) -> TakenBreak:
    names = ("starts_s", "duration_s")
    node.fields(names)
    return TakenBreak(**_integers(node, names))


def _integers(node: Node, names: tuple[str, ...]) -> dict[str, int]:
    return {name: node[name].integer(_UNITS.get(name, "seconds")) for name in names}


def _skipped(node: Node) -> Skipped:
    node.fields(("candidate_id", "reason"), ("facts", "change"))
    return Skipped(
        candidate_id=node["candidate_id"].id(),
        reason=node["reason"].choice(SkipReason),
        facts=_facts(node["facts"]),
        change=None if node["change"].is_null else _change(node["change"]),
    )


def _change(node: Node) -> Change:
    node.fields(("kind",), ("facts",))
    return Change(node["kind"].choice(ChangeKind), _facts(node["facts"]))


def _facts(node: Node) -> dict[str, int | str]:
    return {} if node.is_null else {name: _fact(fact) for name, fact in node.items()}


def _fact(node: Node) -> int | str:
    if isinstance(node.value, str):
        return node.value
    if type(node.value) is not int:
        node.refuse("an integer or a text")
    return int(node.value)
