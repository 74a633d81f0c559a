"""The worker computes with what phones and desks leave over."""

import subprocess
import sys

import pytest

PROGRAM = """
import os, subprocess, sys
from collector_app.core.priority import give_way

give_way()
give_way()
print(os.nice(0))
child = [sys.executable, "-c", "import os; print(os.nice(0))"]
print(subprocess.run(child, capture_output=True, text=True).stdout.strip())
"""

OF_A_SESSION = """
import os, sys
from pathlib import Path
from collector_app.core import priority

priority._SESSION = Path(sys.argv[1])
priority.give_way()
print(os.nice(0))
"""


def said_by(program, *words, **how):
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True, **how
    )
    return done.stdout.split()


def test_a_process_and_its_children_step_behind_once():
    assert said_by(PROGRAM) == ["10", "10"]


def test_one_that_leads_a_session_puts_all_of_it_behind(session_file):
    said_by(OF_A_SESSION, session_file, start_new_session=True)

    assert session_file.read_text() == "10"


def test_one_of_somebody_elses_session_leaves_that_alone(session_file):
    said_by(OF_A_SESSION, session_file)

    assert session_file.read_text() == ""


def test_a_system_without_sessions_is_fine(tmp_path):
    assert said_by(OF_A_SESSION, tmp_path, start_new_session=True) == ["10"]


@pytest.fixture
def session_file(tmp_path):
    path = tmp_path / "autogroup"
    path.touch()
    return path
