"""Areas as KML 2.2; a KMZ is a zip file with one inside."""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

import shapely
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from collector_app.studio.borders.area import Area
from collector_app.studio.borders.naming import COLLECTORS, collector_in, name_in
from collector_app.studio.borders.projection import to_degrees
from collector_app.studio.rules import BrokenBorders

NAMESPACE = "http://www.opengis.net/kml/2.2"
BOUNDARIES = ("outerBoundaryIs", "innerBoundaryIs")


def read_kml(data: bytes) -> list[Area]:
    """Return the placemarks that have polygons; entities and external texts are refused.

    Raises
    ------
    BrokenBorders, ForeignProjection
        With the number of the first placemark that can't be read.
    """
    try:
        root: ET.Element = fromstring(data, forbid_dtd=True)
    except (ET.ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise BrokenBorders(str(error), place="XML") from error
    return [
        area
        for n, placemark in enumerate(_below(root, "Placemark"), start=1)
        if (area := _area(placemark, f"Placemark {n}")) is not None
    ]


def write_kml(areas: Sequence[Area]) -> bytes:
    """Return areas as placemarks with their colours."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(f"{{{NAMESPACE}}}kml")
    document = _add(root, "Document")
    for one in areas:
        placemark = _add(document, "Placemark")
        _add(placemark, "name", one.name)
        if one.colour:
            red, green, blue = one.colour[1:3], one.colour[3:5], one.colour[5:7]
            style = _add(_add(placemark, "Style"), "PolyStyle")
            _add(style, "color", f"66{blue}{green}{red}")
        data = _add(_add(placemark, "ExtendedData"), "Data")
        data.set("name", COLLECTORS[0])
        _add(data, "value", one.collector or "")
        shapes = _add(placemark, "MultiGeometry")
        for polygon in shapely.get_parts(one.shape):
            _write_polygon(shapes, polygon)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _area(placemark: ET.Element, place: str) -> Area | None:
    polygons = [_polygon(one, place) for one in _below(placemark, "Polygon")]
    if not polygons:
        return None
    told = {
        str(one.get("name")): (value.text or "").strip()
        for one in _below(placemark, "Data")
        for value in _below(one, "value")
    }
    told |= {str(one.get("name")): (one.text or "") for one in _below(placemark, "SimpleData")}
    name = next((one.text for one in placemark if _is(one, "name") and one.text), "")
    return Area(
        name=name_in({"name": name}) or name_in(told),
        shape=to_degrees(shapely.MultiPolygon(polygons), ""),
        place=place,
        collector=collector_in(told),
    )


def _polygon(element: ET.Element, place: str) -> shapely.Polygon:
    outer, inner = (
        [
            _ring(coordinates.text or "", place)
            for side in _below(element, boundary)
            for coordinates in _below(side, "coordinates")
        ]
        for boundary in BOUNDARIES
    )
    if len(outer) != 1:
        raise BrokenBorders(place=place)
    try:
        return shapely.Polygon(outer[0], inner)
    except (shapely.GEOSException, ValueError) as error:
        raise BrokenBorders(str(error), place=place) from error


def _ring(text: str, place: str) -> list[tuple[float, float]]:
    try:
        corners = [tuple(map(float, corner.split(",")[:2])) for corner in text.split()]
        return [(lon, lat) for lon, lat in corners]
    except ValueError as error:
        raise BrokenBorders(str(error), place=place) from error


def _below(element: ET.Element, tag: str) -> Iterator[ET.Element]:
    """Yield the elements of a name below another, whatever version of KML names them."""
    return (one for one in element.iter() if _is(one, tag))


def _is(element: ET.Element, tag: str) -> bool:
    return isinstance(element.tag, str) and element.tag.rpartition("}")[2] == tag


def _add(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    element.text = text
    return element


def _write_polygon(parent: ET.Element, polygon: shapely.Polygon) -> None:
    element = _add(parent, "Polygon")
    for side, rings in zip(BOUNDARIES, ([polygon.exterior], polygon.interiors), strict=True):
        for ring in rings:
            text = " ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in ring.coords)
            _add(_add(_add(element, side), "LinearRing"), "coordinates", text)
