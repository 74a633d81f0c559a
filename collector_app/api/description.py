"""The API's description of itself, OpenAPI 3.1, made of its resources and its rows."""

from typing import Any

import msgspec

from collector_app.api.resources import RESOURCES, Resource
from collector_app.api.rules import MEDIA_TYPES, MOST_ROWS, USUAL_ROWS

VERSION = "1.0.0"
_ERROR_REF = {"$ref": "#/components/schemas/Error"}
_FILE_SCHEMA: dict[str, Any] = {}  # JSON Schema tells nothing of what is not JSON
_FILTERS = {
    "since": {
        "description": "Only rows since this instant, with its zone: 2026-11-28T15:00:00Z.",
        "schema": {"type": "string", "format": "date-time"},
    },
    "from": {
        "description": "First day, inclusive.",
        "schema": {"type": "string", "format": "date"},
    },
    "to": {"description": "Last day, inclusive.", "schema": {"type": "string", "format": "date"}},
}
_FAILURES = {
    "401": "No key, or none that is in use.",
    "403": "The key may not read this.",
    "422": "A filter can't be used; the field and what was expected are named.",
    "429": "Too many calls; see Retry-After.",
}


def openapi(server_url: str) -> dict[str, Any]:
    """Return the description of the API at a server."""
    _refs, rows = msgspec.json.schema_components(
        [one.row for one in RESOURCES.values()], ref_template="#/components/schemas/{name}"
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "La ruta del gestor",
            "version": VERSION,
            "description": "Money is whole cents, instants are UTC, times of a route are seconds "
            "since local midnight. Lists go by id: ask again with `after` until `next` is null.",
        },
        "servers": [{"url": server_url}],
        "security": [{"key": []}],
        "paths": {f"/{name}": {"get": _operation(name, one)} for name, one in RESOURCES.items()},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {**rows, "Error": _error()},
        },
    }


def _operation(name: str, resource: Resource) -> dict[str, Any]:
    page = {
        "type": "object",
        "required": ["rows", "next"],
        "properties": {
            "rows": {
                "type": "array",
                "items": {"$ref": f"#/components/schemas/{resource.row.__name__}"},
            },
            "next": {"type": ["integer", "null"], "description": "`after` of the next page."},
        },
    }
    return {
        "operationId": f"list_{name}",
        "summary": (resource.row.__doc__ or "").partition("\n")[0],
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
                "content": {
                    "application/json": {"schema": page},
                    **{MEDIA_TYPES[one]: {"schema": _FILE_SCHEMA} for one in resource.formats},
                },
            },
            **{
                status: {
                    "description": text,
                    "content": {"application/json": {"schema": _ERROR_REF}},
                }
                for status, text in _FAILURES.items()
            },
        },
    }


def _parameter(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _error() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            }
        },
    }
