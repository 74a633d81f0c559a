"""The pure modules of the browser, each tested by the `node --test` file of its name."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import rjsmin

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
INSTALLED = ROOT / ".venv" / "bin" / "node"  # see scripts/npm.sh


def node() -> str:
    """Return Node.js: the one on PATH, or the one that the set-up installed."""
    found = shutil.which("node") or shutil.which(INSTALLED)
    if found is None:
        pytest.fail("no Node.js: run make setup")
    return found


@pytest.mark.parametrize("path", sorted(HERE.glob("*.test.js")), ids=lambda path: path.name)
def test_the_module_does_what_its_tests_say(path):
    quiet = {key: value for key, value in os.environ.items() if key != "NODE_OPTIONS"}

    run = subprocess.run(
        [node(), "--test", path], check=False, capture_output=True, text=True, env=quiet
    )

    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    "path",
    sorted(one for one in (ROOT / "static").rglob("*.js") if "vendor" not in one.parts),
    ids=lambda path: str(path.relative_to(ROOT / "static")),
)
def test_a_script_without_its_comments_is_still_a_script(path, tmp_path):
    """What browsers get is shortened by `web/compression.py`."""
    short = tmp_path / "short.mjs"
    short.write_text(rjsmin.jsmin(path.read_text()))

    run = subprocess.run([node(), "--check", short], check=False, capture_output=True, text=True)

    assert run.returncode == 0, run.stderr
