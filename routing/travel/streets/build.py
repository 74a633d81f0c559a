"""Makes a city pack from an OpenStreetMap extract."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path

import numpy as np

from routing.errors import BrokenPack, UnusableExtract
from routing.travel.streets.addresses import write_addresses
from routing.travel.streets.bans import find_bans
from routing.travel.streets.basemap import build_basemap
from routing.travel.streets.extract import E7, read_streets
from routing.travel.streets.graph import StateGraph, build_walk, build_wheels
from routing.travel.streets.hierarchy import build_hierarchy
from routing.travel.streets.network import Network, build_network
from routing.travel.streets.pack import BASEMAP_FILE, PackInfo, replacing, write_pack
from routing.travel.streets.restrictions import WHEELS
from routing.travel.times import Profile

# A network of fewer connected arcs than this is not a place where anybody can ride anywhere.
FEWEST_MAIN_ARCS = 2


class BuildStep(StrEnum):
    """What the builder is doing."""

    READING = "reading"
    NETWORK = "network"
    HIERARCHY = "hierarchy"
    BASEMAP = "basemap"
    ADDRESSES = "addresses"
    WRITING = "writing"


Progress = Callable[[BuildStep, int], None]


def build_pack(
    extract: Path,
    pack: Path,
    on_progress: Progress = lambda step, count: None,
    *,
    with_basemap: bool = True,
) -> PackInfo:
    """Build the pack of the city in `extract`, in place of any pack that was in the folder.

    The pack appears whole or not at all: when something fails, the folder is as it was.

    Parameters
    ----------
    extract : Path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2``.
    pack : Path
        Folder of the pack; its last part becomes the name of the city.
    on_progress : callable
        Called at the start of each step, and while reading with the number of streets so far.
    with_basemap : bool
        Draw the offline map, too.

    Raises
    ------
    UnusableExtract
        If the file is missing, broken, not OpenStreetMap data or has no connected streets.
    BasemapFailed
        If the offline map can't be drawn.
    BrokenPack
        If the pack can't be written: no space, no right.
    """
    on_progress(BuildStep.READING, 0)
    raw = read_streets(extract, lambda count: on_progress(BuildStep.READING, count))
    on_progress(BuildStep.NETWORK, len(raw.ways))
    network = build_network(raw)
    way_ids = np.frombuffer(raw.way_ids, dtype=np.int64)
    bans = find_bans(network, raw.restrictions, way_ids)
    graphs = {
        "wheels": build_wheels(network, bans),
        "walk": build_walk(network),
    }
    _check_connected(extract, graphs)
    on_progress(BuildStep.HIERARCHY, sum(graph.state_count for graph in graphs.values()))
    hierarchies = {name: build_hierarchy(graph) for name, graph in graphs.items()}
    info = PackInfo(
        name=pack.name,
        version="",
        extract=extract.name,
        bounds=_bounds(network),
        segment_count=network.segment_count,
        street_km=round(float(network.length_m().sum()) / 1000, 1),
        main_share=_main_share(network, graphs),
        ignored_restrictions=raw.ignored_restrictions + bans.unused,
        unread_conditions=raw.unread_conditions,
    )
    try:
        with replacing(pack) as folder:
            if with_basemap:
                on_progress(BuildStep.BASEMAP, 0)
                draw = partial(on_progress, BuildStep.BASEMAP)
                build_basemap(extract, raw, info.bounds, folder / BASEMAP_FILE, info.name, draw)
            on_progress(BuildStep.ADDRESSES, 0)
            write_addresses(folder, extract, network, way_ids)
            on_progress(BuildStep.WRITING, network.segment_count)
            return write_pack(folder, info, network, graphs, hierarchies)
    except OSError as error:
        raise BrokenPack(pack, f"can't be written ({error.strerror})") from error


def _graph_of(profile: Profile) -> tuple[str, int]:
    """Return the graph that a profile travels and its row there."""
    return ("walk", 0) if profile is Profile.FOOT else ("wheels", WHEELS.index(profile))


def _check_connected(extract: Path, graphs: Mapping[str, StateGraph]) -> None:
    for profile in Profile:
        name, row = _graph_of(profile)
        if graphs[name].is_main[row].sum() < FEWEST_MAIN_ARCS:
            raise UnusableExtract(extract, f"its streets don't connect for {profile.value}")


def _bounds(network: Network) -> tuple[float, float, float, float]:
    south, west = (network.shape_e7.min(axis=0) / E7).tolist()
    north, east = (network.shape_e7.max(axis=0) / E7).tolist()
    return south, west, north, east


def _main_share(network: Network, graphs: Mapping[str, StateGraph]) -> dict[str, float]:
    shares = {}
    for profile in Profile:
        name, row = _graph_of(profile)
        open_count = int(np.isfinite(network.arc_seconds(profile)).sum())
        shares[profile.value] = round(int(graphs[name].is_main[row].sum()) / open_count, 4)
    return shares
