"""Reads what the docs promise, so that tests can run it."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def python_script(name: str) -> str:
    """Return the only Python script of a page of the docs."""
    [script] = _PYTHON.findall((ROOT / name).read_text(encoding="utf-8"))
    return str(script)
