"""Machine code that was kept is of the loops as they are now."""

import subprocess
import sys
from pathlib import Path

import pytest

from routing.bound import kernels as bound
from routing.bound.walks import walks
from routing.compiled import cache_folder, drop_older
from routing.solver.kernels import compiled as solver
from routing.solver.kernels.prune import prune
from routing.travel.streets.kernels import many_to_many
from routing.travel.streets.kernels import shared as streets
from routing.zoning import kernels as zoning

ROOT = Path(__file__).parents[2]
CALLER = """
from pathlib import Path
from routing.compiled import cache_folder, compiling
compiled = compiling(cache_folder(Path(__file__).parent), nogil=True)
from callee import step
@compiled
def twice(number):
    return step(step(number))
print(twice(5))
"""
CALLEE = """
from numba import njit
@njit
def step(number):
    return number + {step}
"""


def told(folder: Path) -> str:
    return subprocess.run(
        [sys.executable, str(folder / "caller.py")],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{ROOT}:{folder}", "PATH": ""},
    ).stdout.strip()


def test_a_loop_is_compiled_anew_once_one_that_it_calls_in_another_file_changed(tmp_path):
    (tmp_path / "caller.py").write_text(CALLER)
    (tmp_path / "callee.py").write_text(CALLEE.format(step=1))
    assert told(tmp_path) == "7"

    (tmp_path / "callee.py").write_text(CALLEE.format(step=10))

    assert told(tmp_path) == "25"


def test_machine_code_of_older_loops_is_removed_and_that_of_others_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    folders = []
    for home in ("one", "other"):
        (tmp_path / home).mkdir()
        (tmp_path / home / "loop.py").write_text("1")
        folders.append(cache_folder(tmp_path / home))
    (tmp_path / "one" / "loop.py").write_text("2")
    folders.append(cache_folder(tmp_path / "one"))
    for folder in folders:
        folder.mkdir(parents=True)

    drop_older(folders[2])

    assert [folder.exists() for folder in folders] == [False, True, True]


@pytest.mark.parametrize(
    ("loop", "folder"),
    [
        (walks, bound.CACHE_FOLDER),
        (prune, solver.CACHE_FOLDER),
        (many_to_many, streets.CACHE_FOLDER),
        (zoning.improve, zoning.CACHE_FOLDER),
    ],
)
def test_every_area_keeps_its_loops_under_their_content(loop, folder):
    assert Path(loop.stats.cache_path).is_relative_to(folder)
