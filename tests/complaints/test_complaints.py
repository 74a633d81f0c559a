"""Complaints: a deadline in working days, a pause at once, an answer in words."""

import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from collector_app.complaints import queries, services
from collector_app.complaints.rules import (
    BANS,
    PAUSE_CAUSES,
    ComplaintClosed,
    ComplaintData,
    ComplaintKind,
    ComplaintUnexplained,
    complaint_folio,
    deadline,
)
from collector_app.complaints.services import lift_ban_and_pauses
from collector_app.compliance.profile_files import law_profile
from collector_app.compliance.queries import ban_notices, bans_on
from collector_app.compliance.services import ban_contact, lift_ban
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.stages.models import CollectionPause
from collector_app.stages.queries import client_life, goes_on
from collector_app.stages.rules import PauseCause
from collector_app.stages.services import PauseData, pause, resume
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import make_payment
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = date(2026, 3, 10)


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def debtor(session, collector):
    client = make_client(session, name="Rosa Muñoz")
    make_zone(session, [client], collector)
    return client


@pytest.fixture
def supervisor(session):
    return actor_of(make_user(session, Role.SUPERVISOR))


def take(session, actor, debtor, kind=ComplaintKind.ILL_TREATMENT, text="me gritó"):
    return services.take_complaint(session, actor, ComplaintData(debtor.id, kind, text), zone=ZONE)


def answer(session, actor, complaint, text="se habló con el gestor", *, may_contact=True):
    return services.answer_complaint(
        session, actor, complaint.id, text, may_contact=may_contact, zone=ZONE
    )


@pytest.mark.parametrize(
    ("received_on", "kind", "calendar", "last"),
    [
        (TUESDAY, ComplaintKind.ILL_TREATMENT, "MX", date(2026, 3, 12)),
        (date(2026, 3, 12), ComplaintKind.ILL_TREATMENT, "MX", date(2026, 3, 17)),  # holiday
        (date(2026, 3, 12), ComplaintKind.ILL_TREATMENT, "", date(2026, 3, 16)),
        (TUESDAY, ComplaintKind.DATA_ACCESS, "MX", date(2026, 4, 8)),  # 20 working days
        (date(2026, 12, 30), ComplaintKind.ILL_TREATMENT, "MX", date(2027, 1, 4)),
    ],
)
def test_the_deadline_counts_working_days(received_on, kind, calendar, last):
    nowhere = replace(law_profile("none"), country=calendar)

    assert deadline(received_on, kind, nowhere).day == last


@pytest.mark.parametrize("kind", list(ComplaintKind))
def test_kinds_that_pause_contact_do_so_at_once(session, collector, debtor, kind):
    take(session, actor_of(collector), debtor, kind)

    assert (debtor.id in bans_on(session, TUESDAY)) is (kind in BANS)
    told = ban_notices(session, TUESDAY, [debtor.id]).get(debtor.id)
    assert (told and told.kind) == BANS.get(kind)


def test_an_answer_ends_the_pause_when_the_client_may_be_visited(
    session, collector, debtor, supervisor
):
    answer(session, supervisor, take(session, actor_of(collector), debtor))
    assert bans_on(session, TUESDAY) == {}

    answer(session, supervisor, take(session, supervisor, debtor), may_contact=False)
    assert debtor.id in bans_on(session, TUESDAY + timedelta(days=365))


def test_it_is_answered_when_somebody_lifted_the_ban_before(session, debtor, supervisor):
    taken = take(session, supervisor, debtor)
    lift_ban(session, supervisor, taken.ban_id, "se equivocó de persona", today=clock.today(ZONE))

    answered = answer(session, supervisor, taken)

    assert answered.answer == "se habló con el gestor"


