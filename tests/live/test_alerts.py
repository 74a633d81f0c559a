"""What of a day somebody should look at: the rules, and the day as it is stored."""

import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.compliance.rules import HourWindow
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.live.queries import alert_rows, today_board
from collector_app.live.rules import (
    Alert,
    AlertKey,
    AlertKind,
    DayOfOne,
    OpenStop,
    Phone,
    RouteEnd,
    Sighting,
    WrongNote,
    alerts_of,
    checked_note,
    covers,
    delay_s,
)
from collector_app.live.services import acknowledge_alert
from collector_app.live.wording import sentence
from collector_app.sync.rules import EventState, SyncEventKind
from tests.factories import actor_of, make_client, make_user
from tests.live.factories import publish_route
from tests.planning.factories import make_workday
from tests.sync.factories import make_device, make_event
from tests.visits.factories import make_visit

MEXICO = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)  # the clock of the tests stands at ten in the morning of this Tuesday
HOUR_S = 3600
UNTIL_SIX = (HourWindow(7 * HOUR_S, 18 * HOUR_S),)


def open_stop(at_s, position=1, windows=UNTIL_SIX, takes_s=600):
    return OpenStop("Rosa Soto", position, at_s, at_s, at_s + takes_s, windows)


def day(*stops, behind_s=0, now_s=12 * HOUR_S, silent_s=None, last=None, phones=(), hours=None):
    return DayOfOne(7, "Ana", now_s, behind_s, silent_s, stops, last, phones, hours)


def kinds(*days) -> list[AlertKind]:
    return [alert.key.kind for alert in alerts_of(days)]


# -- the rules


def test_who_goes_as_planned_raises_nothing():
    assert kinds(day(open_stop(17 * HOUR_S), last=Sighting(1, 1, 100))) == []


def test_a_delay_that_takes_a_visit_past_the_legal_hours_is_told_with_client_and_hour():
    stops = (open_stop(13 * HOUR_S), open_stop(17 * HOUR_S + 2400))

    (alert,) = alerts_of([day(*stops, behind_s=1200)])

    assert alert.key.kind is AlertKind.AT_RISK
    assert alert.facts == {"n": 1, "client": "Rosa Soto", "at_s": 18 * HOUR_S}


@pytest.mark.parametrize(("behind_s", "is_told"), [(1200, False), (1201, True)])
def test_a_visit_may_end_with_the_last_legal_second(behind_s, is_told):
    stop = open_stop(18 * HOUR_S - 1800)

    assert (AlertKind.AT_RISK in kinds(day(stop, behind_s=behind_s))) is is_told


def test_a_stop_that_has_to_wait_for_its_hours_is_not_at_risk():
    afternoon = (HourWindow(9 * HOUR_S, 12 * HOUR_S), HourWindow(16 * HOUR_S, 18 * HOUR_S))

    assert kinds(day(open_stop(13 * HOUR_S, windows=afternoon))) == []


def test_a_stop_whose_hours_closed_by_now_is_at_risk_without_any_delay():
    morning = (HourWindow(7 * HOUR_S, 11 * HOUR_S),)

    assert kinds(day(open_stop(9 * HOUR_S, windows=morning))) == [AlertKind.AT_RISK]


def test_a_stop_that_nobody_may_visit_any_more_is_at_risk():
    assert kinds(day(open_stop(13 * HOUR_S, windows=()))) == [AlertKind.AT_RISK]


def test_behind_is_what_the_last_stop_took_too_long_or_the_next_one_waits():
    assert delay_s(last=None, next_arrives_s=None, now_s=500) == 0
    assert delay_s(last=(100, 400), next_arrives_s=900, now_s=500) == 300
    assert delay_s(last=(100, 90), next_arrives_s=300, now_s=500) == 200
    assert delay_s(last=(400, 100), next_arrives_s=900, now_s=500) == 0


def test_a_last_visit_far_from_every_stop_is_told_while_stops_are_open():
    far = Sighting(1, None, 1_501)

    assert kinds(day(open_stop(13 * HOUR_S), last=far)) == [AlertKind.FAR_FROM_ROUTE]
    assert kinds(day(open_stop(13 * HOUR_S), last=Sighting(1, None, 1_500))) == []
    assert kinds(day(last=far)) == []


