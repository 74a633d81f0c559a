"""Guards over browser scripts: an old phone can run them, and their words come from templates."""

import re
from pathlib import Path

# Of browsers after Chrome 103, which phones of 2022 that are no longer updated still have.
TOO_NEW = re.compile(
    r"\.(?:toSpliced|toSorted|toReversed|isWellFormed|toWellFormed|getOrInsert|symmetricDifference"
    r"|isSubsetOf|isDisjointFrom)\(|\b(?:Array\.fromAsync|AbortSignal\.any|Promise\.withResolvers"
    r"|Promise\.try|Object\.groupBy|Map\.groupBy|URL\.canParse|URL\.parse|Iterator\.from"
    r"|startViewTransition|showPopover|scheduler\.yield)\b"
)
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
SPANISH = re.compile(r"""(["`])(?:(?!\1).)*[áéíóúñ¿¡](?:(?!\1).)*\1""")


def too_new(root: Path) -> list[str]:
    """Return what scripts ask for that an old browser does not know."""
    return _found(root, TOO_NEW)


def spanish_words(root: Path) -> list[str]:
    """Return texts in scripts that no catalogue of another country can replace."""
    return _found(root, SPANISH)


def _found(root: Path, wanted: re.Pattern[str]) -> list[str]:
    folder = root / "static"
    found = []
    for path in sorted(folder.rglob("*.js")):
        if path.is_relative_to(folder / "vendor"):
            continue
        text = COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), path.read_text())
        for number, line in enumerate(text.splitlines(), 1):
            found += [
                f"{path.relative_to(root)}:{number}: {one[0]}" for one in wanted.finditer(line)
            ]
    return found