@pytest.mark.parametrize("kind", [one for one in ComplaintKind if one in PAUSE_CAUSES])
def test_who_lifts_the_ban_of_a_complaint_ends_its_pause_and_it_goes_on_waiting(
    session, debtor, supervisor, kind
):
    taken, today = take(session, supervisor, debtor, kind), clock.today(ZONE)
    assert goes_on(session, taken.pause_id, today)

    assert lift_ban_and_pauses(session, supervisor, taken.ban_id, "era otro", today=today) == 1

    assert bans_on(session, today) == {}
    assert not goes_on(session, taken.pause_id, today)
    assert taken.answered_at is None
    assert answer(session, supervisor, taken).answered_at is not None


def test_a_ban_without_a_pause_is_lifted_alone_and_that_of_a_pause_ends_it(
    session, debtor, supervisor
):
    today = clock.today(ZONE)
    ban = ban_contact(session, supervisor, debtor.id, "lo pidió", today)
    session.flush()
    assert lift_ban_and_pauses(session, supervisor, ban.id, "volvió", today=today) == 0

    asked = PauseData(debtor.id, PauseCause.DISPUTE, "disputa la deuda", today)
    paused = pause(session, supervisor, asked, today=today)
    session.flush()
    assert paused.ban_id is not None
    assert lift_ban_and_pauses(session, supervisor, paused.ban_id, "aclarado", today=today) == 1


def test_a_pause_is_ended_although_somebody_lifted_its_ban_before(session, debtor, supervisor):
    today = clock.today(ZONE)
    asked = PauseData(debtor.id, PauseCause.DISPUTE, "disputa la deuda", today)
    paused = pause(session, supervisor, asked, today=today)
    session.flush()
    lift_ban(session, supervisor, paused.ban_id, "se equivocó", today=today)

    resume(session, supervisor, paused.id, "aclarado", today=today)

    assert not goes_on(session, paused.id, today)


def test_two_complaints_at_once_pause_until_the_last_is_answered(session, debtor, supervisor):
    first, second = (take(session, supervisor, debtor, text=one) for one in ("gritó", "empujó"))
    today = clock.today(ZONE)

    answer(session, supervisor, first)
    assert debtor.id in bans_on(session, today)
    answer(session, supervisor, second)
    assert bans_on(session, today) == {}


def test_the_same_told_twice_is_one_complaint_until_it_is_answered(session, debtor, supervisor):
    first = take(session, supervisor, debtor)

    assert take(session, supervisor, debtor, text=" me gritó ").id == first.id
    assert take(session, supervisor, debtor, text="me empujó").id != first.id
    assert take(session, supervisor, debtor, ComplaintKind.OTHER).id != first.id
    answer(session, supervisor, first)
    assert take(session, supervisor, debtor).id != first.id


def test_it_is_answered_once_in_words_by_the_office(session, collector, debtor, supervisor):
    taken = take(session, actor_of(collector), debtor)
    with pytest.raises(NotAllowed):
        answer(session, actor_of(collector), taken)
    with pytest.raises(ComplaintUnexplained):
        answer(session, supervisor, taken, " ")
    answer(session, supervisor, taken)
    with pytest.raises(ComplaintClosed):
        answer(session, supervisor, taken)


def test_a_collector_takes_them_of_their_own_clients_only(session, debtor):
    with pytest.raises(NotFound):
        take(session, actor_of(make_user(session)), debtor)


def test_what_waits_longest_stands_on_top_and_late_ones_are_told(
    session, collector, debtor, supervisor
):
    slow = take(session, supervisor, debtor, ComplaintKind.DATA_ACCESS)
    quick = take(session, supervisor, debtor)
    answer(session, supervisor, take(session, supervisor, debtor, text="me empujó"))

    rows = queries.register(session, ZONE)

    assert [row.id for row in rows][:2] == [quick.id, slow.id]
    assert [row.is_late(quick.answer_by) for row in rows] == [False, False, False]
    assert [row.is_late(quick.answer_by + timedelta(days=1)) for row in rows] == [
        True,
        False,
        False,
    ]


