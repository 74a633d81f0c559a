"""flask city, as somebody types it."""

import pytest

from tests.city.test_packs import TOWN


@pytest.fixture
def run(app, tmp_path):
    before, app.instance_path = app.instance_path, str(tmp_path)
    runner = app.test_cli_runner()
    yield lambda *words: runner.invoke(args=["city", *words])
    app.instance_path = before


def test_a_city_is_built_put_into_use_and_listed(run, tmp_path):
    extract = tmp_path / "Mi_Pueblo.osm"
    extract.write_text(TOWN)

    built = run("build", str(extract))
    listed = run("list")

    assert built.exit_code == 0, built.output
    assert "mi_pueblo" in built.output
    assert "mi_pueblo" in listed.output
    assert (tmp_path / "cities" / "in_use").read_text() == "mi_pueblo"
    assert (tmp_path / "cities" / "mi_pueblo" / "basemap.pmtiles").stat().st_size > 100


@pytest.mark.parametrize("content", ["", "<osm></osm>", "hello"])
def test_a_file_that_is_no_map_leaves_the_city_in_use_as_it_was(run, tmp_path, content):
    good, bad = tmp_path / "good.osm", tmp_path / "bad.osm"
    good.write_text(TOWN)
    bad.write_text(content)
    run("build", str(good))

    answer = run("build", str(bad))

    assert answer.exit_code == 1
    assert "bad.osm" in answer.output
    assert (tmp_path / "cities" / "in_use").read_text() == "good"
    assert not (tmp_path / "cities" / "bad").exists()


def test_a_missing_file_is_named(run):
    answer = run("build", "nowhere.osm.pbf")

    assert answer.exit_code == 1
    assert "nowhere.osm.pbf" in answer.output


def test_without_cities_the_list_says_how_to_make_one(run):
    assert "flask city build" in run("list").output


def test_choosing_a_city_says_when_the_settings_name_another(run, app, tmp_path):
    for name in ("one", "other"):
        (tmp_path / f"{name}.osm").write_text(TOWN)
        run("build", str(tmp_path / f"{name}.osm"))
    app.config["CITY"] = "one"

    answers = run("use", "other"), run("use", "one")
    app.config["CITY"] = ""

    assert [answer.exit_code for answer in answers] == [1, 0]
    assert "COLLECTOR_CITY" in answers[0].output
