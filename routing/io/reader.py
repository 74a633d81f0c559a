"""Reads JSON strictly: every error names the place in the file and what was expected there."""

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, NamedTuple, NoReturn, TypeVar

from routing.errors import InvalidProblem
from routing.geo import Point, is_on_earth

_LONGEST_SHOWN = 40

Choice = TypeVar("Choice", bound=StrEnum)


class Node:
    """One value of a JSON document and its place in it, such as ``candidates[3].windows[0]``."""

    def __init__(self, value: Any, place: str) -> None:
        """Keep the value; nothing is checked yet."""
        self.value = value
        self.place = place

    def fields(self, required: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Check that this is an object with all the required fields and no unknown one."""
        if not isinstance(self.value, dict):
            self.refuse("an object")
        for name in self.value:
            if name not in required and name not in optional:
                known = ", ".join((*required, *optional))
                raise InvalidProblem(self._inner(name), f"unknown field, expected one of {known}")
        for name in required:
            if name not in self.value:
                raise InvalidProblem(self._inner(name), "missing")

    def __getitem__(self, name: str) -> "Node":
        """Return a field of an object; null when it is absent."""
        return Node(self.value.get(name), self._inner(name))

    def __contains__(self, name: str) -> bool:
        """Tell whether a field of an object is present, null or not."""
        return name in self.value

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """Return the fields of an object by name."""
        if not isinstance(self.value, dict):
            self.refuse("an object")
        return ((name, self[name]) for name in self.value)

    def elements(self, what: str) -> list["Node"]:
        """Return the elements of a list."""
        if not isinstance(self.value, list):
            self.refuse(f"a list of {what}")
        return [Node(one, f"{self.place}[{i}]") for i, one in enumerate(self.value)]

    @property
    def is_null(self) -> bool:
        """Tell whether the value is null or absent."""
        return self.value is None

    def integer(self, unit: str) -> int:
        """Return a whole number; 3.0 and true are none."""
        if type(self.value) is not int:
            self.refuse(f"integer {unit}")
        return int(self.value)

    def number(self, unit: str) -> float:
        """Return a number, whole or not."""
        if type(self.value) not in {int, float}:
            self.refuse(f"a number, {unit}")
        return float(self.value)

    def text(self) -> str:
        """Return a text."""
        if not isinstance(self.value, str):
            self.refuse("a text")
        return str(self.value)

    def id(self) -> str:
        """Return a text that is not empty."""
        if not self.text():
            self.refuse("a text that is not empty")
        return self.text()

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            self.refuse("true or false")
        return bool(self.value)

    def choice(self, choices: type[Choice]) -> Choice:
        """Return a member of a closed set."""
        if not isinstance(self.value, str) or self.value not in set(choices):
            self.refuse(f"one of {', '.join(choices)}")
        return choices(self.value)

    def point(self) -> Point:
        """Return a position given as an object with ``lat`` and ``lon``."""
        self.fields(("lat", "lon"))
        point = Point(self["lat"].number("degrees"), self["lon"].number("degrees"))
        if not is_on_earth(point):
            self.refuse("lat -90..90 and lon -180..180")
        return point

    def refuse(self, expected: str) -> NoReturn:
        """Raise the error of this place."""
        shown = json.dumps(self.value, ensure_ascii=False)
        if len(shown) > _LONGEST_SHOWN:
            shown = shown[:_LONGEST_SHOWN] + "..."
        raise InvalidProblem(self.place or "the document", f"expected {expected}, got {shown}")

    def _inner(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name


def parse(text: str) -> Node:
    """Return the root of a JSON document.

    Raises
    ------
    InvalidProblem
        If it is not JSON, nests too deeply, or repeats a field within an object; NaN and Infinity
        are not JSON.
    """
    constants: list[_Constant] = []

    def note(name: str) -> _Constant:
        constants.append(_Constant(name))
        return constants[-1]

    try:
        root = Node(json.loads(text, object_pairs_hook=_object, parse_constant=note), "")
        if constants:
            _refuse_constant(root)
        return root
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise InvalidProblem(place, f"expected JSON, {error.msg}") from error
    except RecursionError as error:
        raise InvalidProblem("the document", "expected fewer levels of nesting") from error
    except ValueError as error:  # a number of thousands of digits
        raise InvalidProblem("the document", f"expected JSON, {error}") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise InvalidProblem(
                name, "expected each field once in an object, this one is repeated"
            )
        found[name] = value
    return found


class _Constant(NamedTuple):
    """NaN or Infinity, which Python reads and JSON does not know."""

    name: str


def _refuse_constant(node: Node) -> None:
    """Refuse the first constant at or below a place, by that place."""
    if isinstance(node.value, _Constant):
        place = node.place or "the document"
        raise InvalidProblem(place, f"expected JSON numbers, {node.value.name} is none")
    if isinstance(node.value, dict):
        for name in node.value:
            _refuse_constant(node[name])
    elif isinstance(node.value, list):
        for inner in node.elements("values"):
            _refuse_constant(inner)
