"""Turn restrictions over ways and by the hour, against a search that remembers every arc."""

import heapq
from collections import defaultdict
from itertools import count
from random import Random

import numpy as np
import pytest

from routing.travel.streets.bans import Bans, find_bans
from routing.travel.streets.extract import read_streets
from routing.travel.streets.graph import build_wheels
from routing.travel.streets.network import CLOSED_S
from routing.travel.times import UNREACHABLE, Profile
from tests.routing.travel.streets.test_search import plain_seconds
from tests.routing.travel.towns import Town, at, tangled

MOTORCYCLE, CAR = Profile.MOTORCYCLE, Profile.CAR
NOON_S, MORNING_S = 12 * 3600, 8 * 3600


def avenue():
    """Two carriageways, 20 m apart, joined by links every 200 m; returns the town and its ways.

    Eastbound is in the south, westbound in the north. At the far ends one may turn round.
    """
    town = Town()
    for column in range(6):
        town.node(f"s{column}", 200 * column, 0)
        town.node(f"n{column}", 200 * column, 20)
    ways = {}
    for column in range(5):
        ways[f"east{column}"] = town.street(
            f"s{column} s{column + 1}", highway="primary", oneway="yes"
        )
        ways[f"west{column}"] = town.street(
            f"n{column + 1} n{column}", highway="primary", oneway="yes"
        )
    for column in range(6):
        town.node(f"m{column}", 200 * column, 10)
        ways[f"link{column}"] = town.street(f"s{column} m{column}", highway="primary_link")
        ways[f"upper{column}"] = town.street(f"m{column} n{column}", highway="primary_link")
    return town, ways


BACK = [at(300, 0), at(300, 20)]  # from the southern carriageway to the northern one


def metres(travel, ends, profile=MOTORCYCLE, depart_s=NOON_S):
    return travel.legs(ends, profile, depart_s)[0].metres


def test_without_restriction_one_turns_back_at_the_next_link(open_town):
    town, _ = avenue()

    assert metres(open_town(town), BACK) == pytest.approx(100 + 20 + 100, abs=2)


def test_a_u_turn_forbidden_over_a_link_is_made_at_the_one_after(open_town):
    """The restriction leads over two ways, as the link is cut in the middle."""
    town, ways = avenue()
    town.restrict_over("no_u_turn", ways["east1"], [ways["link2"], ways["upper2"]], ways["west1"])
    travel = open_town(town)

    assert travel.pack.info.ignored_restrictions == 0
    assert metres(travel, BACK) == pytest.approx(300 + 20 + 300, abs=2)


def test_the_link_stays_open_to_who_comes_from_elsewhere_or_goes_elsewhere(open_town):
    town, ways = avenue()
    town.node("far", 400, -300)
    ways["south"] = town.street("far s2")
    town.restrict_over("no_u_turn", ways["east1"], [ways["link2"], ways["upper2"]], ways["west1"])
    travel = open_town(town)

    from_the_south = metres(travel, [at(400, -100), at(300, 20)])
    to_the_link_itself = metres(travel, [at(300, 0), at(400, 12)])

    assert from_the_south == pytest.approx(100 + 20 + 100, abs=2)
    assert to_the_link_itself == pytest.approx(100 + 12, abs=2)


def test_a_restriction_over_ways_holds_for_whom_it_names(open_town):
    town, ways = avenue()
    town.restrict_over(
        "no_u_turn", ways["east1"], [ways["link2"], ways["upper2"]], ways["west1"],
        **{"except": "motorcycle"},
    )  # fmt: skip
    travel = open_town(town)

    assert metres(travel, BACK, MOTORCYCLE) < 225
    assert metres(travel, BACK, CAR) > 600


def test_who_enters_a_link_that_only_leads_back_goes_back(open_town):
    """At the northern end of link 2 one could also go on north, but not when coming from east 1."""
    town, ways = avenue()
    town.node("up", 400, 300)
    ways["north"] = town.street("n2 up")
    town.restrict_over("only_u_turn", ways["east1"], [ways["link2"], ways["upper2"]], ways["west1"])
    travel = open_town(town)

    assert metres(travel, BACK) == pytest.approx(220, abs=2)
    assert metres(travel, [at(300, 0), at(400, 200)]) > 500
    assert metres(travel, [at(400, 5), at(400, 200)]) == pytest.approx(192, abs=4)


@pytest.mark.parametrize(("depart_s", "is_closed"), [(MORNING_S, True), (NOON_S, False)])
def test_a_turn_may_be_forbidden_at_some_hours(open_town, depart_s, is_closed):
    town, ways = avenue()
    town.restrict("", ways["east1"], "s2", ways["link2"])
    members, _ = town.relations.pop()
    tags = {"type": "restriction", "restriction__conditional": "no_left_turn @ (Mo-Fr 06:00-10:00)"}
    town.relations.append((members, tags))
    travel = open_town(town)

    assert travel.pack.info.unread_conditions == 0
    assert (metres(travel, BACK, depart_s=depart_s) > 600) == is_closed


@pytest.mark.parametrize("profile", [MOTORCYCLE, CAR])
def test_a_restriction_of_one_kind_of_vehicle_binds_it_alone(open_town, profile):
    town, ways = avenue()
    town.restrict("", ways["east1"], "s2", ways["link2"])
    members, _ = town.relations.pop()
    key = {MOTORCYCLE: "motorcycle", CAR: "motorcar"}[profile]
    tags = {"type": "restriction", f"restriction__{key}": "no_left_turn"}
    town.relations.append((members, tags))
    travel = open_town(town)

    assert {one for one in (MOTORCYCLE, CAR) if metres(travel, BACK, one) > 600} == {profile}


