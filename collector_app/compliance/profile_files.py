"""Reads the compliance profiles from YAML, and refuses a faulty one by file and field.

``cl.yaml`` is the version of a profile that holds now; a version of before stays beside it as
``cl.2021-04-20.yaml``, named for the day on which it began to hold, so that the past is judged
by the law of its day.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec

from collector_app.compliance.profile_schema import Fault, ProfilePart, expect, rule_of
from collector_app.compliance.rules import Profile, Rule
from collector_app.core.errors import CollectorError, NotFound

FOLDER = Path(__file__).parent / "profiles"
HOUSE = "house"  # holds beside whichever law is chosen


class InvalidProfile(CollectorError):
    """A profile can't be used: `file` and `place` say where, `expected` what would be right."""

    code = "invalid_profile"

    def __init__(self, file: str, place: str, expected: str) -> None:
        """Name the file, the field and what was expected there."""
        super().__init__(f"{file}: {place}: {expected}", file=file, place=place, expected=expected)


def law_version(profile_id: str, version: str, day: date) -> Profile:
    """Return the version of a profile that is one of those joined by "+", else that of a day.

    A file that was corrected since leaves versions behind that nobody knows any more.

    Raises
    ------
    NotFound
        If there is no profile of that id.
    """
    known = {one.version: one for one in versions(FOLDER).get(profile_id, ())}
    found = (known[part] for part in version.split("+") if part in known)
    return next(found, None) or law_profile(profile_id, day)


@dataclass(frozen=True, slots=True)
class ProfileVersion:
    """One version of a profile: on which days it held (None: still does), and what it changed.

    Attributes
    ----------
    added : tuple of Rule
        Rules that the version before lacked, or had in other words or figures.
    dropped : tuple of Rule
        Rules of the version before that no longer hold as they were.
    """

    profile: Profile
    from_on: date
    to_on: date | None
    added: tuple[Rule, ...]
    dropped: tuple[Rule, ...]


def law_profiles() -> dict[str, Profile]:
    """Return the newest version of each profile of law that may be chosen, by id.

    Raises
    ------
    InvalidProfile
        With the place of the first fault in any of the files.
    """
    return {id_: of_id[-1] for id_, of_id in versions(FOLDER).items() if id_ != HOUSE}


def house_rules(day: date = date.max) -> Profile:
    """Return the rules of the company on a day, which hold beside the law."""
    return _on(versions(FOLDER)[HOUSE], day)


def law_profile(profile_id: str, day: date = date.max) -> Profile:
    """Return one profile of law in the version that holds on a day, the newest when left out.

    Raises
    ------
    NotFound
        If there is none of that id.
    """
    found = versions(FOLDER).get(profile_id)
    if found is None or profile_id == HOUSE:
        message = f"no compliance profile {profile_id!r}"
        raise NotFound(message)
    return _on(found, day)


def profile_versions(profile_id: str, folder: Path = FOLDER) -> list[ProfileVersion]:
    """Return every version of a profile, newest first; each holds until the next one begins.

    Raises
    ------
    NotFound
        If there is no profile of that id.
    """
    found = versions(folder).get(profile_id)
    if found is None:
        message = f"no compliance profile {profile_id!r}"
        raise NotFound(message)
    rows = []
    for before, one, after in zip((None, *found), found, (*found[1:], None), strict=False):
        old = before.rules if before else ()
        rows.append(
            ProfileVersion(
                one,
                one.effective_from,
                after.effective_from - timedelta(days=1) if after else None,
                tuple(rule for rule in one.rules if rule not in old) if before else (),
                tuple(rule for rule in old if rule not in one.rules),
            )
        )
    return rows[::-1]


@cache
def versions(folder: Path) -> dict[str, tuple[Profile, ...]]:
    """Return every version of every profile in a folder, by id; those of before come first."""
    profiles = [read_profile(path) for path in sorted(folder.glob("*.yaml"))]
    by_date = sorted(profiles, key=lambda one: one.effective_from)
    return {
        id_: tuple(one for one in by_date if one.id == id_)
        for id_ in dict.fromkeys(one.id for one in profiles)
    }


def read_profile(path: Path) -> Profile:
    """Read and check one file.

    Raises
    ------
    InvalidProfile
        With the file, the field and what was expected there.
    """
    content = path.read_bytes()
    try:
        file = msgspec.yaml.decode(content, type=ProfilePart)
        return _profile(file, path.stem, hashlib.sha256(content).hexdigest()[:12])
    except Fault as fault:
        raise InvalidProfile(path.name, fault.place, fault.expected) from fault
    except msgspec.DecodeError as error:
        expected, _, place = str(error).partition(" - at ")
        # msgspec ends with "at `$.rules[0].source`", or "at `key` in `$.rules[0].windows`".
        field = place.rpartition("$")[2].strip("`.") or "file"
        raise InvalidProfile(path.name, field, expected) from error


def _profile(file: ProfilePart, stem: str, version: str) -> Profile:
    name, _, began_on = stem.partition(".")
    expect(file.id == name, "id", f"expected {name!r} as the file is called")
    is_named_right = began_on in ("", file.effective_from.isoformat())
    expect(is_named_right, "effective_from", f"expected {began_on} as the file is called")
    seen: set[str] = set()
    rules = []
    for i, rule in enumerate(file.rules):
        place = f"rules[{i}]"
        expect(rule.id not in seen, f"{place}.id", f"{rule.id!r} is repeated")
        seen.add(rule.id)
        rules.append(rule_of(place, f"{file.id}.{rule.id}", rule))
    return Profile(file.id, file.name, file.country, version, tuple(rules), file.effective_from)


def _on(found: tuple[Profile, ...], day: date) -> Profile:
    """Return the newest version that has begun; before the first, the first."""
    begun = [one for one in found if one.effective_from <= day]
    return begun[-1] if begun else found[0]
