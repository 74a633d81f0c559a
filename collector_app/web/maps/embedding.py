"""From a Folium map to the three parts of a page that shows it, under our security policy."""

from collections.abc import Iterator
from dataclasses import dataclass

import folium
from branca.element import Element
from flask import url_for
from markupsafe import Markup

from collector_app.web.maps.chart import BaseMap, Chart
from collector_app.web.maps.layers import _Layer
from collector_app.web.security import csp_nonce

SAFE = (Chart, BaseMap, _Layer, folium.FitBounds)


class UnsafeMap(ValueError):
    """Something on the map would write texts into HTML or load scripts from other hosts."""


@dataclass(frozen=True, slots=True)
class MapParts:
    """What goes into the blocks head and content, and behind the content.

    It may be shown in another request than the one that made it: the script gets the nonce of each.
    """

    head: Markup
    body: Markup
    code: Markup

    @property
    def script(self) -> Markup:
        """Return the script as the policy of this request lets it run."""
        return Markup('<script nonce="{}">{}</script>').format(csp_nonce(), self.code)


def embed(chart: Chart) -> MapParts:
    """Render a map without an iframe.

    Raises
    ------
    UnsafeMap
        When something was put on it that `collector_app.web.maps` did not make.
    """
    for element in _elements(chart):
        if not isinstance(element, SAFE):
            message = f"{type(element).__name__} is not safe on a map; see collector_app.web.maps"
            raise UnsafeMap(message)
    page = chart.get_root()
    page.render()
    # Deferred scripts and modules have run by DOMContentLoaded; htmx must not swap such a map in.
    code = (
        f'document.addEventListener("DOMContentLoaded",()=>{{{_squeezed(page.script.render())}}});'
    )
    return MapParts(
        head=Markup(_head(chart)),  # noqa: S704 - addresses of our own files
        body=Markup(page.html.render().strip()),  # noqa: S704 - the name is escaped in the template
        code=Markup(code),  # noqa: S704 - data went through json_for_script
    )


def _elements(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001 - branca has no other way to look
        yield from _elements(child)


def _head(chart: Chart) -> str:
    base = ("vendor/protomaps-leaflet/protomaps-leaflet.js",) if chart.has_base else ()
    links = [
        f'<link rel="stylesheet" href="{_url(name)}">'
        for name in ("vendor/leaflet/leaflet.css", "maps/maps.css")
    ]
    loads = [
        f'<script src="{_url(name)}" defer></script>'
        for name in ("vendor/leaflet/leaflet.js", *base)
    ]
    ours = f'<script src="{_url("maps/field_map.js")}" type="module"></script>'
    return "\n".join([*links, *loads, ours])


def _url(name: str) -> str:
    return url_for("static", filename=name)


def _squeezed(script: str) -> str:
    return "\n".join(line for raw in script.splitlines() if (line := raw.strip()))