def test_one_stop_left_behind_is_everyday_and_two_are_told():
    one, two = open_stop(13 * HOUR_S, 1), open_stop(13 * HOUR_S, 2)

    assert kinds(day(one, last=Sighting(1, 3, 0))) == []
    assert kinds(day(one, two, last=Sighting(1, 3, 0))) == [AlertKind.OUT_OF_ORDER]


def test_a_phone_that_keeps_visits_and_is_not_heard_is_told():
    assert kinds(day(phones=(Phone(1, 3, 1800),))) == [AlertKind.PHONE_PENDING]
    assert kinds(day(phones=(Phone(1, 3, 1799), Phone(2, 0, 9000)))) == []


def test_the_gravest_come_first():
    late = day(open_stop(13 * HOUR_S), behind_s=2000)
    risky = day(open_stop(17 * HOUR_S), behind_s=3 * HOUR_S)

    assert kinds(late, risky) == [AlertKind.AT_RISK, AlertKind.LATE, AlertKind.LATE]


@pytest.mark.parametrize(
    ("ends_s", "kind"),
    [(16 * HOUR_S + 800, AlertKind.LATE), (16 * HOUR_S + 799, AlertKind.OVERTIME)],
)
def test_a_delay_that_takes_the_day_far_past_the_shift_is_told_as_that(ends_s, kind):
    hours = RouteEnd(16 * HOUR_S, ends_s)  # 2000 s late, of which the last 1200 are everyday

    (alert,) = alerts_of([day(open_stop(13 * HOUR_S), behind_s=2000, hours=hours)])

    assert alert.key.kind is kind
    assert alert.facts["n"] == 1
    if kind is AlertKind.OVERTIME:
        assert alert.facts["at_s"] == 16 * HOUR_S + 2000
        assert alert.facts["until_s"] == ends_s


def test_taking_note_covers_an_alert_until_it_grows_or_happens_anew():
    noted = AlertKey(AlertKind.LATE, 7, "", 2)

    assert covers(noted, noted)
    assert covers(noted, noted._replace(level=1))
    assert not covers(noted, noted._replace(level=3))
    assert not covers(noted, noted._replace(subject="9"))
    assert not covers(noted, noted._replace(collector_id=8))


def test_a_note_is_trimmed_and_short():
    assert checked_note("  le llamé ") == "le llamé"
    with pytest.raises(WrongNote):
        checked_note("x" * 301)


# -- the day as it is stored


def alerts(session) -> list[Alert]:
    return [row.alert for row in alert_rows(session, today_board(session, TODAY, MEXICO), MEXICO)]


def test_nobody_who_has_nothing_to_do_raises_an_alert(session):
    make_user(session)

    assert alerts(session) == []


def test_a_route_that_nobody_began_is_silent_and_late(session):
    collector = make_user(session, full_name="Ana")
    publish_route(session, collector, [make_client(session) for _ in range(4)], TODAY)

    assert [one.key.kind for one in alerts(session)] == [AlertKind.SILENT, AlertKind.LATE]


def test_a_late_route_that_returns_after_the_shift_is_told_with_both_hours(session):
    collector = make_user(session)  # an hour late at ten, to return at five if all went as planned
    publish_route(session, collector, [make_client(session) for _ in range(4)], TODAY)
    make_workday(session, collector, ends_s=17 * HOUR_S)

    (late,) = [one for one in alerts(session) if one.key.kind is AlertKind.OVERTIME]

    assert late.facts["at_s"] == 18 * HOUR_S
    assert late.facts["until_s"] == 17 * HOUR_S
    assert sentence(late) == (
        "Va 1 h 00 min detrás del plan y le quedan 4 paradas: al paso que va terminaría a las "
        "18:00 y su jornada acaba a las 17:00"
    )


def test_who_left_stops_behind_is_late_by_the_stops_ahead_alone(session):
    collector = make_user(session)
    clients = [make_client(session) for _ in range(4)]
    publish_route(session, collector, clients, TODAY)  # nine, half past, ten, half past
    make_visit(session, clients[2], collector, ended_at=clock.now())

    found = {one.key.kind: one for one in alerts(session)}

    assert set(found) == {AlertKind.OUT_OF_ORDER}
    assert found[AlertKind.OUT_OF_ORDER].facts["n"] == 2


