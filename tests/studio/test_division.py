from dataclasses import replace

import pytest

from collector_app.studio.editing import effect_of
from collector_app.studio.figures import measure
from collector_app.studio.grounds import Land
from collector_app.studio.places import Places
from collector_app.studio.rules import (
    Barrier,
    BindClients,
    DayTooShort,
    DivideAll,
    DivideByHours,
    DraftState,
    DraftZone,
    Edit,
    EditKind,
    Effect,
    History,
    MoveClients,
    NothingToEven,
    Rebalance,
    Strength,
)
from collector_app.zones.colours import PALETTE
from collector_app.zones.rules import BadZoneCount, NobodyToPlace
from routing.geo import Point

# Twenty columns of five clients, a hundred metres apart: the western six columns in zone 1.
CLIENTS = [
    (column * 5 + row, Point(-29.90 - row * 0.001, -71.25 + column * 0.001))
    for column in range(20)
    for row in range(5)
]
PLACES = Places.of(CLIENTS, {})
WEST = DraftZone(1, "Poniente", PALETTE[0], collector_id=7)
MIDDLE = DraftZone(2, "Centro", PALETTE[1], collector_id=8)
EAST = DraftZone(3, "Oriente", PALETTE[2])
START = DraftState(
    {1: WEST, 2: MIDDLE, 3: EAST}, {n: 1 if n < 30 else 2 if n < 40 else 3 for n in range(100)}
)


def locked(key):
    return DraftState(
        {**START.zones, key: replace(START.zones[key], is_locked=True)}, START.zone_of
    )


def after(order, state=START, by_hand=None, land=None):
    return state.after(effect_of(order, state, PLACES, by_hand, land or Land()))


def figures(state):
    return measure(state, START, PLACES)


def test_clients_are_divided_into_as_many_even_zones_as_asked():
    state = after(DivideAll(5))

    assert len(figures(state).zones) == 5
    assert figures(state).imbalance < 0.05
    assert all(zone.pieces == 1 for zone in figures(state).zones)


def test_new_zones_go_on_from_those_that_hold_most_of_their_clients():
    state = after(DivideAll(4))

    assert {1, 2, 3} < set(state.zones)
    assert state.zones[1] == WEST
    assert state.zone_of[0] == 1
    assert state.zone_of[30] == 2


def test_zones_that_none_goes_on_from_end():
    state = after(DivideAll(2))

    assert set(state.zones) == {1, 3}


def test_a_locked_zone_stays_when_the_others_are_divided_anew():
    state = after(DivideAll(4), locked(2))

    assert state.members(2) == START.members(2)
    assert len(state.zones) == 4


def test_when_all_zones_asked_for_are_locked_everybody_else_makes_up_one_more():
    effect = effect_of(DivideAll(1), locked(2), PLACES)
    state = locked(2).after(effect)

    assert state.members(2) == START.members(2)
    assert len(state.zones) == 2
    assert effect.asked == 1


def test_when_everybody_is_in_a_locked_zone_nothing_can_be_divided():
    state = replace(START, zone_of=dict.fromkeys(range(100), 2), zones={2: START.zones[2]})
    state = state.after(Effect(zones=(replace(START.zones[2], is_locked=True),)))

    with pytest.raises(NothingToEven):
        effect_of(DivideAll(3), state, PLACES)


def test_whole_colonias_stay_together():
    colonia_of = {n: f"/Colonia {n // 10}" for n in range(100)}

    state = after(DivideAll(4, whole_colonias=True), land=Land(colonia_of=colonia_of))

    assert all(len({state.zone_of[n] for n in range(c, c + 10)}) == 1 for c in range(0, 100, 10))


def test_as_few_zones_as_keep_each_below_the_hours():
    whole_day_h = float(PLACES.minutes.sum()) / 60 / 22

    state = after(DivideByHours(whole_day_h / 2.5))

    assert len(state.zones) == 3
    assert max(zone.day_h for zone in figures(state).zones) <= whole_day_h / 2.5


def test_hours_that_one_location_alone_passes_are_refused_with_those_it_asks():
    with pytest.raises(DayTooShort) as refusal:
        after(DivideByHours(float(PLACES.minutes.max()) / 60 / 22 * 0.9))

    assert refusal.value.facts["heaviest"] == pytest.approx(PLACES.minutes.max() / 1320, abs=0.06)


def test_a_count_that_cannot_be_drawn_is_refused():
    for count in (0, 201):
        with pytest.raises(BadZoneCount):
            after(DivideAll(count))
    with pytest.raises(NobodyToPlace):
        effect_of(DivideAll(1), START, Places.of([], {}))


def test_more_zones_than_locations_become_one_for_each_and_the_wish_is_remembered():
    effect = effect_of(DivideAll(150), START, PLACES)

    assert sorted(len(START.after(effect).members(key)) for key in START.after(effect).zones) == (
        [1] * 100
    )
    assert effect.asked == 150


def test_zones_are_made_even_with_the_fewest_moves():
    state = after(Rebalance())

    assert figures(state).imbalance < 0.06
    # 30, 10 and 60 clients become 33 each: no fewer than 26 or so can move.
    assert sum(state.zone_of[n] != START.zone_of[n] for n in range(100)) <= 35


