"""The address index of a pack: streets, their corners and the houses along them, as flat arrays.

A *street* here is what hangs together under one name: Juárez of the centre and Juárez of another
neighbourhood are two streets.
"""

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from routing.errors import BrokenPack
from routing.geo import EARTH_RADIUS_M
from routing.travel.streets.addresses.gathering import House
from routing.travel.streets.addresses.words import street_name, tokens_of
from routing.travel.streets.extract import E7
from routing.travel.streets.network import Network

INDEX_FILE = "addresses.npz"
INDEX_FORMAT = 1
VERTEX_EVERY_M = 50.0
# Pieces of one name that are nearer than this are one street: the two sides of an avenue, a
# street that a square interrupts.
CELL_M = 250.0
FARTHEST_HOUSE_M = 500.0  # a house farther from the street it names is a mistake of the map

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class AddressIndex:
    """Streets with their vertices, corners and houses.

    Attributes
    ----------
    names : tuple of str
        Every name, the usual ones and the others.
    street_name : int32[streets]
        The usual name of each street.
    alias_name, alias_street : int32[aliases]
        Other names of streets.
    vertex_first : int32[streets + 1]
        Where the vertices of each street begin.
    vertex_e7 : int32[vertices, 2]
        Points along the streets at most 50 m apart; latitude first, 1e-7 degrees.
    corner_first : int32[streets + 1]
        Where the corners of each street begin.
    corner_with : int32[corners]
        The other street.
    corner_e7 : int32[corners, 2]
    house_first : int32[streets + 1]
        Where the houses of each street begin; they are in the order of their numbers.
    house_number : int32[houses]
    house_letter : bytes[houses]
    house_e7 : int32[houses, 2]
    """

    names: tuple[str, ...]
    street_name: Ints
    alias_name: Ints
    alias_street: Ints
    vertex_first: Ints
    vertex_e7: Ints
    corner_first: Ints
    corner_with: Ints
    corner_e7: Ints
    house_first: Ints
    house_number: Ints
    house_letter: NDArray[np.bytes_]
    house_e7: Ints

    @property
    def street_count(self) -> int:
        """Return the number of streets."""
        return len(self.street_name)

    def vertices(self, street: int) -> NDArray[np.float64]:
        """Return the points along a street, float64[n, 2], latitude first."""
        return self.vertex_e7[self.vertex_first[street] : self.vertex_first[street + 1]] / E7


def build_index(
    network: Network,
    way_ids: NDArray[np.int64],
    other_names: Mapping[int, Sequence[str]],
    houses: Iterable[House],
) -> AddressIndex:
    """Make the index of a network.

    Parameters
    ----------
    way_ids : int64[runs]
        OpenStreetMap id of each run of the extract, which ``network.way`` numbers.
    other_names : mapping
        Way id -> the other names of its street.
    """
    named = np.flatnonzero(np.array([bool(name) for name in network.names])[network.name])
    vertex_e7, owner = _vertices(network, named)
    vertex_street, street_name_number = _streets(network.name[named][owner], vertex_e7)
    street_of = np.full(network.segment_count, -1, dtype=np.int32)
    street_of[named[owner]] = vertex_street
    count = len(street_name_number)
    order = np.argsort(vertex_street, kind="stable")
    names, alias_name, alias_street = _aliases(network, named, street_of, way_ids, other_names)
    corner_first, corner_with, corner_e7 = _corners(network, named, street_of, count)
    vertex_first = _firsts(vertex_street[order], count)
    known = AddressIndex(
        names=names,
        street_name=street_name_number,
        alias_name=alias_name,
        alias_street=alias_street,
        vertex_first=vertex_first,
        vertex_e7=vertex_e7[order],
        corner_first=corner_first,
        corner_with=corner_with,
        corner_e7=corner_e7,
        house_first=np.zeros(count + 1, dtype=np.int32),
        house_number=np.zeros(0, dtype=np.int32),
        house_letter=np.zeros(0, dtype="S3"),
        house_e7=np.zeros((0, 2), dtype=np.int32),
    )
    return _with_houses(known, list(houses))


def write_index(folder: Path, index: AddressIndex) -> None:
    """Write ``addresses.npz`` into a folder."""
    arrays = {
        column.name: getattr(index, column.name)
        for column in fields(AddressIndex)
        if column.name != "names"
    }
    text = json.dumps({"format": INDEX_FORMAT, "names": index.names}, ensure_ascii=False)
    with (folder / INDEX_FILE).open("wb") as file:
        np.savez_compressed(file, about=np.frombuffer(text.encode(), dtype=np.uint8), **arrays)


