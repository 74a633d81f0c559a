from datetime import date

from collector_app.zones.comparison import CollectorChange, compare
from collector_app.zones.queries import (
    CollectorRow,
    ZoneBoard,
    ZoneLoad,
    ZoneOwner,
    ZoneRow,
)
from collector_app.zones.rules import Handover, ProposedZone

ROSA, LUIS, GONE = 10, 20, 30
STAFF = (CollectorRow(ROSA, "Rosa"), CollectorRow(LUIS, "Luis"))


def zone_of(collector_id, client_count, month_h):
    row = ZoneRow(1, "Zona 1", "#007866", {}, collector_id, None, client_count)
    return ZoneLoad(row, month_h, share=1.0)


def board(*zones):
    return ZoneBoard(
        day=date(2026, 3, 10),
        zones=zones,
        imbalance=0.0,
        located=0,
        without_zone=0,
        without_location=0,
        next_start_on=None,
    )


def proposed(client_ids, month_h):
    return ProposedZone("Zona 1", "#007866", {}, tuple(client_ids), month_h, share=1.0, pieces=1)


def test_the_work_of_each_collector_is_shown_before_and_after():
    today = board(zone_of(ROSA, 3, 30.0), zone_of(ROSA, 1, 10.0))
    owners = {n: ZoneOwner(1, ROSA) for n in (1, 2, 3, 4)}
    zones = [proposed([1, 2], 20.0), proposed([3, 4], 20.0)]

    change = compare(today, owners, zones, {0: ROSA, 1: LUIS}, STAFF)

    assert change.handover == Handover(kept=2, moved=2, gained=0)
    assert change.collectors == (
        CollectorChange(ROSA, "Rosa", 4, 2, 40.0, 20.0),
        CollectorChange(LUIS, "Luis", 0, 2, 0.0, 20.0),
    )
    assert change.without_collector == 0


def test_zones_that_nobody_would_answer_for_are_counted_and_shown():
    change = compare(board(), {}, [proposed([1, 2], 20.0)], {0: None}, STAFF[:1])

    assert change.without_collector == 1
    assert change.collectors[-1] == CollectorChange(None, None, 0, 2, 0.0, 20.0)


def test_collectors_who_end_without_a_zone_are_named():
    change = compare(board(), {}, [proposed([1, 2], 20.0)], {0: ROSA}, STAFF)

    assert change.without_zone == ("Luis",)


def test_somebody_who_left_is_shown_without_a_name():
    today = board(zone_of(GONE, 5, 50.0))
    owners = {1: ZoneOwner(1, GONE)}

    change = compare(today, owners, [proposed([1], 10.0)], {0: ROSA}, STAFF[:1])

    assert change.collectors[-1] == CollectorChange(GONE, None, 5, 0, 50.0, 0.0)
    assert change.handover.moved == 1
