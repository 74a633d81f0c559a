"""Zip files of strangers: read member by member, with an end to how much they may grow to."""

import zipfile
import zlib
from io import BytesIO

from collector_app.studio.rules import BordersTooLarge, BrokenBorders

MOST_INSIDE = 128 << 20  # bytes, all members together
MOST_MEMBERS = 200
CHUNK = 1 << 20


def members(data: bytes, wanted: tuple[str, ...]) -> dict[str, bytes]:
    """Return the members whose names end in one of `wanted`, in small letters, by name.

    What a member claims to hold is not believed: it is counted while it grows.

    Raises
    ------
    BrokenBorders, BordersTooLarge
        When it is no zip file, is damaged, is encrypted, or grows beyond measure.
    """
    found: dict[str, bytes] = {}
    left = MOST_INSIDE
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            if len(names) > MOST_MEMBERS:
                raise BordersTooLarge(limit_mb=MOST_INSIDE >> 20)
            for name in names:
                if name.lower().endswith(wanted) and not name.startswith("__MACOSX"):
                    found[name] = _read(archive, name, left)
                    left -= len(found[name])
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise BrokenBorders(str(error), place="zip") from error
    return found


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    with archive.open(name) as member:
        while part := member.read(CHUNK):
            size += len(part)
            if size > most:
                raise BordersTooLarge(limit_mb=MOST_INSIDE >> 20)
            parts.append(part)
    return b"".join(parts)
