"""``python -m routing.travel.streets build EXTRACT PACK``: make a city pack from a map file."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from routing.errors import RoutingError
from routing.travel.streets.build import BuildStep, build_pack
from routing.travel.streets.pack import PackInfo, read_info


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    wanted = _parser().parse_args(arguments)
    try:
        info = (
            build_pack(wanted.extract, wanted.pack, _report, with_basemap=not wanted.without_map)
            if wanted.command == "build"
            else read_info(wanted.pack)
        )
    except RoutingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(_summary(info))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m routing.travel.streets")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="make a city pack from a map file")
    build.add_argument("extract", type=Path, help=".osm.pbf, .osm, .osm.gz or .osm.bz2")
    build.add_argument("pack", type=Path, help="folder of the pack, made or replaced")
    build.add_argument("--without-map", action="store_true", help="don't draw the offline map")
    info = commands.add_parser("info", help="say what a pack holds")
    info.add_argument("pack", type=Path)
    return parser


def _report(step: BuildStep, count: int) -> None:
    sys.stdout.write(f"{step.value} {count:,}\n" if count else f"{step.value}\n")
    sys.stdout.flush()


def _summary(info: PackInfo) -> str:
    shares = ", ".join(f"{profile} {share:.1%}" for profile, share in info.main_share.items())
    return (
        f"{info.name} ({info.version}) from {info.extract}\n"
        f"{info.street_km:,.0f} km of streets in {info.segment_count:,} segments\n"
        f"connected: {shares}\n"
        f"{info.attribution}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
