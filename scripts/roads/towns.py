"""Larger and larger extracts out of one: the same city laid side by side, joined by streets."""

from pathlib import Path

import osmium

_GAP_DEGREES = 0.002
_NODES_PER_COPY = 10**10  # above any id of OpenStreetMap, so that no two copies share one


def tile(extract: Path, times: int, output: Path) -> None:
    """Write `times` x `times` copies of the city into one extract, joined by primary roads.

    Ids are shifted copy by copy; restrictions follow their ways. What the copies have in common
    is what a larger extract of such cities would have: as many streets, junctions and names.
    """
    places = [
        (one.location.lat, one.location.lon)
        for one in osmium.FileProcessor(str(extract), osmium.osm.NODE)
    ]
    firsts = [
        one.nodes[0].ref
        for one in osmium.FileProcessor(str(extract), osmium.osm.WAY)
        if one.tags.get("highway") in {"primary", "secondary", "trunk"} and not one.is_closed()
    ]
    height, width = (max(axis) - min(axis) + _GAP_DEGREES for axis in zip(*places, strict=True))
    with osmium.SimpleWriter(str(output)) as writer:
        for kind in (osmium.osm.NODE, osmium.osm.WAY, osmium.osm.RELATION):
            for copy in range(times * times):
                row, column = divmod(copy, times)
                _copy(extract, kind, writer, copy * _NODES_PER_COPY, (row * height, column * width))
            if kind == osmium.osm.WAY:
                _join(writer, firsts[len(firsts) // 2], times * times)


def _copy(
    extract: Path,
    kind: osmium.osm.osm_entity_bits,
    writer: osmium.SimpleWriter,
    shift: int,
    offset: tuple[float, float],
) -> None:
    for one in osmium.FileProcessor(str(extract), kind):
        if kind == osmium.osm.NODE:
            place = (one.location.lon + offset[1], one.location.lat + offset[0])
            writer.add_node(one.replace(id=one.id + shift, location=place))
        elif kind == osmium.osm.WAY:
            refs = [node.ref + shift for node in one.nodes]
            writer.add_way(one.replace(id=one.id + shift, nodes=refs))
        else:
            members = [(member.type, member.ref + shift, member.role) for member in one.members]
            writer.add_relation(one.replace(id=one.id + shift, members=members))


def _join(writer: osmium.SimpleWriter, node: int, copies: int) -> None:
    for copy in range(copies - 1):
        refs = [node + copy * _NODES_PER_COPY, node + (copy + 1) * _NODES_PER_COPY]
        tags = {"highway": "primary", "name": "Carretera"}
        way = osmium.osm.mutable.Way(id=9 * 10**15 + copy, nodes=refs, tags=tags)
        writer.add_way(way)
