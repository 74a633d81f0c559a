"""Reads the streets of an OpenStreetMap extract: ways, barriers, signals and turn restrictions."""

import os
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from numpy.typing import NDArray

from routing.errors import UnusableExtract
from routing.travel.streets.conditions import SUFFIX, has_conditions, unread
from routing.travel.streets.restrictions import Restriction, read_restrictions
from routing.travel.streets.rules import PROFILES, Tags, WayRules, is_stopped_at, rules_by_hour
from routing.travel.times import Profile

SUFFIXES = (".osm.pbf", ".pbf", ".osm.gz", ".osm.bz2", ".osm")
# Bytes of memory that building takes per byte of the file, measured on Porto Alegre once and joined
# several times, rounded up; the text formats are that many times longer than the binary one.
MEMORY_PER_BYTE = (
    (".pbf", 80),
    (".osm.gz", 50),
    (".osm.bz2", 70),
    (".osm", 5),
)
WAYS_BETWEEN_REPORTS = 20_000
E7 = 10_000_000  # OpenStreetMap stores coordinates as integers of 1e-7 degrees

# The keys that make an object interesting; the reader drops the rest before Python sees it.
_KEYS = (
    "highway",
    "route",
    "barrier",
    *(
        f"restriction{vehicle}{suffix}"
        for vehicle in ("", ":motorcar", ":motorcycle", ":motor_vehicle", ":vehicle")
        for suffix in ("", SUFFIX)
    ),
)


@dataclass(slots=True)
class RawStreets:
    """The usable ways of an extract, as flat arrays that grow while it is read.

    Attributes
    ----------
    ways : list[WayRules]
        Rules of each run of nodes; a way cut by missing nodes counts once per run.
    way_ids : array of int64
        OpenStreetMap id of each run.
    first_nodes : array of int64
        Where the nodes of each run begin in `node_ids`; one more than there are runs.
    node_ids, lat_e7, lon_e7 : arrays
        Nodes along each run, and where they are.
    signals : set[int]
        Nodes with traffic lights.
    stopped : dict[int, frozenset[Profile]]
        Barrier nodes and whom they stop.
    ignored_restrictions : int
        Turn restrictions that could not be used: incomplete, or of a kind that nobody defined.
    unread_conditions : int
        Conditions of ways and restrictions that are not about days and hours.
    """

    ways: list[WayRules] = field(default_factory=list)
    way_ids: "array[int]" = field(default_factory=lambda: array("q"))
    first_nodes: "array[int]" = field(default_factory=lambda: array("q", [0]))
    node_ids: "array[int]" = field(default_factory=lambda: array("q"))
    lat_e7: "array[int]" = field(default_factory=lambda: array("i"))
    lon_e7: "array[int]" = field(default_factory=lambda: array("i"))
    signals: set[int] = field(default_factory=set)
    stopped: dict[int, frozenset[Profile]] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    ignored_restrictions: int = 0
    unread_conditions: int = 0

    def shape_e7(self) -> NDArray[np.int32]:
        """Return the coordinates along all runs, int32[n, 2], latitude first, 1e-7 degrees."""
        lat = np.frombuffer(self.lat_e7, dtype=np.int32)
        lon = np.frombuffer(self.lon_e7, dtype=np.int32)
        return np.column_stack([lat, lon])


def read_streets(extract: Path, on_ways: Callable[[int], None] = lambda count: None) -> RawStreets:
    """Read every street that some profile may use.

    Parameters
    ----------
    extract : Path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2``.
    on_ways : callable
        Called with the number of ways read so far, now and then.

    Raises
    ------
    UnusableExtract
        If the file is missing, isn't OpenStreetMap data, is broken or has no street.
    """
    raw = RawStreets()
    for item in open_extract(extract, _KEYS):
        if item.is_way():
            _add_way(raw, item)
            if len(raw.ways) % WAYS_BETWEEN_REPORTS == 0:
                on_ways(len(raw.ways))
        elif item.is_node():
            _add_node(raw, item)
        else:
            _add_restriction(raw, item)
    if not any(kmh for way in raw.ways for both in way.speeds_kmh[:2] for kmh in both):
        raise UnusableExtract(extract, "no street for vehicles in it (no highway=* ways)")
    on_ways(len(raw.ways))
    return raw


