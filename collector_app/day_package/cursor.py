"""What a phone has of a package, told in one word, and what it lacks. Pure.

A cursor holds the digests of the parts of a package: each sentence of the law, each stop, each
client who may be added, each day's head and matrix. The office keeps nothing about it: a phone
tells its cursor and gets the parts whose digests are not in it, and the order in which to put them
together.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from collector_app.day_package.package import Json

DIGEST_BYTES = 6  # of SHA-256; one part in 10^11 would be taken for another among 1,000
MOST_LETTERS = 8_000  # two days of 400 stops each; longer ones are no cursor of ours
LISTS = {"stops": "id", "extras": "client"}  # of a day: what names each of its rows
HEAVY = (*LISTS, "matrix")


def with_cursor(package: Json) -> Json:
    """Return a whole package with the cursor that stands for it."""
    return {"is_whole": True, "cursor": _cursor_of(package), **package}


def changed_since(package: Json, cursor: str) -> Json:
    """Return what a phone lacks that tells a cursor; the whole package when that is not known here.

    Parameters
    ----------
    package : dict
        What ``package_of`` gives.
    cursor : str
        Of a package that this phone has; of whatever age.

    Returns
    -------
    dict
        ``law_texts`` with those that are new, ``law_order`` with the keys of all. Of each day: its
        head when that changed, ``matrix`` likewise, ``stops`` and ``extras`` that changed, and
        ``order`` with the keys of all of them. What an order does not name is gone.
    """
    known = _digests_in(cursor)
    if known.isdisjoint(_digests(package)):
        return with_cursor(package)

    def is_new(name: str, part: Any) -> bool:
        return _digest(package, name, part) not in known

    texts = package["law_texts"]
    return {
        "is_whole": False,
        "cursor": _cursor_of(package),
        "version": package["version"],
        "collector": package["collector"],
        "law_order": list(texts),
        "law_texts": {key: text for key, text in texts.items() if is_new(f"law {key}", text)},
        "days": [dict(_changed(day, is_new)) for day in package["days"]],
    }


def _changed(day: Json, is_new: Callable[[str, Any], bool]) -> Iterator[tuple[str, Any]]:
    on = day["day"]
    head = _head(day)
    if is_new(f"head {on}", head):
        yield "head", head
    if is_new(f"matrix {on}", day["matrix"]):
        yield "matrix", day["matrix"]
    for name, key in LISTS.items():
        yield name, [one for one in day[name] if is_new(f"{name} {on}", one)]
        yield f"{name}_order", [one[key] for one in day[name]]
    yield "day", on


def _head(day: Json) -> Json:
    return {name: value for name, value in day.items() if name not in HEAVY}


def _parts(package: Json) -> Iterator[tuple[str, Any]]:
    """Yield all that a cursor speaks of: a name that says where it belongs, and the part."""
    for key, text in package["law_texts"].items():
        yield f"law {key}", text
    for day in package["days"]:
        yield f"head {day['day']}", _head(day)
        yield f"matrix {day['day']}", day["matrix"]
        for name in LISTS:
            yield from ((f"{name} {day['day']}", one) for one in day[name])


def _digest(package: Json, name: str, part: Any) -> bytes:
    told = json.dumps([package["version"], package["collector"], name, part], sort_keys=True)
    return hashlib.sha256(told.encode()).digest()[:DIGEST_BYTES]


def _digests(package: Json) -> Iterable[bytes]:
    return (_digest(package, name, part) for name, part in _parts(package))


def _cursor_of(package: Json) -> str:
    joined = b"".join(sorted(set(_digests(package))))
    return base64.urlsafe_b64encode(joined).decode()


def _digests_in(cursor: str) -> frozenset[bytes]:
    """Return what stands in a cursor; nothing when it is none of ours."""
    if len(cursor) > MOST_LETTERS:
        return frozenset()
    try:
        joined = base64.b64decode(cursor, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return frozenset()
    return frozenset(joined[at : at + DIGEST_BYTES] for at in range(0, len(joined), DIGEST_BYTES))