def test_a_client_gets_everything_that_is_kept_of_them_and_of_nobody_else(
    session, client_as, collector, debtor
):
    make_visit(session, debtor, collector, note="pidió volver")
    make_payment(session, collector, debtor)
    other = make_client(session)
    make_visit(session, other, collector, note="ajena")

    answer = client_as(Role.SUPERVISOR).get(f"/datos/{debtor.id}.zip")

    archive = zipfile.ZipFile(BytesIO(answer.data))
    content = archive.read("datos.json").decode()
    told = json.loads(content)
    assert told["client"][0]["name"] == "Rosa Muñoz"
    assert [one["note"] for one in told["visit"]] == ["pidió volver"]
    assert [len(told[name]) for name in ("payment", "invoice", "credit")] == [1, 1, 1]
    assert "ajena" not in content + archive.read("datos.htm").decode()


def test_a_complaint_is_taken_at_the_door_and_answered_at_the_desk(
    session, client_as, collector, debtor
):
    phone, desk = client_as(collector), client_as(Role.SUPERVISOR)
    form = {"number": debtor.external_id, "kind": "ill_treatment", "about": "", "text": "me gritó"}
    assert phone.post("/quejas/nueva", data=form | {"text": " "}).status_code == 422
    assert phone.post("/quejas/nueva", data=form | {"number": "X"}).status_code == 422
    page = phone.post("/quejas/nueva", data=form, follow_redirects=True).text
    assert "Q-0" in page

    assert "Sin visitas" in desk.get("/quejas").text
    [row] = queries.register(session, ZONE)
    address = f"/quejas/{row.id}/responder"
    assert desk.post(address, data={"answer": " "}).status_code == 422
    done = desk.post(
        address, data={"answer": "se habló con él", "may_contact": "y"}, follow_redirects=True
    )
    assert "Respondida" in done.text
    assert "Sin visitas" not in done.text


def test_an_answered_one_that_still_stops_visits_says_so_and_where_to_lift_it(
    session, client_as, debtor, supervisor
):
    answer(session, supervisor, take(session, supervisor, debtor), may_contact=False)
    session.commit()

    page = client_as(Role.SUPERVISOR).get("/quejas").text

    assert "Respondida" in page
    assert "Sin visitas" in page
    assert 'href="/cumplimiento#bans"' in page


def test_an_answer_that_is_too_long_comes_back_as_it_was_typed(
    session, client_as, debtor, supervisor
):
    taken = take(session, supervisor, debtor)
    session.commit()
    form = {"answer": "larga " * 700, "may_contact": "y"}

    page = client_as(Role.SUPERVISOR).post(f"/quejas/{taken.id}/responder", data=form)

    assert page.status_code == 422
    assert "larga larga" in page.text
    assert 'value="y" checked' in page.text


def test_a_disputed_debt_stops_the_clock_until_it_is_answered(session):
    boss, client = actor_of(make_user(session, Role.SUPERVISOR)), make_client(session, days=40)
    data = ComplaintData(client.id, ComplaintKind.DISPUTED_DEBT, "no es mi firma")

    complaint = services.take_complaint(session, boss, data, zone=ZONE)

    paused = session.get(CollectionPause, complaint.pause_id)
    assert (paused.cause, paused.to_on) == (PauseCause.DISPUTE, None)
    assert paused.reason == complaint_folio(complaint.id)  # "Queja" stands before it on screen
    with clock.frozen(clock.now() + timedelta(days=5)):
        later = clock.today(ZONE)
        held = client_life(session, client.id, later, ZONE).credits[0].now
        services.answer_complaint(
            session, boss, complaint.id, "sí lo es", may_contact=True, zone=ZONE
        )
    assert (held.days_past_due, held.counted_days) == (45, 39)
    assert paused.to_on == later - timedelta(days=1)


def test_the_pause_stays_when_the_client_may_not_be_contacted(session):
    boss, client = actor_of(make_user(session, Role.SUPERVISOR)), make_client(session)
    data = ComplaintData(client.id, ComplaintKind.DECEASED, "murió en mayo")
    complaint = services.take_complaint(session, boss, data, zone=ZONE)

    services.answer_complaint(
        session, boss, complaint.id, "lo sentimos", may_contact=False, zone=ZONE
    )

    assert session.get(CollectionPause, complaint.pause_id).to_on is None
