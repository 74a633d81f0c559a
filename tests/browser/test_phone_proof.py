"""Nothing is lost, doubled or invisible: a small `make bench-phone`, and that it can fail."""

import hashlib
import random
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from scripts.phone_proof.course import Scale, planned, run
from scripts.phone_proof.faults import Fault
from scripts.phone_proof.ledger import Ledger, Said
from scripts.phone_proof.office import Office
from scripts.phone_proof.verdict import Verdict, judge, whereabouts
from scripts.serving import flask
from scripts.sync.company import create_company
from tests.browser.conftest import chromium_path

SMALL = Scale(phones=2, visits=30, faults=12, seed=3)


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def office(tmp_path, monkeypatch) -> Office:
    instance = tmp_path / "office"
    monkeypatch.setenv("COLLECTOR_INSTANCE", str(instance))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    port = free_port()
    flask(instance, port, "db", "upgrade")
    return Office(instance, port)


def test_visits_survive_every_kind_of_fault_once_each(office, tmp_path, chromium):
    routes = create_company(SMALL.phones)
    profiles = tmp_path / "phones"
    profiles.mkdir()

    evening = run(SMALL, office, routes, profiles, chromium.browser_type, chromium_path())

    assert len(evening.ledger.said) >= SMALL.visits
    assert set(evening.ledger.faults) == {fault.value for fault in Fault}
    verdict = judge(evening.ledger, evening.stores, office.database, office.instance / "evidence")
    assert (verdict.lost, verdict.doubled, verdict.invisible) == ([], [], [])
    accounted = verdict.applied + verdict.on_review + verdict.on_phones
    assert accounted == len(evening.ledger.said)
    assert verdict.applied > SMALL.visits / 2


def test_a_course_without_time_left_is_judged_by_what_happened(office, tmp_path, chromium):
    endless = Scale(phones=1, visits=100_000, faults=20_000, seed=3, minutes=0.2)
    routes = create_company(endless.phones)
    profiles = tmp_path / "phones"
    profiles.mkdir()

    evening = run(endless, office, routes, profiles, chromium.browser_type, chromium_path())

    assert evening.is_cut_short
    verdict = judge(evening.ledger, evening.stores, office.database, office.instance / "evidence")
    assert verdict.is_clean
    accounted = verdict.applied + verdict.on_review + verdict.on_phones
    assert accounted == len(evening.ledger.said) < endless.visits


def test_each_kind_of_fault_happens_and_the_same_seed_plans_the_same():
    faults = planned(40, random.Random(5))

    assert set(faults) == set(Fault)
    assert faults == planned(40, random.Random(5))


PHOTO = b"a photo"
SHA = hashlib.sha256(PHOTO).hexdigest()
MARK = "phone1 visita 1"
TABLES = """
CREATE TABLE visit (id INTEGER PRIMARY KEY, uuid TEXT, note TEXT);
CREATE TABLE payment (visit_id INTEGER, amount_cents INTEGER);
CREATE TABLE sync_event (uuid TEXT, state TEXT);
CREATE TABLE sync_conflict (uuid TEXT, statement TEXT, settled_at TEXT);
CREATE TABLE evidence (sha256 TEXT, stored_at TEXT);
"""
RIGHT = """
INSERT INTO visit VALUES (1, 'v1', 'phone1 visita 1');
INSERT INTO payment VALUES (1, 500);
INSERT INTO sync_event VALUES ('v1', 'applied');
"""
WAITS = {"events": [{"id": "v1", "state": "kept"}], "photos": [{"sha256": SHA, "state": "kept"}]}


def judged(folder: Path, rows: str, store: dict | None = None, *, photo: bytes = PHOTO) -> Verdict:
    """Judge one visit of 500 cents with a photo by what an office and a phone hold."""
    database, evidence = folder / "office.sqlite3", folder / "evidence"
    with closing(sqlite3.connect(database)) as link:
        link.executescript(TABLES + rows)
    if photo:
        (evidence / SHA[:2]).mkdir(parents=True)
        (evidence / SHA[:2] / SHA).write_bytes(photo)
        with closing(sqlite3.connect(database)) as link:
            link.execute("INSERT INTO evidence VALUES (?, 'now')", [SHA])
            link.commit()
    ledger = Ledger({"v1": Said("v1", MARK, (SHA,), 500)})
    return judge(ledger, {"phone1": store or {"events": [], "photos": []}}, database, evidence)


def test_a_visit_that_counts_once_with_its_money_and_photo_is_clean(tmp_path):
    assert judged(tmp_path, RIGHT).is_clean


def test_a_visit_that_waits_on_its_phone_is_clean(tmp_path):
    verdict = judged(tmp_path, "", WAITS, photo=b"")

    assert verdict.is_clean
    assert (verdict.on_phones, verdict.photos_on_phones) == (1, 1)


def test_a_visit_that_is_nowhere_is_lost(tmp_path):
    assert judged(tmp_path, "").lost == ["v1"]


def test_a_visit_that_a_phone_thinks_is_delivered_is_lost_when_the_office_lacks_it(tmp_path):
    thinks = {"events": [{"id": "v1", "state": "delivered"}], "photos": []}

    assert judged(tmp_path, "", thinks).lost == ["v1"]


def test_of_what_is_lost_the_phones_that_hold_it_are_told():
    ledger = Ledger({"v1": Said("v1", MARK, (SHA,), 500)})
    event = {"id": "v1", "seq": 7, "state": "delivered", "verdict": "applied"}
    photo = {"visit": "v1", "sha256": SHA, "state": "delivered"}
    holds = {"events": [event], "photos": [photo], "why": "network"}
    empty = {"events": [], "photos": [], "why": None}

    (line,) = whereabouts("v1", ledger, {"phone1": holds, "phone2": empty})

    assert line.startswith(f"{MARK}: on phone1 event 7 is delivered (applied)")
    assert line.endswith("the last attempt to send: network")
    assert whereabouts("v1", ledger, {"phone2": empty}) == [f"{MARK}: on no phone"]


def test_money_that_did_not_arrive_is_lost(tmp_path):
    assert judged(tmp_path, RIGHT.replace("500", "400")).lost == ["v1 (money)"]


@pytest.mark.parametrize("photo", [b"", b"other bytes"])
def test_a_photo_without_its_bytes_is_lost(tmp_path, photo):
    assert judged(tmp_path, RIGHT, photo=photo).lost == [f"v1 (photo {SHA[:8]})"]


@pytest.mark.parametrize(
    "more",
    [
        "INSERT INTO visit VALUES (2, 'v1', 'phone1 visita 1')",
        "INSERT INTO visit VALUES (2, 'v2', 'phone1 visita 1')",  # under an id of its own
        "INSERT INTO payment VALUES (1, 500)",
    ],
)
def test_a_visit_or_its_money_that_counts_twice_is_doubled(tmp_path, more):
    assert judged(tmp_path, f"{RIGHT};{more}").doubled


def test_an_event_that_the_office_has_and_nobody_sees_is_invisible(tmp_path):
    hidden = "INSERT INTO sync_event VALUES ('v1', 'applied')"

    assert judged(tmp_path, hidden).invisible == ["v1"]


@pytest.mark.parametrize(
    "rows",
    [
        "INSERT INTO sync_event VALUES ('v1', 'waiting')",
        """INSERT INTO sync_conflict VALUES ('v1', '{"body": {"photos": []}}', NULL)""",
    ],
)
def test_what_waits_for_a_person_of_the_office_is_not_lost(tmp_path, rows):
    verdict = judged(tmp_path, rows)

    assert verdict.is_clean
    assert verdict.on_review == 1
