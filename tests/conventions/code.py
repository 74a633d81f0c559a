"""Guards over the code: one commit, one clock, Spanish words for enums, services without Flask."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import ModuleType

import collector_app
from collector_app.core.errors import CollectorError
from collector_app.web.words import has_label

COMMITS_HERE = "collector_app/web/extensions.py"
READS_THE_CLOCK = "collector_app/core/clock.py"
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


def commits_elsewhere(root: Path) -> list[str]:
    """Return calls of ``.commit()`` outside the one place that may."""
    return [
        f"{name}:{call.lineno}"
        for name, call, (_, method) in _method_calls(root, "collector_app")
        if method == "commit" and name != COMMITS_HERE
    ]


def tables_made_elsewhere(root: Path) -> list[str]:
    """Return calls that lay tables past the migrations."""
    return [
        f"{name}:{call.lineno}"
        for name, call, (_, method) in _method_calls(root, "collector_app")
        if method == "create_all"
    ]


def clocks_elsewhere(root: Path) -> list[str]:
    """Return places that ask the time themselves, so that tests could not stop it."""
    return [
        f"{name}:{call.lineno}: {'.'.join(asked)}"
        for top in ("collector_app", "routing")
        for name, call, asked in _method_calls(root, top)
        if asked in CLOCKS and name != READS_THE_CLOCK
    ]


def _method_calls(root: Path, top: str) -> Iterator[tuple[str, ast.Call, tuple[str, str]]]:
    for path in sorted((root / top).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield str(path.relative_to(root)), node, (_owner(node.func), node.func.attr)


def _owner(method: ast.Attribute) -> str:
    """Return the last name before the dot: ``datetime`` of ``datetime.datetime.now``."""
    match method.value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def every_module() -> list[ModuleType]:
    """Import and return every module of the application."""
    found = pkgutil.walk_packages(collector_app.__path__, "collector_app.")
    return [importlib.import_module(one.name) for one in found]


def enums_of_ours() -> list[type[StrEnum]]:
    """Return the closed sets of words that the application defines."""
    modules = every_module()
    classes = {item for module in modules for item in vars(module).values() if _is_ours(item)}
    return sorted(classes, key=lambda one: one.__name__)


def _is_ours(item: object) -> bool:
    return (
        isinstance(item, type)
        and issubclass(item, StrEnum)
        and item.__module__.startswith("collector_app.")
    )


def members_without_word(enums: list[type[StrEnum]], not_shown: set[str]) -> list[str]:
    """Return members that a screen would show in English."""
    return [
        f"[{one.__name__}] {member.value}"
        for one in enums
        if one.__name__ not in not_shown
        for member in one
        if not has_label(member)
    ]


def shared_names(enums: list[type[StrEnum]]) -> list[str]:
    """Return names of enums that two areas use: words are kept by the name."""
    count = Counter(one.__name__ for one in enums)
    return [name for name, times in count.items() if times > 1]


def error_codes() -> dict[str, str]:
    """Return every error that the application can raise: code -> class."""
    every_module()
    codes: dict[str, str] = {}
    waiting: list[type[CollectorError]] = [CollectorError]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        codes.setdefault(one.code, one.__name__)
    return codes


def shared_codes() -> list[str]:
    """Return errors that took their code from the class above and so have no sentence of theirs."""
    every_module()
    waiting, found = list(CollectorError.__subclasses__()), []
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if "code" not in vars(one):
            found.append(one.__name__)
    return found


def loads_flask(modules: list[str]) -> bool:
    """Tell whether importing modules, alone in a process, loads Flask."""
    imports = "; ".join(f"import {name}" for name in modules)
    program = f"import sys; {imports}; print('flask' in sys.modules)"
    command = [sys.executable, "-c", program]
    return "True" in subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def modules_named(root: Path, *words: str) -> list[str]:
    """Return the modules of areas with one of the seven words, such as every ``services``."""
    tops = [one for word in words for one in (root / "collector_app").glob(f"*/{word}*")]
    return sorted(f"collector_app.{one.parent.name}.{one.stem}" for one in tops if _imports(one))


def _imports(path: Path) -> bool:
    return path.suffix == ".py" or (path / "__init__.py").exists()
