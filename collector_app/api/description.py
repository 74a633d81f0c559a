"""The API's description of itself, OpenAPI 3.1, made of what it reads and writes."""

import re
from collections import defaultdict
from typing import Any

import msgspec

from collector_app.api.resources import RESOURCES, Resource
from collector_app.api.rules import (
    MEDIA_TYPES,
    MOST_BYTES,
    MOST_KEY_LETTERS,
    MOST_ROWS,
    USUAL_ROWS,
    PlanState,
)
from collector_app.api.writes import WRITES, Write

VERSION = "1.1.0"
Schema = dict[str, Any]
_REF = "#/components/schemas/{name}"
_FILE_SCHEMA: Schema = {}  # JSON Schema tells nothing of what is not JSON
_ROW_ID: Schema = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
_NAMED = re.compile(r"<(?:int:)?(\w+)>")  # how Flask writes what an address names
_FILTERS: dict[str, Schema] = {
    "since": {
        "description": "Only rows since this instant, with its zone: 2026-11-28T15:00:00Z.",
        "schema": {"type": "string", "format": "date-time"},
    },
    "from": {
        "description": "First day, inclusive.",
        "schema": {"type": "string", "format": "date"},
    },
    "to": {"description": "Last day, inclusive.", "schema": {"type": "string", "format": "date"}},
    "state": {
        "description": "Plans that phones see or saw, those that they did not, or both.",
        "schema": {
            "type": "string",
            "enum": [one.value for one in PlanState],
            "default": PlanState.PUBLISHED.value,
        },
    },
}
_FAILURES = {
    "400": "No JSON, or no Idempotency-Key where one is needed.",
    "401": "No key, or none that is in use.",
    "403": "The key may not do this.",
    "404": "There is no such row.",
    "405": "That can't be done at this address.",
    "409": "A rule of the business forbids it, or it was told otherwise before.",
    "413": f"A body of more than {MOST_BYTES} bytes.",
    "415": "A body that is not application/json.",
    "422": "A field can't be used; it is named, with what was expected.",
    "429": "Too many calls; see Retry-After.",
}
_OF_READS, _OF_WRITES = ("400", "401", "403", "404", "405", "422", "429"), tuple(_FAILURES)


def openapi(server_url: str) -> Schema:
    """Return the description of the API at a server."""
    structs = [one.row for one in RESOURCES.values()]
    structs += [one.row for one in WRITES] + [one.body for one in WRITES if one.body]
    _refs, schemas = msgspec.json.schema_components(dict.fromkeys(structs), ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "La ruta del gestor",
            "version": VERSION,
            "description": "Money is whole cents, instants are UTC, times of a route are seconds "
            "since local midnight. Lists go by id: ask again with `after` until `next` is null. "
            "A call that makes something needs an `Idempotency-Key`: sent again with the same "
            "body it is answered the same and done once.",
        },
        "servers": [{"url": server_url}],
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {**schemas, "Problem": _problem()},
        },
    }


def _paths() -> Schema:
    paths: defaultdict[str, Schema] = defaultdict(dict)
    for name, resource in RESOURCES.items():
        paths[f"/{name}"]["get"] = _listing(name, resource)
        paths[f"/{name}/{{id}}"]["get"] = _single(name, resource)
    for write in WRITES:
        paths[_NAMED.sub(r"{\1}", write.path)][write.method.lower()] = _writing(write)
    return dict(paths)


def _listing(name: str, resource: Resource) -> Schema:
    page = {
        "type": "object",
        "required": ["rows", "next"],
        "properties": {
            "rows": {"type": "array", "items": _ref(resource.row)},
            "next": {"type": ["integer", "null"], "description": "`after` of the next page."},
        },
    }
    content = {"application/json": {"schema": page}}
    files = {MEDIA_TYPES[one]: {"schema": _FILE_SCHEMA} for one in resource.formats}
    return {
        "operationId": f"list_{name}",
        "summary": _first_line(resource.row),
        "description": f"Needs the scope `{resource.scope.value}`.",
        "parameters": [
            _parameter("after", "Rows after this id.", {"type": "integer", "minimum": 0}),
            _parameter(
                "limit",
                "Rows of a page.",
                {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": USUAL_ROWS},
            ),
            _parameter(
                "format",
                "As what: pages of JSON, or the whole list as a file (without `limit`). The header "
                "Accept says the same.",
                {"type": "string", "enum": ["json", *resource.formats], "default": "json"},
            ),
            *({"name": one, "in": "query", **_FILTERS[one]} for one in resource.filters),
        ],
        "responses": {
            "200": {
                "description": "A page of rows, or the whole list as a file.",
                "content": content | files,
            },
            **_refusals(_OF_READS),
        },
    }


def _single(name: str, resource: Resource) -> Schema:
    return {
        "operationId": f"read_{name}",
        "summary": f"One row of {name}.",
        "description": f"Needs the scope `{resource.scope.value}`.",
        "parameters": [_named("id")],
        "responses": {
            "200": _answer("The row.", resource.row),
            **_refusals(_OF_READS),
        },
    }


def _writing(write: Write) -> Schema:
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": write.makes,
        "description": "A name for the call, such as a uuid: the same call again is done once.",
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": MOST_KEY_LETTERS,
            "pattern": "^[!-~]+$",
        },
    }
    told: Schema = {
        "operationId": write.name,
        "summary": _first_line(write.do),
        "description": f"Needs the scope `{write.scope.value}`.",
        "parameters": [*(_named(one) for one in _NAMED.findall(write.path)), key],
        "responses": {
            "200": _answer("It stands as asked.", write.row),
            "201": _answer("It was stored.", write.row),
            **_refusals(_OF_WRITES),
        },
    }
    if write.body:
        schema = {"schema": _ref(write.body)}
        told["requestBody"] = {"required": True, "content": {"application/json": schema}}
    return told


def _first_line(thing: Any) -> str:
    return (thing.__doc__ or "").partition("\n")[0]


def _ref(struct: type[Any]) -> Schema:
    return {"$ref": _REF.format(name=struct.__name__)}


def _answer(text: str, row: type[Any]) -> Schema:
    return {"description": text, "content": {"application/json": {"schema": _ref(row)}}}


def _refusals(statuses: tuple[str, ...]) -> Schema:
    problem = {"schema": {"$ref": _REF.format(name="Problem")}}
    return {
        one: {"description": _FAILURES[one], "content": {"application/problem+json": problem}}
        for one in statuses
    }


def _parameter(name: str, text: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _named(name: str) -> Schema:
    number = {"type": "string", "minLength": 1, "maxLength": 40, "pattern": "^[^/]+$"}
    schema = _ROW_ID if name == "id" else number
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _problem() -> Schema:
    error = {
        "type": "object",
        "required": ["field", "expected"],
        "properties": {"field": {"type": "string"}, "expected": {"type": "string"}},
    }
    return {
        "type": "object",
        "description": "What went wrong (RFC 9457); docs/errors.md lists the codes.",
        "required": ["type", "title", "status", "detail", "code", "errors"],
        "properties": {
            **{name: {"type": "string"} for name in ("type", "title", "detail", "code")},
            "status": {"type": "integer"},
            "errors": {"type": "array", "items": error},
        },
    }
