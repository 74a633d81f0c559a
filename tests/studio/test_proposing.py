from datetime import date
from random import Random
from zoneinfo import ZoneInfo

import pytest
from shapely.geometry import Point as PlanePoint
from shapely.geometry import shape

from collector_app.portfolio.models import Client
from collector_app.studio.grounds import NO_LAND
from collector_app.studio.places import Places
from collector_app.studio.proposing import ProposalWish, draw_proposal, drawn
from collector_app.studio.rules import Barrier, DivideAll, DraftState, FarBarrier, NoSuchStreet
from collector_app.zones.colours import PALETTE
from collector_app.zones.queries import LocatedClient
from collector_app.zones.rules import BadZoneCount, NobodyToPlace
from collector_app.zones.territories import Drawing
from routing.geo import Point
from routing.travel.streets.pack import open_pack
from tests.factories import make_client, make_user
from tests.planning.factories import HOUR_S, make_workday
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")

TODAY = date(2026, 3, 10)
NO_ZONES = DraftState({}, {})


def town(count: int, seed: int = 7) -> list[LocatedClient]:
    """Clients around two centres, La Serena in the north and Coquimbo in the south."""
    dice = Random(seed)
    return [
        LocatedClient(
            id=1000 + n,
            name=f"Clienta {n}",
            lat=dice.gauss(-29.905 if n % 3 else -29.96, 0.012),
            lon=dice.gauss(-71.25 if n % 3 else -71.33, 0.012),
            neighbourhood="Centro" if n % 3 else "Puerto",
            municipality="La Serena" if n % 3 else "Coquimbo",
        )
        for n in range(count)
    ]


def draw(clients: list[LocatedClient], zones: int, seed: int = 1) -> Drawing:
    """Zones over clients who have none yet and owe nothing."""
    places = Places.of([(one.id, Point(one.lat, one.lon)) for one in clients], {})
    return drawn(ProposalWish(DivideAll(zones), seed=seed), NO_ZONES, places, NO_LAND, clients)


@pytest.fixture(scope="module")
def drawing():
    return draw(town(300), 5, seed=3)


def test_every_client_is_in_exactly_one_zone(drawing):
    placed = [client_id for zone in drawing.zones for client_id in zone.client_ids]

    assert sorted(placed) == [client.id for client in town(300)]


def test_zones_are_even_and_in_one_piece(drawing):
    figures = drawing.figures()

    assert figures["zones"] == 5
    assert figures["imbalance"] < 0.10
    assert figures["broken"] == 0


def test_shares_are_of_the_mean(drawing):
    assert sum(zone.share for zone in drawing.zones) == pytest.approx(5)
    hours = [zone.month_h for zone in drawing.zones]
    assert drawing.zones[0].share == pytest.approx(hours[0] / (sum(hours) / 5))


def test_zones_are_numbered_from_north_to_south_and_named_after_their_neighbourhood(drawing):
    clients = {client.id: client for client in town(300)}
    middles = [
        sum(clients[one].lat for one in zone.client_ids) / len(zone.client_ids)
        for zone in drawing.zones
    ]

    assert middles == sorted(middles, reverse=True)
    assert [zone.name.split(" · ")[0] for zone in drawing.zones] == [
        f"Zona {n}" for n in range(1, 6)
    ]
    assert {zone.name.split(" · ")[1] for zone in drawing.zones} == {"Centro", "Puerto"}


def test_outlines_have_longitude_first_and_hold_nearly_all_of_their_clients(drawing):
    clients = {client.id: client for client in town(300)}

    inside = sum(
        shape(zone.outline).covers(PlanePoint(clients[one].lon, clients[one].lat))
        for zone in drawing.zones
        for one in zone.client_ids
    )

    assert inside >= 0.95 * 300


def test_the_same_seed_draws_the_same_zones(drawing):
    assert draw(town(300), 5, seed=3) == drawing


def test_colours_come_from_the_palette(drawing):
    assert {zone.colour for zone in drawing.zones} <= set(PALETTE)


def test_one_client_makes_one_zone():
    (zone,) = draw(town(1), 1).zones

    assert zone.client_ids == (1000,)
    assert zone.pieces == 1


