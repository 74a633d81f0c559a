"""The command that makes city packs."""

import pytest

from routing.travel.streets.__main__ import main
from tests.routing.travel.towns import grid


@pytest.fixture
def extract(tmp_path):
    """A town of nine blocks."""
    return grid(4, 4).write(tmp_path / "town.osm")


def test_building_reports_its_steps_and_what_it_made(extract, tmp_path, capsys):
    status = main(["build", str(extract), str(tmp_path / "city")])

    said = capsys.readouterr().out
    assert status == 0
    assert "hierarchy" in said
    assert "24 segments" in said
    assert "© OpenStreetMap contributors" in said
    assert (tmp_path / "city" / "basemap.pmtiles").stat().st_size > 0


def test_the_map_can_be_left_out(extract, tmp_path):
    main(["build", str(extract), str(tmp_path / "city"), "--without-map"])

    assert not (tmp_path / "city" / "basemap.pmtiles").exists()


def test_a_pack_can_be_asked_what_it_is(extract, tmp_path, capsys):
    main(["build", str(extract), str(tmp_path / "city"), "--without-map"])
    capsys.readouterr()

    status = main(["info", str(tmp_path / "city")])

    assert status == 0
    assert capsys.readouterr().out.startswith("city (")


@pytest.mark.parametrize("command", [["build", "none.osm.pbf", "city"], ["info", "nowhere"]])
def test_a_failure_is_one_line_and_a_status(command, capsys):
    assert main(command) == 1

    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert command[1] in said.err
