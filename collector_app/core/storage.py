"""Files by their content: a file is named by its SHA-256, so that it can't change unseen."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from collector_app.core import clock
from collector_app.core.errors import InvalidInput, NotFound

CHUNK_BYTES = 1 << 20
DEFAULT_LIMIT_BYTES = 32 * CHUNK_BYTES
_SHA256 = re.compile("[0-9a-f]{64}")


class FileTooLarge(InvalidInput):
    """A file holds more bytes than may be kept."""

    code = "file_too_large"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was kept: its name is what it contains."""

    sha256: str
    size: int  # bytes


class FileStore:
    """Files under one folder, never changed once written.

    A file appears under its name complete or not at all: it is written beside its place, brought
    to the disk and then renamed.
    """

    def __init__(self, folder: Path, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> None:
        """Keep files under `folder`, each of at most `limit_bytes` (inclusive)."""
        self._folder = folder
        self._limit_bytes = limit_bytes

    def save(self, stream: BinaryIO) -> StoredFile:
        """Keep what a stream holds, read from where it stands; the same content is kept once.

        Raises
        ------
        FileTooLarge
            When there are more bytes than the limit; nothing is kept then.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder, prefix="unfinished-")
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                stored = self._copy(stream, target)
            place = self._place(stored.sha256)
            place.parent.mkdir(exist_ok=True)
            path.replace(place)
            _sync_folder(place.parent)
        finally:
            with suppress(FileNotFoundError):
                path.unlink()
        return stored

    def path(self, sha256: str) -> Path:
        """Return where a file lies, for libraries that read from a path.

        Raises
        ------
        NotFound
            When no file of that name is kept.
        """
        if not self.holds(sha256):
            message = f"no file {sha256[:64]!r}"
            raise NotFound(message)
        return self._place(sha256)

    def holds(self, sha256: str) -> bool:
        """Tell whether a file is kept."""
        return bool(_SHA256.fullmatch(sha256)) and self._place(sha256).is_file()

    def delete(self, sha256: str) -> bool:
        """Let go of a file; tells whether it was kept."""
        if not self.holds(sha256):
            return False
        self._place(sha256).unlink()
        return True

    def kept_since_before(self, moment: datetime) -> Iterator[str]:
        """Yield the names of files that came before a moment; what is being written is not yet one.

        By the time of the file system, which a copy to another disk may renew: then they count as
        younger than they are.
        """
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            with suppress(FileNotFoundError):  # somebody deleted it meanwhile
                if _SHA256.fullmatch(path.name) and path.stat().st_mtime < moment.timestamp():
                    yield path.name

    def open(self, sha256: str) -> BinaryIO:
        """Open a file for reading; raises `NotFound` when it is not kept."""
        return self.path(sha256).open("rb")

    def _place(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _copy(self, stream: BinaryIO, target: BinaryIO) -> StoredFile:
        digest, size = hashlib.sha256(), 0
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            if size > self._limit_bytes:
                raise FileTooLarge(
                    "file", f"at most {self._limit_bytes} bytes", limit_bytes=self._limit_bytes
                )
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
        return StoredFile(digest.hexdigest(), size)


class OnceOnly:
    """Words that may be used once, also by several processes at a time: an empty file for each.

    A word is forgotten after `lives`; until then, at least, it must be of no use by itself.
    """

    def __init__(self, folder: Path, lives: timedelta) -> None:
        """Remember words in `folder`."""
        self._folder = folder
        self._lives = lives

    def use(self, word: str) -> bool:
        """Use a word; false when it was used before."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._forget_old()
        path = self._folder / hashlib.sha256(word.encode()).hexdigest()
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            return False
        return True

    def _forget_old(self) -> None:
        before = (clock.now() - self._lives).timestamp()
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk; some systems can't open a folder and do it by themselves."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
