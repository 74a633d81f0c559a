"""Copy the browser libraries that pages load from node_modules/ to static/vendor/.

Which files, and under which name, is the ``vendor`` table of package.json. npm has checked the
packages against the hashes of package-lock.json; this script checks that nothing is missing and
that nothing else lies in the folder.
"""

import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def wanted_files(root: Path) -> dict[str, str]:
    """Return the files to serve: name under static/vendor/ -> path under node_modules/."""
    table = json.loads((root / "package.json").read_text())["vendor"]
    return {str(name): str(source) for name, source in table.items()}


def copy_all(root: Path) -> list[str]:
    """Empty static/vendor/ and fill it; return what could not be copied."""
    target = root / "static" / "vendor"
    shutil.rmtree(target, ignore_errors=True)
    missing = []
    for name, source in wanted_files(root).items():
        found = root / "node_modules" / source
        if not found.is_file() or found.stat().st_size == 0:
            missing.append(source)
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found, target / name)
    return missing


def main() -> int:
    """Copy, and fail when package.json names a file that the packages lack."""
    missing = copy_all(ROOT)
    for source in missing:
        print(f"package.json: vendor names {source}, which node_modules/ lacks", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