def test_an_order_that_the_phone_told_is_the_order(session):
    collector = make_user(session)
    clients = [make_client(session) for _ in range(4)]
    stops = publish_route(session, collector, clients, TODAY)
    make_visit(session, clients[2], collector, ended_at=clock.now())
    order = [stops[2].id, stops[3].id, stops[0].id, stops[1].id]
    tell_order(session, collector, order)

    assert AlertKind.OUT_OF_ORDER not in [one.key.kind for one in alerts(session)]


def tell_order(session, collector, stop_ids):
    body = {"day": TODAY.isoformat(), "cause": "manual", "stops": stop_ids}
    event = make_event(session, make_device(session, collector))
    event.kind, event.state = SyncEventKind.ROUTE_REORDERED, EventState.APPLIED
    event.statement = json.dumps({"type": event.kind, "body": body})
    session.flush()


def test_a_visit_far_away_is_told_with_its_distance(session):
    collector = make_user(session)
    stops = [make_client(session, lat=-29.9, lon=-71.25) for _ in range(2)]
    publish_route(session, collector, stops, TODAY)
    make_visit(
        session, make_client(session), collector, lat=-29.95, lon=-71.25, ended_at=clock.now()
    )

    (far,) = [one for one in alerts(session) if one.key.kind is AlertKind.FAR_FROM_ROUTE]

    assert far.facts["off_m"] == pytest.approx(5_560, abs=10)


def test_phones_with_visits_to_send_are_told_and_shown(session):
    collector = make_user(session)
    device = make_device(session, collector)
    device.pending_events, device.pending_photos = 2, 1
    device.last_seen_at = clock.now() - timedelta(hours=1)
    gone = make_device(session, collector)
    gone.pending_events, gone.revoked_at = 5, clock.now()
    session.flush()

    (alert,) = alerts(session)

    assert alert.key.kind is AlertKind.PHONE_PENDING
    assert alert.facts == {"n": 3, "for_s": HOUR_S}
    assert today_board(session, TODAY, MEXICO).collectors[0].pending == 3


def test_taking_note_keeps_who_when_and_what_they_said(session):
    collector, watcher = make_user(session), make_user(session, Role.SUPERVISOR)
    publish_route(session, collector, [make_client(session)], TODAY)
    silent = alerts(session)[0]

    acknowledge_alert(session, actor_of(watcher), TODAY, silent.key, " va en camino ")

    rows = alert_rows(session, today_board(session, TODAY, MEXICO), MEXICO)
    (row,) = [one for one in rows if one.alert.key == silent.key]
    assert row.is_noted
    assert [(note.by, note.text, note.at) for note in row.notes] == [
        (watcher.full_name, "va en camino", clock.now())
    ]
    assert rows[-1] is row  # what is new stands first


def test_of_two_who_take_note_at_once_the_first_stands(session):
    collector = make_user(session)
    key = AlertKey(AlertKind.SILENT, collector.id, "", 0)
    first, second = (actor_of(make_user(session, Role.SUPERVISOR)) for _ in range(2))

    kept = acknowledge_alert(session, first, TODAY, key, "")

    assert acknowledge_alert(session, second, TODAY, key, "") is kept
    assert acknowledge_alert(session, second, TODAY, key, "le llamé") is not kept


def test_only_the_office_takes_note_and_of_collectors_alone(session):
    collector, watcher = make_user(session), make_user(session, Role.SUPERVISOR)
    key = AlertKey(AlertKind.SILENT, collector.id, "", 0)

    with pytest.raises(NotAllowed):
        acknowledge_alert(session, actor_of(collector), TODAY, key, "")
    with pytest.raises(NotFound):
        acknowledge_alert(
            session, actor_of(watcher), TODAY, key._replace(collector_id=watcher.id), ""
        )


def test_alerts_cost_the_same_number_of_queries_for_a_small_and_a_large_company(
    session, statements
):
    def cost() -> int:
        before = len(statements)
        alerts(session)
        return len(statements) - before

    publish_route(session, make_user(session), [make_client(session)], TODAY)
    small = cost()
    for _ in range(5):
        collector = make_user(session)
        publish_route(session, collector, [make_client(session) for _ in range(3)], TODAY)
    assert cost() == small