def neighbours_at(number: int, lon: float) -> list[LocatedClient]:
    return [LocatedClient(number + n, "Clienta", -29.9, lon, None, None) for n in range(4)]


def test_clients_behind_one_door_stay_together():
    zones = draw([*neighbours_at(1, -71.25), *neighbours_at(11, -71.26)], 2).zones

    assert sorted(zone.client_ids for zone in zones) == [(1, 2, 3, 4), (11, 12, 13, 14)]
    assert [zone.name for zone in zones] == ["Zona 1", "Zona 2"]


def test_one_door_is_one_zone_however_many_were_asked_for():
    drawing = draw(neighbours_at(1, -71.25), 2)

    assert len(drawing.zones) == 1
    assert drawing.figures()["asked"] == 2


@pytest.mark.parametrize(
    ("count", "zone_count", "refusal"), [(0, 1, NobodyToPlace), (3, 0, BadZoneCount)]
)
def test_what_cannot_be_drawn_is_refused(count, zone_count, refusal):
    with pytest.raises(refusal):
        draw(town(count), zone_count)


# From the rows of the company


def members(drawing: Drawing) -> dict[int, set[int]]:
    return {zone.collector_id: set(zone.client_ids) for zone in drawing.zones}


def row_of_clients(session, count: int, every_fourth_cents: int = 150_000):
    """Clients along a street, a hundred metres apart."""
    return [
        make_client(
            session,
            lat=-29.90,
            lon=-71.25 + n / 1000,
            overdue_cents=150_000 if n % 4 else every_fourth_cents,
        )
        for n in range(count)
    ]


def test_work_is_shared_by_the_hours_of_collectors_who_have_no_zone_yet(session):
    rosa, luis = make_user(session, full_name="Rosa"), make_user(session, full_name="Luis")
    make_workday(session, rosa)
    make_workday(session, luis, ends_s=13 * HOUR_S)
    row_of_clients(session, 12)

    drawing = draw_proposal(session, ProposalWish(DivideAll(2)), TODAY, ZONE)

    held = members(drawing)
    assert len(held[rosa.id]) == 2 * len(held[luis.id]) == 8
    assert drawing.figures()["imbalance"] < 0.05


def test_money_is_shared_as_well_as_work(session):
    row_of_clients(session, 40, every_fourth_cents=900_000)

    figures = draw_proposal(session, ProposalWish(DivideAll(2)), TODAY, ZONE).figures()

    assert figures["money_imbalance"] < 0.1
    assert figures["imbalance"] < 0.1


def test_a_locked_zone_stays_and_keeps_its_name_and_colour(session):
    clients = row_of_clients(session, 12)
    rosa = make_user(session)
    kept = make_zone(session, clients[:2], rosa, name="Zona 1 · La de Rosa")
    make_zone(session, clients[2:], name="Zona 2 · Otra")

    wish = ProposalWish(DivideAll(3), locked_zone_ids=(kept.id,))
    drawing = draw_proposal(session, wish, TODAY, ZONE)

    by_name = {zone.name: zone for zone in drawing.zones}
    assert set(by_name["Zona 1 · La de Rosa"].client_ids) == {one.id for one in clients[:2]}
    assert len(drawing.zones) == 3
    assert len({zone.name.split(" · ")[0] for zone in drawing.zones}) == 3


def test_today_is_proposed_again_when_nothing_can_be_better(session):
    clients = row_of_clients(session, 4)
    make_zone(session, clients[:2])
    make_zone(session, clients[2:])

    drawing = draw_proposal(session, ProposalWish(DivideAll(2)), TODAY, ZONE)

    assert sorted(map(sorted, members_by_zone(drawing))) == [
        [one.id for one in half] for half in (clients[:2], clients[2:])
    ]


def members_by_zone(drawing: Drawing) -> list[tuple[int, ...]]:
    return [zone.client_ids for zone in drawing.zones]


def test_a_street_that_there_is_not_is_named(session, addressed_pack):
    row_of_clients(session, 4)
    wish = ProposalWish(DivideAll(2), barred_streets=("Insurgentes",))

    with pytest.raises(NoSuchStreet) as refusal:
        draw_proposal(session, wish, TODAY, ZONE, open_pack(addressed_pack))

    assert "Avenida de los Insurgentes" in refusal.value.facts["near"]


