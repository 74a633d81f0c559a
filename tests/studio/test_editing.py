import numpy as np
import pytest

from collector_app.core.errors import NotFound
from collector_app.studio.editing import effect_of
from collector_app.studio.figures import measure
from collector_app.studio.grounds import NO_LAND, Land, shapes
from collector_app.studio.places import Places
from collector_app.studio.rules import (
    NEW_ZONE,
    AssignCollector,
    BarStreet,
    BindClients,
    DraftState,
    DraftZone,
    DrawBarrier,
    FreeClients,
    LiftBarrier,
    LockZone,
    MergeZones,
    MoveClients,
    NoSuchStreet,
    NothingToFree,
    NothingToMove,
    PlaceStrangers,
    RedrawZone,
    RenameZone,
    SplitZone,
    ZoneLocked,
    ZoneTooSmall,
)
from collector_app.zones.colours import PALETTE
from routing.geo import Point
from routing.travel.streets.pack import open_pack

# Two rows of ten clients a hundred metres apart, the northern ones in zone 1; client 20 is nowhere.
CLIENTS = [
    (row * 10 + n, Point(-29.90 - row * 0.01, -71.25 + n * 0.001))
    for row in (0, 1)
    for n in range(10)
] + [(20, Point(-29.9105, -71.2501))]
PLACES = Places.of(CLIENTS, dict.fromkeys(range(21), 100000))
START = DraftState(
    {1: DraftZone(1, "Norte", PALETTE[0], 7), 2: DraftZone(2, "Sur", PALETTE[1])},
    {n: 1 + n // 10 for n in range(20)},
)
LOCKED = START.after(effect_of(LockZone(2, is_locked=True), START, PLACES))


def after(order, state=START):
    return state.after(effect_of(order, state, PLACES))


def test_chosen_clients_join_a_zone():
    assert after(MoveClients((0, 1, 10), 2)).members(2) == [0, 1, *range(10, 20)]


def test_chosen_clients_can_make_up_a_new_zone_of_another_colour():
    state = after(MoveClients((0, 1), NEW_ZONE))

    assert state.members(3) == [0, 1]
    assert state.zones[3].colour not in (PALETTE[0], PALETTE[1])
    assert state.zones[3].collector_id is None


def test_clients_of_a_locked_zone_stay_where_they_are():
    assert after(MoveClients((0, 10), NEW_ZONE), LOCKED).zone_of[10] == 2
    with pytest.raises(NothingToMove):
        after(MoveClients((10,), 1), LOCKED)


def test_a_locked_zone_takes_nobody():
    with pytest.raises(ZoneLocked) as refusal:
        after(MoveClients((0,), 2), LOCKED)

    assert refusal.value.facts == {"zone": "Sur"}


def test_clients_and_zones_that_the_draft_does_not_have_are_not_found():
    for order in (MoveClients((99,), 1), MoveClients((1,), 9), SplitZone(9), LockZone(9, True)):
        with pytest.raises(NotFound):
            after(order)


def test_a_merged_zone_ends_and_its_clients_join_the_other():
    state = after(MergeZones(1, into=2))

    assert set(state.zones) == {2}
    assert len(state.members(2)) == 20


def test_a_zone_can_not_be_merged_with_itself_or_with_a_locked_one():
    with pytest.raises(NothingToMove):
        after(MergeZones(1, into=1))
    with pytest.raises(ZoneLocked):
        after(MergeZones(1, into=2), LOCKED)


def test_a_split_makes_two_zones_of_even_work():
    state = after(SplitZone(1))

    halves = [sum(PLACES.minutes[PLACES.row_of[one]] for one in state.members(k)) for k in (1, 3)]
    assert halves[0] == pytest.approx(halves[1], rel=0.25)
    assert sorted(state.members(1) + state.members(3)) == list(range(10))


def test_the_halves_of_a_split_hang_together_among_all_clients():
    # Two long columns of zone 1, joined at their foot, and one of zone 2 between them: the nearest
    # clients of a column are those of the other one across zone 2, but nothing joins them there.
    column = [
        (100 * x + y, Point(-29.90 + y * 0.001, -71.25 + x * 0.0004))
        for x in range(3)
        for y in range(12)
    ]
    foot = [(300 + x, Point(-29.901, -71.25 + x * 0.0004)) for x in range(3)]
    places = Places.of(column + foot, {client: 100_000 for client, _point in column + foot})
    zone_of = {client: 2 if 100 <= client < 200 else 1 for client, _point in column + foot}
    state = DraftState(START.zones, zone_of)

    split = state.after(effect_of(SplitZone(1), state, places))

    other = max(split.zones)
    assert split.members(2) == state.members(2)
    assert {key: lie.pieces for key, lie in shapes(split, places, NO_LAND).items()} == {
        1: 1,
        2: 1,
        other: 1,
    }
    assert abs(len(split.members(1)) - len(split.members(other))) <= 1


def test_clients_of_one_spot_can_not_be_split():
    spot = Places.of([(1, Point(-29.9, -71.2)), (2, Point(-29.9, -71.2))], {})
    state = DraftState({1: DraftZone(1, "Norte", PALETTE[0])}, {1: 1, 2: 1})

    with pytest.raises(ZoneTooSmall):
        effect_of(SplitZone(1), state, spot)


def ring(south, west, north, east):
    return [(south, west), (south, east), (north, east), (north, west)]


def test_a_border_drawn_by_hand_takes_who_is_inside_and_gives_away_who_is_outside():
    # Half of both rows: the eastern half of the north leaves, the western half of the south joins.
    state = after(RedrawZone(1, ring(-29.9101, -71.2505, -29.8995, -71.24551)))

    assert state.members(1) == [*range(5), *range(10, 15)]
    assert state.members(2) == [*range(5, 10), *range(15, 20)]


def test_a_border_that_crosses_itself_is_read_as_what_it_encloses():
    bow = [(-29.8995, -71.2505), (-29.9005, -71.2405), (-29.8995, -71.2405), (-29.9005, -71.2505)]

    state = after(RedrawZone(2, bow))

    assert set(state.members(2)) & set(range(10)) != set()


def test_a_border_takes_nobody_out_of_a_locked_zone():
    with pytest.raises(NothingToMove):
        after(RedrawZone(1, ring(-29.9101, -71.2505, -29.8995, -71.2400)), LOCKED)


def test_clients_without_zone_join_that_of_their_nearest_neighbour():
    assert after(PlaceStrangers()).zone_of[20] == 2
    with pytest.raises(NothingToMove):
        after(PlaceStrangers(), after(PlaceStrangers()))


def test_strangers_join_no_locked_zone():
    assert after(PlaceStrangers(), LOCKED).zone_of[20] == 1


def test_a_zone_gets_a_name_and_a_collector():
    state = after(AssignCollector(2, 8), after(RenameZone(2, "Puerto")))

    assert (state.zones[2].name, state.zones[2].collector_id) == ("Puerto", 8)


# Figures


def test_figures_are_sums_over_the_clients():
    figures = measure(START, START, PLACES)
    north, south = figures.zones

    assert (north.clients, south.clients, figures.without_zone) == (10, 10, 1)
    assert north.month_h == pytest.approx(PLACES.minutes[:10].sum() / 60)
    assert north.month_km == pytest.approx(PLACES.metres[:10].sum() / 1000)
    assert north.overdue_cents == 1_000_000
    assert north.day_h == pytest.approx(north.month_h / 22)
    assert figures.imbalance == pytest.approx(max(north.share, south.share) - 1)


def test_figures_say_who_moved_since_the_beginning():
    figures = measure(after(MoveClients((0, 1, 20), 2)), START, PLACES)

    assert figures.moved == 3
    assert [zone.arrived for zone in figures.zones] == [0, 3]
    assert figures.without_zone == 0


def test_a_draft_without_zones_has_figures():
    figures = measure(DraftState({}, {}), START, PLACES)

    assert figures.zones == ()
    assert (figures.imbalance, figures.without_zone) == (0.0, 21)


def test_places_read_what_they_wrote():
    again = Places.from_json(PLACES.as_json())

    for name in ("ids", "degrees", "minutes", "metres", "cents"):
        assert np.array_equal(getattr(again, name), getattr(PLACES, name)), name


def test_bound_clients_join_the_zone_and_stay_when_others_are_moved_or_it_is_split():
    state = after(BindClients((0, 1, 19), 1))

    assert state.zone_of[19] == 1
    assert state.bound == {0, 1, 19}
    with pytest.raises(NothingToMove):
        after(MoveClients((0, 1), 2), state)
    with pytest.raises(NothingToMove):
        after(BindClients((0,), 1), state)
    assert after(SplitZone(1), state).zone_of[19] == 1


def test_bound_clients_make_no_piece_of_their_zone():
    east = after(
        MoveClients((0, 1, 2, 3, 4), 2)
    )  # leaves 5 to 9 in zone 1; 10 lies far in the west
    loose, bound = after(MoveClients((10,), 1), east), after(BindClients((10,), 1), east)

    assert measure(loose, START, PLACES).zones[0].pieces == 2
    figures = measure(bound, START, PLACES).zones[0]
    assert (figures.pieces, figures.bound) == (1, 1)


def test_who_is_freed_can_be_moved_again():
    state = after(FreeClients((0, 5)), after(BindClients((0, 1), 1)))

    assert state.bound == {1}
    assert after(MoveClients((0,), 2), state).zone_of[0] == 2
    with pytest.raises(NothingToFree):
        after(FreeClients((0, 5)), state)


def test_barriers_are_drawn_and_lifted():
    state = after(DrawBarrier("Río", ((-29.9, -71.2), (-29.8, -71.2))))
    state = after(DrawBarrier("Canal", ((-29.9, -71.1), (-29.8, -71.1))), state)

    assert [one.name for one in state.barriers] == ["Río", "Canal"]
    assert [one.name for one in after(LiftBarrier(0), state).barriers] == ["Canal"]
    assert DraftState.from_json(state.as_json()) == state
    with pytest.raises(NotFound):
        after(LiftBarrier(2), state)


def test_a_street_becomes_a_barrier_by_its_name(addressed_pack):
    land = Land(open_pack(addressed_pack))

    effect = effect_of(BarStreet("avenida de los INSURGENTES"), START, PLACES, land=land)

    assert [one.name for one in effect.barriers] == ["Avenida de los Insurgentes"]
    assert all(len(line) >= 2 for line in effect.barriers[0].lines)
    with pytest.raises(NoSuchStreet) as refusal:
        effect_of(BarStreet("insurgentes"), START, PLACES, land=land)
    assert refusal.value.facts["near"] == "Avenida de los Insurgentes"
    with pytest.raises(NoSuchStreet):
        after(BarStreet("Insurgentes"))  # there is no city
