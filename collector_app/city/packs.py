"""City packs of this installation: folders under ``cities/``, one of them in use."""

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from collector_app.core.errors import InvalidInput, NotFound
from routing.errors import BrokenPack
from routing.travel.streets.pack import BASEMAP_FILE, Pack, PackInfo, open_pack, read_info

FOLDER = "cities"
IN_USE = (
    "in_use"  # a file that names the pack; renamed into place, so that it is never half-written
)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_READABLE = 0o644


class BadCityName(InvalidInput):
    """A pack is named after its folder: small letters, digits, hyphens."""

    code = "bad_city_name"


class NoSuchCity(NotFound):
    """No pack of that name was built here."""

    code = "no_such_city"


def pack_folder(instance: Path, name: str) -> Path:
    """Return where a pack of that name is, or would be.

    Raises
    ------
    BadCityName
        When the name can't be that of a folder of ours.
    """
    if not _NAME.fullmatch(name):
        raise BadCityName("name", "a-z, 0-9, - and _", name=name)
    return instance / FOLDER / name


def pack_in_use(instance: Path, configured: str) -> Path | None:
    """Return the folder of the pack in use: the configured one, else the one chosen; None if none.

    It may be broken: whoever opens it says so.
    """
    name = configured or _chosen(instance)
    return pack_folder(instance, name) if name else None


def streets_in_use(instance: Path, configured: str) -> Pack | None:
    """Return the streets of the pack in use, opened once; None without one, or if it is broken."""
    folder = pack_in_use(instance, configured)
    if folder is None:
        return None
    try:
        return _opened(folder, folder.stat().st_mtime_ns)
    except (OSError, BrokenPack):
        return None


@lru_cache(maxsize=1)
def _opened(folder: Path, age_ns: int) -> Pack:
    del age_ns  # only tells whether what was opened is still the same
    return open_pack(folder)


def use_pack(instance: Path, name: str) -> PackInfo:
    """Put a pack into use for plans and maps from now on.

    Raises
    ------
    BadCityName, NoSuchCity
        When there is none of that name, or it can't be read; the one in use stays.
    """
    folder = pack_folder(instance, name)
    try:
        info = open_pack(folder).info  # opened, for a copy that broke off has its description, too
    except BrokenPack as error:
        raise NoSuchCity(str(error), name=name) from error
    handle, draft = tempfile.mkstemp(dir=instance / FOLDER)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(name)
    Path(draft).chmod(_READABLE)  # the server may run as another user than who chose the city
    Path(draft).replace(instance / FOLDER / IN_USE)
    return info


def built_packs(instance: Path) -> Iterator[PackInfo]:
    """Yield the packs that can be read, each named as its folder is by now."""
    for folder in sorted((instance / FOLDER).glob("*/")):
        try:
            yield replace(read_info(folder), name=folder.name)
        except BrokenPack:
            continue


def centre_in_use(instance: Path, configured: str) -> tuple[float, float] | None:
    """Return the middle of the city in use, latitude and longitude; None without one that reads."""
    folder = pack_in_use(instance, configured)
    if folder is None:
        return None
    try:
        south, west, north, east = read_info(folder).bounds
    except BrokenPack:
        return None
    return (south + north) / 2, (west + east) / 2


def base_map(pack: Path | None) -> Path | None:
    """Return the map to draw of a pack, None when it has none."""
    file = pack / BASEMAP_FILE if pack else None
    return file if file and file.is_file() else None


def _chosen(instance: Path) -> str:
    file = instance / FOLDER / IN_USE
    return file.read_text(encoding="utf-8").strip() if file.is_file() else ""