# From today's zones, and lines that are not crossed


def uneven_today(session, count: int = 30):
    """A row of clients in two zones, the first with two thirds of them, and who has each."""
    clients = row_of_clients(session, count)
    rosa, luis = make_user(session, full_name="Rosa"), make_user(session, full_name="Luis")
    cut = 2 * count // 3
    make_zone(session, clients[:cut], rosa, name="Zona 1 · Norte")
    make_zone(session, clients[cut:], luis, name="Zona 2 · Sur")
    return clients, rosa, luis


def test_todays_zones_are_made_even_with_the_fewest_moves(session):
    clients, rosa, luis = uneven_today(session)

    drawing = draw_proposal(session, ProposalWish(DivideAll(2), from_today=True), TODAY, ZONE)

    held = members(drawing)
    assert {zone.name for zone in drawing.zones} == {"Zona 1 · Norte", "Zona 2 · Sur"}
    assert len(held[rosa.id]) == len(held[luis.id]) == 15
    assert set(held[rosa.id]) < {one.id for one in clients[:20]}


def test_who_came_since_joins_a_zone_when_todays_are_made_even(session):
    uneven_today(session)
    newcomer = make_client(session, lat=-29.95, lon=-71.25)

    drawing = draw_proposal(session, ProposalWish(DivideAll(2), from_today=True), TODAY, ZONE)

    assert newcomer.id in {one for zone in drawing.zones for one in zone.client_ids}


def test_a_proposal_says_what_each_zone_holds_and_how_far_it_reaches(session):
    uneven_today(session)

    drawing = draw_proposal(session, ProposalWish(DivideAll(2), from_today=True), TODAY, ZONE)

    for zone in drawing.zones:
        assert zone.month_km > 0
        assert 0 < zone.mean_distance_m < 30_000
        assert zone.tour_m >= 0


STEP_LAT, STEP_LON = 0.0027, 0.0031  # of a grid of streets, 300 m


def town_of_blocks(session, rows: int, columns: int):
    """A client at each corner of a grid; returns the row and the column of each by id."""
    return {
        make_client(session, lat=-29.90 - row * STEP_LAT, lon=-71.25 + column * STEP_LON).id: (
            row,
            column,
        )
        for row in range(rows)
        for column in range(columns)
    }


def is_one_piece(corners: set[tuple[int, int]]) -> bool:
    """Walk from corner to corner, never over a canal below the second row, open at column 7."""
    reached, left = set(), [min(corners)]
    while left:
        row, column = here = left.pop()
        reached.add(here)
        for other in corners - reached:
            is_near = abs(other[0] - row) <= 1 and abs(other[1] - column) <= 1
            over_the_canal = {row, other[0]} == {1, 2} and min(column, other[1]) < 7
            if is_near and not over_the_canal:
                left.append(other)
    return reached == corners


@pytest.mark.parametrize("from_today", [False, True])
def test_no_zone_crosses_a_drawn_line_but_around_its_end(session, from_today):
    at = town_of_blocks(session, rows=4, columns=8)
    west = [session.get(Client, one) for one, (_row, column) in at.items() if column < 5]
    east = [session.get(Client, one) for one, (_row, column) in at.items() if column >= 5]
    make_zone(session, west)
    make_zone(session, east)
    canal_lat = -29.90 - 1.5 * STEP_LAT
    line = ((canal_lat, -71.26), (canal_lat, -71.25 + 6.5 * STEP_LON))
    wish = ProposalWish(DivideAll(2), barriers=(Barrier("Canal", (line,)),), from_today=from_today)

    drawing = draw_proposal(session, wish, TODAY, ZONE)

    assert len(drawing.zones) == 2
    for zone in drawing.zones:
        assert is_one_piece({at[one] for one in zone.client_ids})
    assert [one["name"] for one in drawing.barriers] == ["Canal"]


def test_a_line_far_from_all_clients_is_named(session):
    town_of_blocks(session, 2, 2)
    swapped = Barrier("Canal", (((-71.25, -29.90), (-71.24, -29.91)),))

    with pytest.raises(FarBarrier) as refusal:
        draw_proposal(session, ProposalWish(DivideAll(2), barriers=(swapped,)), TODAY, ZONE)

    assert refusal.value.facts["name"] == "Canal"
