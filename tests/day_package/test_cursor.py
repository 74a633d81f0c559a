"""A phone that tells what it has gets the rest, and puts together the very package of now."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from collector_app.core import clock
from collector_app.day_package.cursor import changed_since, with_cursor
from collector_app.planning.models import Route, Stop
from collector_app.sync.models import Device
from tests.day_package.conftest import URL
from tests.factories import make_user
from tests.javascript.test_node import ROOT, node
from tests.phone.factories import TODAY, make_plan, make_route
from tests.visits.factories import make_visit

MERGE: Path = ROOT / "tests" / "javascript" / "merge_each.mjs"
HOURS = {"made_at", "expires_at", "lives_s"}  # of the answer, not of the package


@pytest.fixture
def phone(session, phone_of, collector, clients):
    """A phone with a route to the first three clients."""
    make_route(session, collector, clients[:3])
    return phone_of(collector)


def on_the_phone(*pairs: tuple[dict, dict]) -> list[dict | None]:
    """Put each pair of a kept package and an answer together, by the phone's own program."""
    asked = json.dumps([{"kept": kept, "told": told} for kept, told in pairs])
    done = subprocess.run(
        [node(), MERGE], input=asked, capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


def pull(phone, kept: dict) -> dict:
    return phone.get(URL, query_string={"cursor": kept["cursor"]}).get_json()


def clients_in(rows: list[dict]) -> list[int]:
    return [one["client"] for one in rows]


def test_a_phone_that_has_all_is_told_nothing_again(phone):
    kept = phone.get(URL).get_json()

    told = pull(phone, kept)

    assert kept["is_whole"] is True
    assert told["is_whole"] is False
    (day,) = told["days"]
    assert (day["stops"], day["extras"], told["law_texts"]) == ([], [], {})
    assert day.keys().isdisjoint({"head", "matrix"})
    assert on_the_phone((kept, told)) == [kept]


def test_with_the_tag_of_what_it_has_it_gets_no_body(phone):
    first = phone.get(URL)

    again = phone.get(
        URL,
        query_string={"cursor": first.get_json()["cursor"]},
        headers={"If-None-Match": first.headers["ETag"]},
    )

    assert (again.status_code, again.data) == (304, b"")


def test_a_visit_sends_its_stop_alone(session, phone, collector, clients):
    kept = phone.get(URL).get_json()
    make_visit(session, clients[1], collector)
    session.commit()

    told = pull(phone, kept)

    (day,) = told["days"]
    assert clients_in(day["stops"]) == [clients[1].id]
    assert "matrix" not in day
    assert len(json.dumps(told)) < len(json.dumps(kept)) / 2
    assert on_the_phone((kept, told)) == [phone.get(URL).get_json()]


def test_another_order_sends_the_order_and_the_matrix(session, phone):
    kept = phone.get(URL).get_json()
    first, second, third = session.scalars(select(Stop).order_by(Stop.position))
    first.position, second.position = 101, 102
    session.flush()
    first.position, second.position = 2, 1
    session.commit()

    told = pull(phone, kept)

    (day,) = told["days"]
    assert day["stops_order"] == [second.id, first.id, third.id]
    assert "matrix" in day
    assert on_the_phone((kept, told)) == [phone.get(URL).get_json()]


def test_a_stop_that_was_taken_out_and_one_that_came_are_told(session, phone, clients):
    kept = phone.get(URL).get_json()
    gone = session.scalars(select(Stop).order_by(Stop.position)).first()
    gone.client_id = clients[3].id
    session.commit()

    told = pull(phone, kept)

    whole = phone.get(URL).get_json()
    assert clients_in(told["days"][0]["stops"]) == [clients[3].id]
    assert clients[0].id not in clients_in(whole["days"][0]["stops"])
    assert on_the_phone((kept, told)) == [whole]


def test_a_route_of_tomorrow_comes_whole_and_one_that_was_withdrawn_goes(
    session, phone, collector, clients
):
    kept = phone.get(URL).get_json()
    today = session.scalars(select(Route)).one()
    make_route(session, collector, clients[3:], make_plan(session, TODAY + timedelta(days=1)))
    today.plan.published_at = None
    session.commit()

    told = pull(phone, kept)

    (tomorrow,) = told["days"]
    assert clients_in(tomorrow["stops"]) == [clients[3].id]
    assert {"head", "matrix"} <= tomorrow.keys()
    assert on_the_phone((kept, told)) == [phone.get(URL).get_json()]


@pytest.mark.parametrize(
    "cursor", ["", "none", "AAAAAAAA", "äöü", "=" * 40, "A" * 9_000, "'; drop table stop"]
)
def test_a_cursor_that_nobody_knows_gets_everything(phone, cursor):
    told = phone.get(URL, query_string={"cursor": cursor}).get_json()

    assert told == phone.get(URL).get_json()
    assert told["is_whole"] is True


def test_the_cursor_of_another_collector_brings_nothing_of_their_day(
    session, phone, phone_of, clients
):
    theirs = phone.get(URL).get_json()
    other = phone_of(make_user(session))

    assert pull(other, theirs)["days"] == []


def test_a_phone_that_was_shut_out_gets_no_changes_either(session, phone):
    kept = phone.get(URL).get_json()
    session.scalars(select(Device)).one().revoked_at = clock.now()
    session.commit()

    answer = phone.get(URL, query_string={"cursor": kept["cursor"]})

    assert (answer.status_code, answer.json["code"]) == (403, "device_revoked")


def test_what_can_not_be_put_together_is_noticed(phone):
    kept = phone.get(URL).get_json()
    told = pull(phone, kept)
    without_stops = {**kept, "days": [{**kept["days"][0], "stops": []}]}
    without_law = {**kept, "law_texts": {}}

    assert (
        on_the_phone((without_stops, told), (without_law, told), ({"days": []}, told)) == [None] * 3
    )


rows = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 2)), max_size=8, unique_by=lambda r: r[0]
)
packages = st.builds(
    lambda days, texts, version: {
        "version": version,
        "collector": 7,
        "days": [
            {
                "day": f"2026-11-{n:02}",
                "leaves_at": head,
                "stops": [
                    {"id": key, "client": key + 100, "visited_at": value} for key, value in stops
                ],
                "extras": [{"client": key, "prize_cents": value} for key, value in extras],
                "matrix": [[len(stops), head]],
            }
            for n, (head, stops, extras) in days.items()
        ],
        "law_texts": {key: {"rule": key, "sentence": str(said)} for key, said in texts.items()},
    },
    st.dictionaries(st.integers(1, 3), st.tuples(st.integers(0, 1), rows, rows), max_size=2),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 1)),
    st.just(1),
)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(packages, packages), min_size=10, max_size=30))
def test_whatever_changed_the_phone_ends_with_the_package_of_now(pairs):
    kept = [with_cursor(before) for before, _ in pairs]
    told = [changed_since(now, one["cursor"]) for one, (_, now) in zip(kept, pairs, strict=True)]

    ended = on_the_phone(*zip(kept, told, strict=True))

    assert ended == [with_cursor(now) for _, now in pairs]
