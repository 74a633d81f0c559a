"""Words in which the phone's API is described: schemas of JSON, bodies, answers and refusals."""

from collections.abc import Mapping
from typing import Any

from collector_app.sync.rules import MOST_SEQ

Schema = dict[str, Any]

REFUSALS = {
    "400": "Not a request that can be read: control characters in the address.",
    "401": "No token, or none of ours: register anew; the queue stays.",
    "403": "The phone was shut out, or this person may not do that.",
    "415": "The body is of another type.",
    "422": "The body can't be read; `field` and `expected` name the place.",
    "429": "Too many calls; see Retry-After.",
    "503": "The database is busy or away; see Retry-After and send the same again.",
}
INSTANT: Schema = {"type": "string", "format": "date-time", "maxLength": 40}
UUID: Schema = {"type": "string", "format": "uuid"}
COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": MOST_SEQ}
ID: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_SEQ}
HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def object_of(properties: Mapping[str, Schema], required: tuple[str, ...]) -> Schema:
    """Return the schema of an object; ``required`` names what must be there."""
    return {"type": "object", "properties": dict(properties), "required": list(required)}


def text(most: int | None) -> Schema:
    """Return the schema of a text of at most so many letters."""
    return {"type": "string"} if most is None else {"type": "string", "maxLength": most}


def choice(kind: Any) -> Schema:
    """Return the schema of one of the values of an enumeration."""
    return {"type": "string", "enum": [one.value for one in kind]}


def or_null(schema: Schema) -> Schema:
    """Return the schema of what may also be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def ref(name: str) -> Schema:
    """Return a reference to a schema of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def json_body(schema: Schema) -> Schema:
    """Return a body of JSON that a call must have."""
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def json_answer(text: str, schema: Schema) -> Schema:
    """Return an answer of JSON."""
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def refused(*statuses: str) -> Schema:
    """Return the refusals that a call may meet."""
    return {one: json_answer(REFUSALS[one], ref("Refusal")) for one in statuses}
