"""City packs on disk: a folder with the network, its graphs and hierarchies, written whole or not.

Layout of a pack::

    pack.json            what it is, and the shape of every array
    street_names.txt     one name per line, in the order of the numbers in the arrays
    street_refs.txt      the same for the numbers of roads
    speeds.json          calibrated speed factors, when there are some
    arrays/*.npy         the network, the two graphs and their hierarchies; mapped into memory
    metrics/             costs on the hierarchies, made when first needed
    basemap.pmtiles      the map to draw, when one was made
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from routing.errors import BrokenPack
from routing.travel.streets.basemap import ATTRIBUTION
from routing.travel.streets.graph import StateGraph
from routing.travel.streets.hierarchy import Hierarchy
from routing.travel.streets.network import Network
from routing.travel.streets.snap import GridIndex, build_index

FORMAT = 5  # grows whenever older packs can't be read or would answer differently
INFO_FILE = "pack.json"
NAMES_FILE = "street_names.txt"
REFS_FILE = "street_refs.txt"
BASEMAP_FILE = "basemap.pmtiles"
GRAPHS = ("wheels", "walk")
HIERARCHY = "hierarchy"
INDEX = "index"


@dataclass(frozen=True, slots=True)
class PackInfo:
    """What a pack says about itself.

    Attributes
    ----------
    version : str
        Changes whenever the answers of the pack would.
    extract : str
        Name of the file it was made from.
    bounds : tuple
        South, west, north, east, degrees.
    street_km : float
        Length of all streets and footways.
    main_share : dict
        Per profile, the share (0-1) of its open arcs from which the rest can be reached.
    ignored_restrictions : int
        Turn restrictions of the extract that the graph doesn't know: incomplete, or their ways do
        not meet.
    unread_conditions : int
        Conditions of streets and restrictions that are not about days and hours.
    """

    name: str
    version: str
    extract: str
    bounds: tuple[float, float, float, float]
    segment_count: int
    street_km: float
    main_share: Mapping[str, float]
    ignored_restrictions: int
    unread_conditions: int
    attribution: str = ATTRIBUTION


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack opened for travel; arrays are mapped into memory, not copied."""

    folder: Path
    info: PackInfo
    network: Network
    graphs: Mapping[str, StateGraph]
    hierarchies: Mapping[str, Hierarchy]
    index: GridIndex


def read_info(folder: Path) -> PackInfo:
    """Read what the pack says about itself.

    Raises
    ------
    BrokenPack
        If the folder isn't a whole pack of this version of the format.
    """
    return _info(folder, _read_meta(folder))


def open_pack(folder: Path) -> Pack:
    """Open a pack for travel.

    Raises
    ------
    BrokenPack
        If the folder isn't a whole pack of this version of the format.
    """
    meta = _read_meta(folder)
    info = _info(folder, meta)
    arrays = {name: _read_array(folder, name, told) for name, told in meta["arrays"].items()}
    try:
        names, refs = (_read_lines(folder / file) for file in (NAMES_FILE, REFS_FILE))
        network = Network(names=names, refs=refs, **_columns(arrays, "network"))
        graphs = {name: StateGraph(**_columns(arrays, name)) for name in GRAPHS}
        hierarchies = {
            name: Hierarchy(**_columns(arrays, f"{name}_{HIERARCHY}")) for name in GRAPHS
        }
        index = GridIndex(**_columns(arrays, INDEX))
    except (OSError, UnicodeError, TypeError) as error:
        raise BrokenPack(folder, f"incomplete ({error}); build it again") from error
    return Pack(folder, info, network, graphs, hierarchies, index)


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Give an empty folder to build in, which takes the place of `folder` at the end.

    When the block raises, nothing remains of the new folder and `folder` is as it was.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        new = work / "new"
        new.mkdir()
        yield new
        if folder.exists():
            folder.rename(work / "old")
        try:
            new.rename(folder)
        except OSError:
            (work / "old").rename(folder)
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_pack(
    folder: Path,
    info: PackInfo,
    network: Network,
    graphs: Mapping[str, StateGraph],
    hierarchies: Mapping[str, Hierarchy],
) -> PackInfo:
    """Write a pack into an empty folder; returns `info` with the version of its contents."""
    arrays = dict(_arrays("network", network))
    arrays.update(_arrays(INDEX, build_index(network)))
    for name, graph in graphs.items():
        arrays.update(_arrays(name, graph))
        arrays.update(_arrays(f"{name}_{HIERARCHY}", hierarchies[name]))
    (folder / "arrays").mkdir()
    for name, array in arrays.items():
        np.save(folder / "arrays" / f"{name}.npy", array)
    (folder / NAMES_FILE).write_text("\n".join(network.names), encoding="utf-8")
    (folder / REFS_FILE).write_text("\n".join(network.refs), encoding="utf-8")
    info = PackInfo(**{**asdict(info), "version": _version(arrays, network.names + network.refs)})
    meta = {
        "format": FORMAT,
        **asdict(info),
        "arrays": {name: [array.dtype.str, list(array.shape)] for name, array in arrays.items()},
    }
    # Last, so that a folder with this file is a whole pack.
    (folder / INFO_FILE).write_text(json.dumps(meta, indent=1, ensure_ascii=False), "utf-8")
    return info


def _arrays(
    prefix: str, holder: Network | StateGraph | Hierarchy | GridIndex
) -> Iterator[tuple[str, NDArray[Any]]]:
    for column in fields(holder):
        value = getattr(holder, column.name)
        if isinstance(value, np.ndarray):
            yield f"{prefix}.{column.name}", value


def _columns(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, Any]:
    start = f"{prefix}."
    return {
        name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)
    }


def _version(arrays: Mapping[str, NDArray[Any]], names: tuple[str, ...]) -> str:
    digest = hashlib.blake2b(f"{FORMAT}".encode(), digest_size=8)
    for name in sorted(arrays):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(arrays[name]).data)
    digest.update("\n".join(names).encode())
    return digest.hexdigest()


def _read_lines(file: Path) -> tuple[str, ...]:
    return tuple(file.read_text(encoding="utf-8").split("\n"))


def _read_meta(folder: Path) -> dict[str, Any]:
    try:
        meta = json.loads((folder / INFO_FILE).read_text("utf-8"))
    except FileNotFoundError as error:
        raise BrokenPack(folder, f"no city pack here (no {INFO_FILE})") from error
    except (OSError, ValueError) as error:
        raise BrokenPack(folder, f"{INFO_FILE} is unreadable ({error})") from error
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        raise BrokenPack(folder, f"not a pack of format {FORMAT}; build it again")
    return meta


def _info(folder: Path, meta: Mapping[str, Any]) -> PackInfo:
    try:
        values = {column.name: meta[column.name] for column in fields(PackInfo)}
    except KeyError as error:
        raise BrokenPack(folder, f"{INFO_FILE} has no {error}; build it again") from error
    return PackInfo(**{**values, "bounds": tuple(values["bounds"])})


def _read_array(folder: Path, name: str, told: list[Any]) -> NDArray[Any]:
    dtype, shape = told
    try:
        array = np.load(folder / "arrays" / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise BrokenPack(folder, f"arrays/{name}.npy is unreadable ({error})") from error
    if array.dtype.str != dtype or list(array.shape) != shape:
        raise BrokenPack(folder, f"arrays/{name}.npy is not what {INFO_FILE} says")
    return np.asarray(array)