def test_what_was_moved_by_hand_stays_when_zones_are_made_even():
    by_hand = {99: 1, 98: 1}
    moved = after(MoveClients((98, 99), 1))

    state = after(Rebalance(), moved, by_hand)

    assert state.zone_of[98] == state.zone_of[99] == 1
    assert figures(state).imbalance < 0.06


def test_locked_zones_neither_give_nor_take_when_zones_are_made_even():
    state = after(Rebalance(), locked(1))

    assert state.members(1) == START.members(1)
    assert len(state.members(2)) == pytest.approx(35, abs=3)


def test_a_lock_that_stands_against_balance_is_told():
    state = after(Rebalance(), locked(3))

    assert [len(state.members(key)) for key in (1, 2)] == pytest.approx([20, 20], abs=2)
    assert [zone.zone.key for zone in figures(state).zones if zone.is_lock_in_the_way] == [3]


def test_even_zones_are_left_alone():
    even = after(Rebalance())

    with pytest.raises(NothingToEven):
        after(Rebalance(), even)


def test_a_zone_in_two_pieces_is_told():
    state = after(MoveClients((0, 1, 2, 3, 4), 3))

    assert {zone.zone.key: zone.pieces for zone in figures(state).zones} == {1: 1, 2: 1, 3: 2}


def test_a_locked_zone_between_the_pieces_of_another_is_named():
    state = locked(2).after(Effect(gone=(3,), moved=dict.fromkeys(range(40, 100), 1)))

    by_key = {zone.zone.key: zone for zone in figures(state).zones}
    assert by_key[1].pieces == 2
    assert by_key[1].parted_by == ("Centro",)
    assert by_key[2].parted_by == ()


def test_pieces_that_no_lock_parts_name_no_zone():
    state = after(MoveClients((0, 1, 2, 3, 4), 3))

    assert figures(state).zones[2].parted_by == ()


def test_a_lock_across_the_town_leaves_even_zones_and_names_what_parts_them():
    shown = figures(after(DivideAll(3), locked(2))).zones

    assert [zone.clients for zone in shown] == pytest.approx([45, 10, 45], abs=2)
    parted = [zone for zone in shown if zone.pieces > 1]
    assert [zone.parted_by for zone in parted] == [("Centro",)]


def test_what_people_did_by_hand_is_forgotten_once_all_is_divided_anew():
    edits = [
        Edit(1, EditKind.MOVE, effect_of(MoveClients((1,), 3), START, PLACES)),
        Edit(2, EditKind.DIVIDE),
        Edit(3, EditKind.MOVE, effect_of(MoveClients((2,), 3), START, PLACES)),
    ]

    assert History(tuple(edits)).by_hand() == {2: 3}
    assert History(tuple(edits[:1])).by_hand() == {1: 3}


# What collectors can take and where they set off, whom they keep, what zones do not cross


def strength(hours: float, lon: float = -71.24) -> Strength:
    return Strength("Rosa", hours, (-29.90, lon))


def test_who_works_half_the_hours_gets_half_the_work():
    land = Land(strengths={7: strength(80), 8: strength(160)})

    for order in (DivideAll(3), Rebalance()):
        state = after(order, land=land)
        zones = {one.zone.key: one for one in measure(state, START, PLACES, land).zones}

        # 80, 160 and, for nobody in charge, their mean: 2, 4 and 3 parts of nine.
        assert zones[1].month_h == pytest.approx(zones[2].month_h / 2, rel=0.15)
        assert zones[1].use == pytest.approx(zones[2].use, rel=0.15)
        assert all(abs(one.share - 1) < 0.08 for one in zones.values())


def test_each_zone_lies_around_the_place_where_its_collector_sets_off():
    east_and_west = Land(strengths={7: strength(160, -71.232), 8: strength(160, -71.249)})
    two = DraftState({1: WEST, 2: MIDDLE}, {n: 1 if n < 50 else 2 for n in range(100)})

    state = after(DivideAll(2, around_starts=True), two, land=east_and_west)

    assert state.zone_of[99] == 1  # Rosa of zone 1 lives in the east now
    assert state.zone_of[0] == 2


def test_bound_clients_stay_with_their_collector_and_others_make_up_for_them():
    bound = after(BindClients((95, 96, 97, 98, 99), 1))

    for order in (DivideAll(3), Rebalance()):
        state = after(order, bound)

        assert {state.zone_of[n] for n in range(95, 100)} == {1}
        assert measure(state, START, PLACES).imbalance < 0.08
        assert all(zone.pieces == 1 for zone in measure(state, START, PLACES).zones)


def test_zones_do_not_cross_a_barrier():
    river = Barrier("Río", (((-29.80, -71.2455), (-30.00, -71.2455)),))  # after column 4
    state = START.after(effect_of(DivideAll(2), START, PLACES))
    parted = replace(START, barriers=(river,))
    free_cut = {n // 5 for n in range(100) if state.zone_of[n] == state.zone_of[0]}

    divided = after(DivideAll(4), parted)

    west = {divided.zone_of[n] for n in range(25)}
    east = {divided.zone_of[n] for n in range(25, 100)}
    assert len(free_cut) == 10  # without it the cut runs through the middle
    assert not west & east


def test_a_barrier_that_has_to_be_crossed_is_told():
    river = Barrier("Río", (((-29.80, -71.2455), (-30.00, -71.2455)),))

    assert measure(replace(START, barriers=(river,)), START, PLACES).kept_crossings == 1
