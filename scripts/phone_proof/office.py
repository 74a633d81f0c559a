"""The office's server as processes that can be killed, and its database as a file with backups."""

import os
import shutil
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from scripts.serving import BIN, ROOT, environment, home, wait_for_server


class Office:
    """A gunicorn over a folder; `kill` leaves it no time for a last word."""

    def __init__(self, instance: Path, port: int) -> None:
        """Know the folder, which has a database, and the port; `start` begins."""
        self.instance = instance
        self.port = port
        self.database = instance / "ruta.sqlite3"
        self._backup = instance / "backup.sqlite3"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        self._process = subprocess.Popen(
            [BIN / "gunicorn", "wsgi:app"],
            cwd=ROOT,
            env=environment(self.instance, self.port),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for_server(home(self.port))
        if self._process.poll() is not None:
            message = f"another server has port {self.port}"
            raise RuntimeError(message)

    def kill(self) -> None:
        """Kill it with all its processes, whatever they do."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._end(signal.SIGTERM)

    def back_up(self) -> None:
        """Copy the database while it is used, as docs/operations.md says."""
        self._backup.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(self.database)) as live,
            closing(sqlite3.connect(self._backup)) as copy,
        ):
            live.backup(copy)

    def restore(self) -> None:
        """Put the last backup in the place of the database: all since then is gone."""
        self.stop()
        for rest in ("-wal", "-shm"):
            Path(f"{self.database}{rest}").unlink(missing_ok=True)
        copy = self.database.with_suffix(".restored")
        shutil.copyfile(self._backup, copy)
        copy.replace(self.database)
        self.start()

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, how)
            self._process.wait()
            self._process = None
