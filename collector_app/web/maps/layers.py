"""What can be put on a map. Texts travel as JSON and reach the page as text, never as HTML."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import folium
from flask_babel import gettext as _
from folium.template import Template

from collector_app.web.maps.chart import Chart, LatLon
from collector_app.web.maps.texts import DECIMALS, encode_line, json_for_script

_CLASS = re.compile(r"[a-z][a-z0-9-]*( [a-z][a-z0-9-]*)*")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}|--[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Label:
    """What a popup says: a title, lines, and perhaps a link to a page of ours and a picture."""

    title: str
    lines: tuple[str, ...] = ()
    url: str | None = None  # an absolute path
    link: str = ""  # the words of the link; empty: "Ver más"
    picture: str | None = None  # an absolute path; the title is its text for whom does not see it


@dataclass(frozen=True, slots=True)
class Stop:
    """A numbered stop; `state` is one of next, pending, done, missed."""

    id: int
    lat: float
    lon: float
    number: int
    state: str
    label: Label


@dataclass(frozen=True, slots=True)
class Person:
    """Where a collector was last seen."""

    id: int
    lat: float
    lon: float
    initials: str
    label: Label


@dataclass(frozen=True, slots=True)
class Place:
    """A start, an end or another fixed place; `kind` is a CSS class of maps.css."""

    id: str
    lat: float
    lon: float
    kind: str
    label: Label


class Line(NamedTuple):
    """A line along its points; `kind` is route, barrier, or with blanks: approximate, faint."""

    points: Iterable[LatLon]
    kind: str = "route"
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """A territory; its outline is GeoJSON (lon, lat), the only place where the order is that."""

    id: int
    colour: str
    outline: Mapping[str, Any]
    label: Label


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid with how much there is in it: `step` 0 (nothing) to 5 (most)."""

    boundary: Sequence[LatLon]
    step: int
    label: Label


@dataclass(frozen=True, slots=True)
class Dot:
    """A client among thousands; `kind` is a key of the colours given to `add_dots`."""

    lat: float
    lon: float
    kind: str
    id: int | None = None
    title: str = ""


class _Layer(folium.MacroElement):  # type: ignore[misc]  # folium has no types
    """A call of a function of static/maps/field_map.js with data."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        fieldMap.{{ this.function }}({{ this._parent.get_name() }}, {{ this.data }});
        {% endmacro %}
        """
    )

    def __init__(self, function: str, data: object) -> None:
        super().__init__()
        self._name = function
        self.function = function
        self.data = json_for_script(data)


def add_stops(chart: Chart, stops: Iterable[Stop]) -> None:
    """Put numbered stops on a map; they are found as ``stop-<id>``."""
    chart.add_child(_Layer("stops", stops_data(stops)))


def add_people(chart: Chart, people: Iterable[Person]) -> None:
    """Put collectors on a map; they are found as ``person-<id>``."""
    chart.add_child(_Layer("people", [_mark(one) for one in people]))


def add_places(chart: Chart, places: Iterable[Place]) -> None:
    """Put starts, ends and the like on a map; they are found as ``place-<id>``."""
    chart.add_child(_Layer("places", places_data(places)))


def add_line(
    chart: Chart, points: Iterable[LatLon], *, kind: str = "route", label: Label | None = None
) -> None:
    """Draw a line; `kind` is route, barrier, or with a blank between: approximate, faint."""
    add_lines(chart, [Line(points, kind, label)])


def add_lines(chart: Chart, lines: Iterable[Line]) -> None:
    """Draw lines; hundreds of them cost no more than their points."""
    chart.add_child(_Layer("lines", [line_data(*one) for one in lines]))


def add_zones(chart: Chart, zones: Iterable[Zone]) -> None:
    """Draw territories with their names; they are found as ``zone-<id>``."""
    data = [
        {
            "id": zone.id,
            "colour": _colour(zone.colour),
            "geometry": _rounded(zone.outline),
            "label": _label(zone.label),
        }
        for zone in zones
    ]
    chart.add_child(_Layer("zones", data))


def add_cells(chart: Chart, cells: Iterable[Cell], *, colour: str) -> None:
    """Fill cells with one colour, stronger for higher steps."""
    data = {
        "colour": _colour(colour),
        "cells": [
            {
                "corners": _round(one.boundary),
                "step": one.step,
                "label": _label(one.label),
            }
            for one in cells
        ],
    }
    chart.add_child(_Layer("cells", data))


