"""Guards over the tree of files. Each returns what breaks the rule, in words; none means well."""

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

SEVEN_WORDS = {"views", "cli", "forms", "services", "queries", "models", "rules"}
# Grounds that every area stands on and that hold no business: their files are named freely.
GROUNDS = {"core", "web"}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base"}
LARGEST_BYTES = 500_000
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com|conda\.anaconda\.org"
    r"|unpkg\.com|jsdelivr\.net|cdnjs\.cloudflare\.com"
)
MACHINE = re.compile(r"(?<![\w.$~/-])/(?:work|root|Users)/[\w.]|(?<![\w.$~/-])/home/\w+/")


def stray_file_names(root: Path, nouns: dict[str, set[str]]) -> list[str]:
    """Return the files of areas whose name is neither one of the seven words nor a listed noun."""
    found = []
    for area in _packages_in(root / "collector_app"):
        known = SEVEN_WORDS | nouns.get(area.name, set()) | {"__init__"}
        names = {one.stem for one in area.glob("*.py")} | {p.name for p in _packages_in(area)}
        if area.name not in GROUNDS:
            found += [f"collector_app/{area.name}/{name}" for name in names - known]
    return sorted(found)


def unused_nouns(root: Path, nouns: dict[str, set[str]]) -> list[str]:
    """Return listed nouns that no file bears any more."""
    return [
        f"collector_app/{area}/{name}"
        for area, names in sorted(nouns.items())
        for name in sorted(names)
        if not (root / "collector_app" / area / f"{name}.py").exists()
        and not (root / "collector_app" / area / name).is_dir()
    ]


def drawers(root: Path) -> list[str]:
    """Return files and folders named for being a drawer and not for what is in them."""
    code = (one for top in ("collector_app", "routing", "tests") for one in (root / top).rglob("*"))
    return sorted(
        str(one.relative_to(root))
        for one in code
        if one.stem in DRAWERS and (one.suffix == ".py" or one.is_dir())
    )


def packages_without_docstring(root: Path) -> list[str]:
    """Return packages that do not say what they are for."""
    return sorted(
        str(one.relative_to(root))
        for top in ("collector_app", "routing")
        for one in (root / top).rglob("__init__.py")
        if not one.read_text().lstrip().startswith('"""')
    )


def folders_without_init(root: Path) -> list[str]:
    """Return folders of code that no docstring introduces."""
    return sorted(
        str(folder.relative_to(root))
        for top in ("collector_app", "routing")
        for folder in {one.parent for one in (root / top).rglob("*.py")}
        if not (folder / "__init__.py").exists()
    )


def tracked_files(root: Path) -> list[Path]:
    """Return what git tracks, and what it would if added now."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


def names_of_machines(root: Path, files: Iterable[Path]) -> list[str]:
    """Return lines that name a registry of packages or a folder of somebody's machine."""
    here = re.compile(re.escape(str(root)) + r"(?![\w-])")
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in _lines(path)
        if REGISTRIES.search(line) or MACHINE.search(line) or here.search(line)
    ]


def too_large(root: Path, files: Iterable[Path]) -> list[str]:
    """Return files that do not belong into a repository of source."""
    return [str(one.relative_to(root)) for one in files if one.stat().st_size > LARGEST_BYTES]


def installed_files(root: Path, files: Iterable[Path]) -> list[str]:
    """Return files of others that are installed at set-up and never committed."""
    installed = (root / "static" / "vendor", root / "node_modules")
    return [
        str(one.relative_to(root)) for one in files if any(top in one.parents for top in installed)
    ]


def _packages_in(folder: Path) -> list[Path]:
    return [one for one in sorted(folder.glob("*")) if (one / "__init__.py").exists()]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        yield from enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    except UnicodeDecodeError:
        return  # an image or the like