def read_index(folder: Path) -> AddressIndex:
    """Read the index of a pack.

    Raises
    ------
    BrokenPack
        If the pack has none, or none of this format.
    """
    try:
        with np.load(io.BytesIO((folder / INDEX_FILE).read_bytes()), allow_pickle=False) as file:
            about = json.loads(file["about"].tobytes())
            if about["format"] != INDEX_FORMAT:
                raise BrokenPack(folder, f"{INDEX_FILE} is of another format; build the pack again")
            arrays = {
                column.name: file[column.name]
                for column in fields(AddressIndex)
                if column.name != "names"
            }
        return AddressIndex(names=tuple(about["names"]), **arrays)
    except FileNotFoundError as error:
        raise BrokenPack(folder, "it has no addresses; build the pack again") from error
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise BrokenPack(folder, f"{INDEX_FILE} is unreadable ({error!r})") from error


def metres_between(degrees: NDArray[np.float64], lat: float, lon: float) -> NDArray[np.float64]:
    """Return how far places (latitude, longitude) are from one place, metres; within a city."""
    north = np.radians(degrees[..., 0] - lat)
    east = np.radians(degrees[..., 1] - lon) * np.cos(np.radians(lat))
    away: NDArray[np.float64] = EARTH_RADIUS_M * np.hypot(north, east)
    return away


def _vertices(network: Network, named: NDArray[np.intp]) -> tuple[Ints, NDArray[np.intp]]:
    """Return points along the named segments, and the row in `named` each belongs to."""
    first, last = network.span[named].T.astype(np.int64)
    steps = last - first
    owner = np.repeat(np.arange(len(named)), steps)
    start = np.repeat(first - np.concatenate([[0], np.cumsum(steps)[:-1]]), steps)
    start = start + np.arange(int(steps.sum()))
    begin = network.shape_e7[start] / E7
    end = network.shape_e7[start + 1] / E7
    length = network.along_m[start + 1] - network.along_m[start]
    parts = np.maximum(np.ceil(length / VERTEX_EVERY_M).astype(np.int64), 1)
    step = np.repeat(np.arange(len(parts)), parts)
    share = (np.arange(len(step)) - np.repeat(np.cumsum(parts) - parts, parts)) / parts[step]
    along = begin[step] + (end - begin)[step] * share[:, None]
    tips = network.shape_e7[last] / E7
    degrees = np.concatenate([along, tips])
    owners = np.concatenate([owner[step], np.arange(len(named))])
    return np.round(degrees * E7).astype(np.int32), owners


