"""Locked zones in a cold division, edits by hand measured alone, and the numbers of today kept."""

import json
from dataclasses import replace

import pytest

from routing.__main__ import main
from routing.errors import InvalidProblem
from routing.zoning import Ground, ZoneWish, propose, relabelled
from tests.routing.test_zoning_wishes import pieces_by_walking, town


def members(zone_of: dict[str, int], zone: int) -> set[str]:
    return {one for one, its in zone_of.items() if its == zone}


def test_a_cold_division_leaves_a_locked_zone_as_it_is_and_evens_the_others():
    ground = Ground(town(1200))
    today = ground.propose(5).zone_of
    wishes = [ZoneWish(is_locked=n == 2) for n in range(5)]

    zoning = ground.propose(5, wishes=wishes, seed=7, today=today)

    assert members(zoning.zone_of, 2) == members(today, 2)
    assert zoning.imbalance <= 0.02
    assert set(pieces_by_walking(ground, zoning.zone_of).values()) == {1}


def test_a_locked_zone_far_too_heavy_is_named_with_what_to_do_and_the_rest_is_divided():
    ground = Ground(town(900))
    today = ground.propose(3).zone_of
    heavy = {one: 0 if zone == 1 else zone for one, zone in today.items()}
    wishes = [ZoneWish(is_locked=True), ZoneWish(), ZoneWish()]

    zoning = ground.propose(3, wishes=wishes, today=heavy)

    assert members(zoning.zone_of, 0) == members(heavy, 0)
    assert any("unlock one of 0" in warning for warning in zoning.warnings)
    rest = [figures.weight for figures in zoning.figures[1:]]
    assert rest[0] == pytest.approx(rest[1], rel=0.02)


def test_when_everything_is_locked_everybody_stays():
    ground = Ground(town(300))
    today = ground.propose(3).zone_of

    zoning = ground.propose(3, wishes=[ZoneWish(is_locked=True)] * 3, seed=9, today=today)

    assert zoning.zone_of == today


def test_half_shifts_take_half_beside_a_lock():
    ground = Ground(town(1500))
    today = ground.propose(4).zone_of
    wishes = [ZoneWish(is_locked=True), ZoneWish(0.5), ZoneWish(), ZoneWish()]

    weight = [one.weight for one in ground.propose(4, wishes=wishes, today=today).figures]

    assert weight[1] / weight[2] == pytest.approx(0.5, rel=0.05)


def test_the_half_shift_keeps_its_number_when_zones_are_named_as_today():
    ground = Ground(town(1200))
    today = {one: 2 - zone for one, zone in ground.propose(3).zone_of.items()}
    wishes = [ZoneWish(0.5), ZoneWish(), ZoneWish()]

    zoning = relabelled(ground, ground.propose(3, wishes=wishes), today)

    weight = [figures.weight for figures in zoning.figures]
    assert weight[0] / weight[1] == pytest.approx(0.5, rel=0.05)


def test_the_figures_after_an_edit_are_those_of_the_whole_measured_anew():
    ground = Ground(town(800))
    zoning = ground.propose(6)
    moves = dict.fromkeys([one for one, zone in zoning.zone_of.items() if zone == 4][:15], 1)

    edited = ground.edited(zoning, moves)

    assert edited == ground.assess(zoning.zone_of | moves, 6)


def test_an_edit_knows_who_left_their_zone_of_today():
    ground = Ground(town(400))
    today = ground.propose(2).zone_of
    zoning = ground.assess(today, 2, today=today)

    edited = ground.edited(ground.edited(zoning, {"3": 1 - today["3"]}), {"9": 1 - today["9"]})

    assert edited.moved == pytest.approx(2 / 400)


def test_a_zone_can_be_emptied_by_hand_and_is_named():
    ground = Ground(town(60))
    zoning = ground.propose(3)

    emptied = ground.edited(zoning, dict.fromkeys(members(zoning.zone_of, 2), 0))

    assert emptied.figures[2].places == 0
    assert any("zone 2 has no place" in warning for warning in emptied.warnings)


@pytest.mark.parametrize(
    ("moves", "named"), [({"nobody": 0}, "no such place"), ({"1": 4}, "expected 0 to 1, got 4")]
)
def test_a_faulty_edit_is_named(moves, named):
    ground = Ground(town(40))

    with pytest.raises(InvalidProblem, match=named):
        ground.edited(ground.propose(2), moves)


def test_an_edit_of_zones_that_no_ground_made_is_refused():
    ground = Ground(town(40))
    bare = replace(ground.propose(2), basis=None)

    with pytest.raises(InvalidProblem, match="that this ground made"):
        ground.edited(bare, {"1": 0})


def test_few_clients_with_uneven_money_are_even_in_both_loads():
    for seed in range(4):
        zoning = propose(town(900, seed=seed), 6)

        assert zoning.imbalance <= 0.01
        assert zoning.value_imbalance <= 0.03
        assert zoning.pieces == 1


def written(folder, places, today, wishes):
    document = {
        "wishes": wishes,
        "places": [
            {
                "id": one.id,
                "point": one.point._asdict(),
                "weight": one.weight,
                "today": today[one.id],
            }
            for one in places
        ],
    }
    file = folder / "places.json"
    file.write_text(json.dumps(document), "utf-8")
    return file


def test_beside_todays_zones_made_even_stands_a_cold_division_of_the_same_numbers(tmp_path, capsys):
    places = town(400)
    today = propose(places, 4, wishes=[ZoneWish(1.0), *[ZoneWish(0.9)] * 3]).zone_of
    file = written(tmp_path, places, today, [{}] * 4)

    assert main(["zone", str(file)]) == 0

    kept = json.loads(capsys.readouterr().out)
    cold = kept["alternative"]
    assert 0 < kept["moved"] <= cold["moved"] < 0.75
    for one in (kept, cold):
        assert one["imbalance"] <= 0.02
        assert one["mean_distance_m"] == pytest.approx(
            sum(zone["weight"] * zone["mean_distance_m"] for zone in one["zones"])
            / sum(zone["weight"] for zone in one["zones"])
        )
        assert one["tour_m"] == pytest.approx(sum(zone["tour_m"] for zone in one["zones"]))

    assert main(["zone", str(file), "--alone"]) == 0
    assert "alternative" not in json.loads(capsys.readouterr().out)


def test_cold_from_the_command_line_keeps_a_locked_zone(tmp_path, capsys):
    places = town(200)
    today = propose(places, 3).zone_of
    file = written(tmp_path, places, today, [{"locked": True}, {}, {"capacity": 0.5}])

    assert main(["zone", str(file), "--cold"]) == 0

    zones = json.loads(capsys.readouterr().out)["zones"]
    assert set(zones[0]["place_ids"]) == members(today, 0)