def open_extract(
    extract: Path, wanted: tuple[str, ...] | tuple[tuple[str, str], ...], *, areas: bool = False
) -> Iterator[Any]:
    """Yield the objects that carry one of the keys, or of the pairs of key and value.

    Ways come with the places of their nodes. What is not wanted never reaches Python.

    Raises
    ------
    UnusableExtract
        If the file is missing, isn't OpenStreetMap data or breaks off.
    """
    if not extract.is_file():
        raise UnusableExtract(extract, "there is no such file")
    if not extract.name.endswith(SUFFIXES):
        raise UnusableExtract(extract, f"expected a file ending in {', '.join(SUFFIXES)}")
    if extract.stat().st_size == 0:
        raise UnusableExtract(extract, "the file is empty")
    _check_room(extract)
    try:
        reader = osmium.FileProcessor(str(extract)).with_locations()
        if areas:
            reader = reader.with_areas(_filter(wanted))
        yield from reader.with_filter(_filter(wanted))
    except (RuntimeError, OSError, ValueError) as error:
        raise UnusableExtract(extract, f"not readable as OpenStreetMap data ({error})") from error


def _filter(wanted: tuple[str, ...] | tuple[tuple[str, str], ...]) -> Any:
    are_keys = all(isinstance(one, str) for one in wanted)
    return (osmium.filter.KeyFilter if are_keys else osmium.filter.TagFilter)(*wanted)


def _check_room(extract: Path) -> None:
    """Refuse a file whose network can't fit into the memory of this machine."""
    per_byte = next(size for suffix, size in MEMORY_PER_BYTE if extract.name.endswith(suffix))
    needed = extract.stat().st_size * per_byte
    present = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if needed > present:
        raise UnusableExtract(
            extract,
            f"too large: it needs about {needed / 1e9:,.0f} GB of memory and this machine has "
            f"{present / 1e9:,.0f} GB; cut out the city, for example with osmium extract",
        )


def _tags(item: Any) -> Tags:
    return {tag.k: tag.v for tag in item.tags}


def _add_way(raw: RawStreets, way: Any) -> None:
    tags = _tags(way)
    rules = rules_by_hour(tags)
    if rules is None:
        return
    raw.unread_conditions += unread(tags)
    for node in way.nodes:
        place = node.location
        if not place.valid():  # the extract was cut here: go on as a new run
            _close_run(raw, rules, way.id)
            continue
        is_first = len(raw.node_ids) == raw.first_nodes[-1]
        if not is_first and raw.node_ids[-1] == node.ref:
            continue  # a node repeated by mistake has no length
        raw.node_ids.append(node.ref)
        raw.lat_e7.append(round(place.lat * E7))
        raw.lon_e7.append(round(place.lon * E7))
    _close_run(raw, rules, way.id)


def _close_run(raw: RawStreets, rules: WayRules, way_id: int) -> None:
    begin = raw.first_nodes[-1]
    if len(raw.node_ids) - begin < 2:
        del raw.node_ids[begin:], raw.lat_e7[begin:], raw.lon_e7[begin:]
        return
    raw.ways.append(rules)
    raw.way_ids.append(way_id)
    raw.first_nodes.append(len(raw.node_ids))


def _add_node(raw: RawStreets, node: Any) -> None:
    tags = _tags(node)
    if tags.get("highway") == "traffic_signals":
        raw.signals.add(node.id)
    if "barrier" in tags:
        stopped = frozenset(profile for profile in PROFILES if is_stopped_at(tags, profile))
        if stopped:
            raw.stopped[node.id] = stopped


def _add_restriction(raw: RawStreets, relation: Any) -> None:
    tags = _tags(relation)
    if tags.get("type") != "restriction":
        return
    members = [(member.role, member.type, member.ref) for member in relation.members]
    found = read_restrictions(tags, members)
    raw.restrictions.extend(found)
    raw.unread_conditions += unread(tags)
    if not found and not has_conditions(tags):
        raw.ignored_restrictions += 1