def _streets(name: Ints, vertex_e7: Ints) -> tuple[Ints, Ints]:
    """Return the street of each vertex, and the name of each street."""
    if not len(name):
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    degrees = vertex_e7 / E7
    cell = np.degrees(CELL_M / EARTH_RADIUS_M)
    scale = np.cos(np.radians(degrees[:, 0].mean()))
    rows = np.floor(degrees[:, 0] / cell).astype(np.int64)
    columns = np.floor(degrees[:, 1] * scale / cell).astype(np.int64)
    rows -= rows.min()
    columns -= columns.min() - 1
    wide = columns.max() + 2
    tall = rows.max() + 2
    key = (name.astype(np.int64) * tall + rows) * wide + columns
    cells, cell_of = np.unique(key, return_inverse=True)
    links = [_neighbours(cells, offset) for offset in (1, wide - 1, wide, wide + 1)]
    tail, head = (np.concatenate(ends) for ends in zip(*links, strict=True))
    graph = coo_matrix((np.ones(len(tail)), (tail, head)), shape=(len(cells), len(cells)))
    _, street_of_cell = connected_components(graph, directed=False)
    _, first = np.unique(street_of_cell, return_index=True)
    name_of_cell = (cells // wide) // tall
    return street_of_cell[cell_of].astype(np.int32), name_of_cell[first].astype(np.int32)


def _neighbours(cells: NDArray[np.int64], offset: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return pairs of cells that lie `offset` apart; an empty edge keeps names and rows apart."""
    at = np.minimum(np.searchsorted(cells, cells + offset), len(cells) - 1)
    tail = np.flatnonzero(cells[at] == cells + offset)
    return tail, at[tail]


def _aliases(
    network: Network,
    named: NDArray[np.intp],
    street_of: Ints,
    way_ids: NDArray[np.int64],
    other_names: Mapping[int, Sequence[str]],
) -> tuple[tuple[str, ...], Ints, Ints]:
    """Return all names, and pairs of another name and its street."""
    names = list(network.names)
    number = {name: i for i, name in enumerate(names)}
    pairs: set[tuple[int, int]] = set()
    told = np.isin(way_ids, np.fromiter(other_names, dtype=np.int64, count=len(other_names)))
    for segment in named[told[network.way[named]]].tolist():
        for name in other_names[int(way_ids[network.way[segment]])]:
            if name not in number:
                number[name] = len(names)
                names.append(name)
            pairs.add((number[name], int(street_of[segment])))
    columns = np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)
    return tuple(names), columns[:, 0], columns[:, 1]


def _corners(
    network: Network, named: NDArray[np.intp], street_of: Ints, count: int
) -> tuple[Ints, Ints, Ints]:
    """Return where the corners of each street begin, with which street and where they are."""
    node = network.ends[named].reshape(-1).astype(np.int64)
    street = np.repeat(street_of[named], 2).astype(np.int64)
    pairs = np.unique(node * max(count, 1) + street)
    at: defaultdict[int, list[int]] = defaultdict(list)
    for pair in pairs.tolist():
        junction, one = divmod(pair, max(count, 1))
        at[junction].append(one)
    found = [
        (a, b, junction)
        for junction, streets in at.items()
        for left, right in combinations(streets, 2)
        for a, b in ((left, right), (right, left))
    ]
    columns = np.array(sorted(found), dtype=np.int64).reshape(-1, 3)
    return (
        _firsts(columns[:, 0], count),
        columns[:, 1].astype(np.int32),
        network.node_e7[columns[:, 2]],
    )


def _with_houses(index: AddressIndex, houses: list[House]) -> AddressIndex:
    """Return the index with each house on the nearest street of the name it gives."""
    by_name: defaultdict[str, list[House]] = defaultdict(list)
    for house in houses:
        by_name[house.street].append(house)
    streets_of = _streets_by_core(index)
    rows: list[tuple[int, int, bytes, float, float]] = []
    for name, group in by_name.items():
        streets = streets_of.get(street_name(tokens_of(name)).core, ())
        rows += _on_nearest(index, streets, group)
    rows.sort()
    columns = list(zip(*rows, strict=True)) or [()] * 5
    places = np.column_stack([np.array(columns[3]), np.array(columns[4])]).reshape(-1, 2)
    values = {column.name: getattr(index, column.name) for column in fields(AddressIndex)}
    values |= {
        "house_first": _firsts(np.array(columns[0], dtype=np.int64), index.street_count),
        "house_number": np.array(columns[1], dtype=np.int32),
        "house_letter": np.array(columns[2], dtype="S3"),
        "house_e7": np.round(places * E7).astype(np.int32),
    }
    return AddressIndex(**values)


def _streets_by_core(index: AddressIndex) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    cores = [street_name(tokens_of(name)).core for name in index.names]
    for street, name in enumerate(index.street_name.tolist()):
        found[cores[name]].append(street)
    for name, street in zip(index.alias_name.tolist(), index.alias_street.tolist(), strict=True):
        found[cores[name]].append(street)
    return dict(found)


def _on_nearest(
    index: AddressIndex, streets: Sequence[int], houses: list[House]
) -> list[tuple[int, int, bytes, float, float]]:
    if not streets:
        return []
    scale = np.cos(np.radians(houses[0].lat))
    vertices = [index.vertices(street) for street in streets]
    owner = np.repeat(np.array(streets), [len(one) for one in vertices])
    tree = cKDTree(np.concatenate(vertices) * (1.0, scale))
    away, nearest = tree.query([(house.lat, house.lon * scale) for house in houses])
    reach = np.degrees(FARTHEST_HOUSE_M / EARTH_RADIUS_M)
    return [
        (int(owner[row]), house.number, house.letter.encode()[:3], house.lat, house.lon)
        for house, row, distance in zip(houses, nearest, away, strict=True)
        if distance <= reach
    ]


def _firsts(owner: NDArray[np.integer], count: int) -> Ints:
    """Return where the rows of each owner begin, given ascending owners."""
    return np.searchsorted(owner, np.arange(count + 1)).astype(np.int32)