def add_dots(
    chart: Chart,
    dots: Iterable[Dot],
    colours: Mapping[str, str],
    *,
    pages: str = "",
    link: str = "",
) -> None:
    """Draw thousands of clients on one canvas.

    Parameters
    ----------
    colours : mapping of kind to colour
        ``#rrggbb``, or a token such as ``--bad``, which follows the theme.
    pages : str
        What comes before a dot's id in the address of its page: ``/cartera/``.
    """
    kinds = list(colours)
    data = {
        "rows": [_row(dot, kinds.index(dot.kind)) for dot in dots],
        "kinds": [_colour(colours[kind]) for kind in kinds],
        "pages": pages,
        "link": link or _("Ver más"),
    }
    chart.add_child(_Layer("dots", data))


def add_cloud(chart: Chart, url: str, colours: Mapping[int, str], other: str) -> None:
    """Draw clients by the hundred thousand, asked for once the page is there.

    Parameters
    ----------
    url : str
        Answers columns as `static/maps/cloud.js` reads them.
    colours : mapping of int to colour
        By the numbers that the columns tell.
    other : str
        Colour of those who have none.
    """
    data = {
        "url": url,
        "colours": {str(key): _colour(colour) for key, colour in colours.items()},
        "other": _colour(other),
    }
    chart.add_child(_Layer("cloud", data))


def add_live(chart: Chart, url: str) -> None:
    """Ask an address of ours for `live_answer`, at once and at each ``news`` event, and show it."""
    chart.add_child(_Layer("live", {"url": url}))


def live_answer(stops: Iterable[Stop] = (), people: Iterable[Person] = ()) -> dict[str, Any]:
    """Return what the address of `add_live` answers, to be written as JSON."""
    return {"stops": [_stop(one) for one in stops], "people": [_mark(one) for one in people]}


def stops_data(stops: Iterable[Stop]) -> list[dict[str, Any]]:
    """Return stops as the script of the page reads them."""
    return [_stop(one) for one in stops]


def places_data(places: Iterable[Place]) -> list[dict[str, Any]]:
    """Return places as the script of the page reads them."""
    return [_mark(one) | {"kind": _word(one.kind)} for one in places]


def line_data(points: Iterable[LatLon], kind: str, label: Label | None = None) -> dict[str, Any]:
    """Return a line as the script of the page reads it."""
    return {"encoded": encode_line(points), "kind": _word(kind), "label": _label(label)}


def _stop(stop: Stop) -> dict[str, Any]:
    return _mark(stop) | {"state": _word(stop.state)}


def _mark(one: Stop | Person | Place) -> dict[str, Any]:
    # Not `asdict`, which copies deep: a map has thousands of them.
    return {name: getattr(one, name) for name in one.__dataclass_fields__} | {
        "lat": round(one.lat, DECIMALS),
        "lon": round(one.lon, DECIMALS),
        "label": _label(one.label),
    }


def _label(label: Label | None) -> dict[str, Any] | None:
    if label is None:
        return None
    said: dict[str, Any] = {"title": label.title}
    if label.lines:
        said["lines"] = [line for line in label.lines if line]
    if label.url:
        said |= {"url": label.url, "link": label.link or _("Ver más")}
    if label.picture:
        said["picture"] = label.picture
    return said


def _row(dot: Dot, kind: int) -> list[Any]:
    row: list[Any] = [round(dot.lat, DECIMALS), round(dot.lon, DECIMALS), kind]
    return [*row, dot.id, dot.title] if dot.title else row


def _word(text: str) -> str:
    if not _CLASS.fullmatch(text):
        message = f"expected CSS class names, got {text!r}"
        raise ValueError(message)
    return text


def _colour(text: str) -> str:
    if not _COLOUR.fullmatch(text):
        message = f"expected #rrggbb or a token such as --bad, got {text!r}"
        raise ValueError(message)
    return text


def _rounded(geometry: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": geometry["type"], "coordinates": _round(geometry["coordinates"])}


def _round(part: Sequence[Any]) -> list[Any]:
    return [
        _round(inner) if isinstance(inner, list | tuple) else round(inner, DECIMALS)
        for inner in part
    ]
