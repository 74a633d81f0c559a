"""What the phone fetches: its own days only, the law of each stop, and nothing twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from collector_app.compliance.models import ContactBan
from collector_app.compliance.rules import Channel
from collector_app.compliance.services import ban_contact
from collector_app.contacts.rules import CHANNELS
from collector_app.core import clock
from collector_app.core.actor import Actor
from collector_app.portfolio.rules import Stage, VisitPlaceKind
from collector_app.portfolio.services import tell_visit_place
from collector_app.promises.models import Promise
from collector_app.strategy.services import set_treatment
from collector_app.sync.models import Device
from tests.contacts.factories import make_contact
from tests.day_package.conftest import URL
from tests.factories import make_client, make_user
from tests.phone.factories import TODAY, make_plan, make_route
from tests.promises.factories import make_promise_row
from tests.strategy.factories import SYSTEM, make_segment, treatment
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

HOUR_S = 3600


def stop_of(package: dict, client) -> dict:
    return next(one for one in package["days"][0]["stops"] if one["client"] == client.id)


def sentences(package: dict, spans: list) -> set[str]:
    return {package["law_texts"][n]["sentence"] for _from, _to, texts in spans for n in texts}


def test_without_a_route_the_package_is_empty_and_still_an_answer(phone_of, collector):
    package = phone_of(collector).get(URL).get_json()

    assert package["days"] == []
    assert package["expires_at"] - package["made_at"] == 36 * HOUR_S


def test_today_and_tomorrow_are_in_it_and_no_other_day(session, phone_of, collector, clients):
    for days in (0, 1, 2):
        plan = make_plan(session, TODAY + timedelta(days=days))
        make_route(session, collector, clients[:1], plan)

    package = phone_of(collector).get(URL).get_json()

    assert [one["day"] for one in package["days"]] == ["2026-03-10", "2026-03-11"]


def test_a_stop_tells_its_card_its_windows_and_who_closes_the_rest(package, clients):
    found = package()

    stop = stop_of(found, clients[0])
    assert (stop["name"], stop["overdue_cents"], stop["visited_at"]) == (
        "Ana Rojas",
        150_000,
        None,
    )
    ((opens, closes),) = stop["windows"]
    midnight = found["days"][0]["from"]
    assert midnight < opens < closes < midnight + 24 * HOUR_S
    assert {text["article"] for text in found["law_texts"].values()} - {""}
    assert any("A esa hora" in one for one in sentences(found, stop["closed"]))


def test_a_ban_closes_the_day_and_says_why(session, package, clients, collector):
    session.add(
        ContactBan(
            client_id=clients[1].id,
            reason="Lo pidió por escrito",
            from_on=TODAY,
            created_by=collector.id,
            created_at=clock.now(),
        )
    )
    session.commit()

    found = package()

    stop = stop_of(found, clients[1])
    assert (stop["is_banned"], stop["windows"]) == (True, [])
    told = sentences(found, stop["closed"])
    assert "No se le debe contactar" in told
    assert not any("Lo pidió por escrito" in one for one in told)


def test_a_place_where_the_law_forbids_visits_closes_the_day_with_its_article(
    session, package, clients
):
    tell_visit_place(
        session,
        Actor.system("test"),
        clients[1].id,
        VisitPlaceKind.WORKPLACE,
        is_authorised=False,
    )
    session.commit()

    found = package()

    stop = stop_of(found, clients[1])
    assert stop["windows"] == []
    assert any(
        "no autorizó que se le visite en este lugar: trabajo (Disposiciones" in one
        for one in sentences(found, stop["closed"])
    )
    assert stop_of(found, clients[0])["windows"]


def test_visits_of_today_are_counted_and_mark_the_stop_as_done(
    session, package, clients, collector
):
    before = stop_of(package(), clients[0])["contacts_left"]
    make_visit(session, clients[0], collector)
    session.commit()

    stop = stop_of(package(), clients[0])

    assert stop["visited_at"] == clock.now().timestamp()
    assert before
    assert all(
        after["left"] == max(0, cap["left"] - 1)
        for after, cap in zip(stop["contacts_left"], before, strict=True)
    )


def test_of_a_ban_the_package_tells_nothing_that_the_office_wrote(session, package, clients):
    ban_contact(session, Actor.system("test"), clients[0].id, "su hija está en el hospital", TODAY)
    session.commit()

    told = package()

    banned = [one["sentence"] for one in told["law_texts"].values() if one["rule"] == "contact_ban"]
    assert banned == ["No se le debe contactar"]
    assert "hospital" not in str(told)


def test_a_promise_of_a_later_day_is_told(session, package, clients, collector):
    visit = make_visit(session, clients[2], collector)
    promise = Promise(
        uuid=visit.uuid,
        client_id=clients[2].id,
        visit_id=visit.id,
        amount_cents=50_000,
        due_on=TODAY + timedelta(days=3),
        made_at=clock.now(),
    )
    session.add(promise)
    session.commit()

    assert stop_of(package(), clients[2])["promise"] == {"due_on": "2026-03-13", "cents": 50_000}


@pytest.mark.parametrize(("made_days_ago", "is_told"), [(15, True), (16, False)])
def test_a_promise_of_a_day_far_away_is_told_as_long_as_the_stage_allows(
    session, package, clients, made_days_ago, is_told
):
    made_at = clock.now() - timedelta(days=made_days_ago)
    far = TODAY + timedelta(days=180)
    make_promise_row(session, clients[2], due_on=far, made_at=made_at)
    session.commit()

    told = stop_of(package(), clients[2])["promise"]
    assert told == ({"due_on": far.isoformat(), "cents": 50_000} if is_told else None)


def test_clients_of_the_own_zone_who_owe_may_be_added(session, package, clients):
    stranger = make_client(session, name="De otra zona", lat=-29.9, lon=-71.25)
    make_zone(session, [stranger], make_user(session))
    session.commit()

    extras = package()["days"][0]["extras"]

    assert [one["client"] for one in extras] == [clients[3].id]


def test_the_matrix_holds_start_stops_extras_and_end(package):
    day = package()["days"][0]

    places = 1 + len(day["stops"]) + len(day["extras"]) + 1
    assert [len(row) for row in day["matrix"]] == [places] * places
    assert all(day["matrix"][n][n] == 0 for n in range(places))
    assert 0 < day["matrix"][0][2] < day["matrix"][0][3] < 2**16 - 1
    assert day["matrix"][0][places - 1] == 0  # the day ends where it starts


def test_a_client_without_a_place_has_no_way(session, phone_of, collector):
    lost = make_client(session, lat=None, lon=None)
    make_zone(session, [lost], collector)
    make_route(session, collector, [lost])

    day = phone_of(collector).get(URL).get_json()["days"][0]

    assert day["matrix"][0] == [0, 2**16 - 1, 0]


def test_an_unchanged_day_is_answered_without_a_body(session, phone_of, collector, clients):
    make_route(session, collector, clients[:3])
    browser = phone_of(collector)
    first = browser.get(URL)

    again = browser.get(URL, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert float(again.headers["Server-Time"]) == clock.now().timestamp()

    make_visit(session, clients[0], collector)
    session.commit()
    assert browser.get(URL, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_login_alone_is_not_enough_and_neither_is_a_phone_that_was_shut_out(
    session, client_as, phone_of, collector
):
    phone = phone_of(collector)
    assert client_as(collector).get(URL).status_code == 401

    session.scalars(select(Device)).one().revoked_at = clock.now()
    session.commit()
    answer = phone.get(URL)

    assert (answer.status_code, answer.json["code"], answer.json["wipe"]) == (
        403,
        "device_revoked",
        True,
    )


def test_another_collector_gets_nothing_of_it(package, phone_of, session, clients):
    package()

    other = phone_of(make_user(session)).get(URL).get_json()

    assert other["days"] == []


def test_a_day_of_sixty_stops_weighs_less_than_thirty_kilobytes_sent(session, phone_of, collector):
    many = [
        make_client(session, lat=-29.9 - n % 9 / 300, lon=-71.25 - n // 9 / 300) for n in range(72)
    ]
    make_zone(session, many, collector)
    make_route(session, collector, many[:60])

    answer = phone_of(collector).get(URL, headers={"Accept-Encoding": "br"})

    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) < 30_000, len(answer.data)


def law_of(found: dict, client, channel: str) -> dict:
    stop = stop_of(found, client)
    told = stop["remote"][channel]
    return stop if told == "visit" else stop["remote"][told] if isinstance(told, str) else told


def test_a_treatment_keeps_messages_of_other_channels_back_and_no_call(session, package, clients):
    segment = make_segment(session)
    without = treatment(channels=frozenset({Channel.CALL, Channel.SMS}), cadence_days=0)
    set_treatment(session, SYSTEM, segment.id, Stage.ADMINISTRATIVE, without, day=TODAY)
    session.commit()

    found = package()

    held = law_of(found, clients[0], "whatsapp")
    assert held["windows"] == []
    assert any("no se le contacta por whatsapp" in one for one in sentences(found, held["closed"]))
    for channel in ("call", "sms"):
        assert law_of(found, clients[0], channel)["windows"] != []


def test_a_treatment_keeps_messages_back_until_its_cadence_is_over_but_for_a_promise(
    session, package, clients, collector
):
    segment = make_segment(session)
    slow = treatment(channels=frozenset(CHANNELS), cadence_days=7)
    set_treatment(session, SYSTEM, segment.id, Stage.ADMINISTRATIVE, slow, day=TODAY)
    for client in clients[:2]:
        make_contact(session, client, collector, at=clock.now() - timedelta(days=2))
    make_promise_row(session, clients[1], due_on=TODAY + timedelta(days=1))
    session.commit()

    found = package()

    assert law_of(found, clients[0], "sms")["windows"] == []
    assert law_of(found, clients[1], "sms")["windows"] != []
    assert law_of(found, clients[2], "sms")["windows"] != []
