"""Unpack the Chromium of the npm package @sparticuz/chromium: unpack_chromium.py FROM TO."""

import io
import sys
import tarfile
from pathlib import Path

import brotli

LAUNCHER = """#!/bin/sh
here="$(cd "$(dirname "$0")" && pwd)"
LD_LIBRARY_PATH="$here/lib:$LD_LIBRARY_PATH" exec "$here/chromium.bin" "$@"
"""


def unpack(source: Path, target: Path) -> None:
    """Write the browser, its graphics library and the system libraries that it may miss."""
    target.mkdir(parents=True, exist_ok=True)
    program = target / "chromium.bin"
    program.write_bytes(brotli.decompress((source / "chromium.br").read_bytes()))
    for archive in ("swiftshader.tar.br", "al2023.tar.br"):
        packed = io.BytesIO(brotli.decompress((source / archive).read_bytes()))
        with tarfile.open(fileobj=packed) as files:
            files.extractall(target, filter="data")
    launcher = target / "chromium"
    launcher.write_text(LAUNCHER)
    for one in (program, launcher):
        one.chmod(0o755)


if __name__ == "__main__":
    unpack(Path(sys.argv[1]), Path(sys.argv[2]))