@pytest.mark.parametrize(("depart_s", "is_closed"), [(MORNING_S, False), (NOON_S, True)])
def test_a_street_may_be_closed_at_some_hours(open_town, depart_s, is_closed):
    town, ways = avenue()
    town.ways[ways["link2"] - 1][1]["motor_vehicle__conditional"] = "no @ (10:00-20:00)"
    travel = open_town(town)

    assert (metres(travel, BACK, depart_s=depart_s) > 600) == is_closed


def test_a_client_in_a_street_that_is_closed_now_is_reached_on_foot(open_town):
    town, ways = avenue()
    town.ways[ways["east2"] - 1][1]["motor_vehicle__conditional"] = "no @ (10:00-20:00)"
    travel = open_town(town)
    ends = [at(300, 0), at(500, 0)]

    morning, noon = (travel.legs(ends, CAR, depart_s)[0] for depart_s in (MORNING_S, NOON_S))

    assert morning.seconds < 30
    assert CLOSED_S < noon.seconds < UNREACHABLE
    assert travel.matrix(ends, CAR, NOON_S).seconds[0, 1] == noon.seconds


def test_conditions_that_nobody_understands_are_counted_and_change_nothing(open_town):
    town, ways = avenue()
    town.ways[ways["link2"] - 1][1]["motor_vehicle__conditional"] = "no @ (weight>3.5)"
    town.restrict("", ways["east1"], "s2", ways["link2"])
    members, _ = town.relations.pop()
    tags = {"type": "restriction", "restriction__conditional": "no_left_turn @ (wet)"}
    town.relations.append((members, tags))
    travel = open_town(town)

    assert travel.pack.info.unread_conditions == 2
    assert metres(travel, BACK) < 225


def test_ways_that_do_not_meet_are_counted(open_town):
    town, ways = avenue()
    town.restrict_over("no_u_turn", ways["east0"], [ways["link4"]], ways["west0"])
    travel = open_town(town)

    assert travel.pack.info.ignored_restrictions == 1
    assert metres(travel, BACK) < 225


def restricted(seed):
    """Return a tangled town with restrictions over one and two ways, chosen by chance."""
    town, dice = tangled(seed, size=6), Random(seed)
    by_node = defaultdict(list)
    for number, (path, _) in enumerate(town.ways, start=1):
        for node in path:
            by_node[node].append(number)
    ends = {number: set(path) for number, (path, _) in enumerate(town.ways, start=1)}
    for _ in range(150):
        chain = [dice.randrange(1, len(town.ways) + 1)]
        while len(chain) < dice.choice([3, 3, 4]):
            node = dice.choice(sorted(ends[chain[-1]]))
            chain.append(dice.choice(by_node[node]))
        if len(set(chain)) == len(chain):
            kind = dice.choice(["no_left_turn", "no_u_turn", "only_straight_on"])
            town.restrict_over(kind, chain[0], chain[1:-1], chain[-1])
    return town


def free_turns(network):
    """Return (arc, seconds) of every turn of a car out of each arc, restrictions aside."""
    plain = build_wheels(network, Bans({}, {}, 0))
    arc_of, free = np.flatnonzero(plain.state_of >= 0), defaultdict(list)
    for tail, arc, turn_s in zip(arc_of[plain.tail], plain.arc, plain.turn_s[1], strict=True):
        if np.isfinite(turn_s):
            free[int(tail)].append((int(arc), float(turn_s)))
    return free


def remembering_seconds(arc_s, free, chains, source):
    """Return the time from an arc to every arc, by Dijkstra over the last four arcs driven."""
    best, settled, order = {}, set(), count()
    waiting = [(0.0, next(order), (source,))]
    while waiting:
        seconds, _, past = heapq.heappop(waiting)
        if past in settled:
            continue
        settled.add(past)
        best.setdefault(past[-1], seconds)
        for arc, turn_s in free[past[-1]]:
            driven = (*past, arc)[-4:]
            if not any(driven[n:] in chains for n in range(len(driven))):
                heapq.heappush(waiting, (seconds + turn_s + arc_s[arc], next(order), driven))
    return best


def arc_seconds(ground, source):
    """Return the time from an arc to every arc over the graph of the engine, copies included."""
    graph, between = ground.graph, plain_seconds(ground)
    best = np.full(len(ground.arc_s), np.inf)
    start = graph.state_of[source]
    for arc, state in zip(graph.arc.tolist(), graph.head.tolist(), strict=True):
        best[arc] = min(best[arc], between[start, state])
    return best


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_restrictions_over_ways_close_what_a_search_with_memory_closes(open_town, tmp_path, seed):
    travel = open_town(restricted(seed))
    ground = travel._router(CAR, NOON_S).ground
    raw = read_streets(tmp_path / "town.osm")
    bans = find_bans(ground.network, raw.restrictions, np.frombuffer(raw.way_ids, dtype=np.int64))
    assert len(bans.chains) > 15
    free = free_turns(ground.network)

    for source in np.flatnonzero(ground.is_main)[::9].tolist():
        found = arc_seconds(ground, source)
        expected = remembering_seconds(ground.arc_s, free, bans.chains, source)
        others = [arc for arc in np.flatnonzero(ground.is_main).tolist() if arc != source]
        assert found[others] == pytest.approx([expected.get(arc, np.inf) for arc in others])


@pytest.mark.parametrize("seed", [1, 2])
def test_restrictions_leave_the_main_part_of_the_town_reachable(open_town, seed):
    travel, dice = open_town(restricted(seed)), Random(seed)
    points = [at(dice.uniform(0, 500), dice.uniform(0, 500)) for _ in range(30)]

    assert (travel.matrix(points, CAR, NOON_S).seconds < UNREACHABLE).all()
