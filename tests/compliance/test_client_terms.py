"""Hours that a client asked for, and exceptions that one asks for and another grants."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.compliance import client_terms, law_book, queries, services
from collector_app.compliance.client_terms import OverrideData, WishData
from collector_app.compliance.rules import (
    LONGEST_OVERRIDE_DAYS,
    NO_TERMS,
    BadHours,
    HourWindow,
    NoExpiry,
    NotLiftable,
    OwnRequest,
)
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from tests.factories import actor_of, make_client, make_user

TODAY = date(2026, 3, 10)
ZONE = ZoneInfo("America/Mexico_City")
HOUR_S = 3600
WEEKDAYS = "1111100"


@pytest.fixture
def debtor(session):
    return make_client(session)


@pytest.fixture
def dispatcher(session):
    return actor_of(make_user(session, Role.DISPATCHER))


@pytest.fixture
def supervisor(session):
    return actor_of(make_user(session, Role.SUPERVISOR))


def wish(debtor, weekdays=WEEKDAYS, starts=15, ends=18, reason="carta del 9 de marzo"):
    return WishData(debtor.id, weekdays, starts * HOUR_S, ends * HOUR_S, reason)


def exception(debtor, rule_id="house.rest_after_contact", ground=None, to_on=TODAY):
    return OverrideData(debtor.id, rule_id, ground, "pidió que volviéramos mañana", to_on)


def test_a_wish_holds_from_its_day_on_for_that_client_alone(session, debtor, dispatcher):
    client_terms.honour_wish(session, dispatcher, wish(debtor), today=TODAY)

    [rule] = queries.terms_on(session, TODAY, ZONE)[debtor.id].wishes
    assert rule.windows[0] == (HourWindow(15 * HOUR_S, 18 * HOUR_S),)
    assert rule.windows[6] == ()
    assert queries.terms_on(session, TODAY - timedelta(days=1), ZONE) == {}


@pytest.mark.parametrize(
    "wrong", [{"weekdays": "0000000"}, {"starts": 18}, {"ends": 25}, {"weekdays": "11"}]
)
def test_a_wish_that_leaves_nothing_open_is_refused(session, debtor, dispatcher, wrong):
    with pytest.raises(BadHours):
        client_terms.honour_wish(session, dispatcher, wish(debtor, **wrong), today=TODAY)


def test_a_wish_that_is_ended_binds_until_that_instant_and_not_after_it(
    session, debtor, dispatcher
):
    days = [TODAY + timedelta(days=n) for n in range(3)]
    noon = clock.at_second(days[1], 12 * HOUR_S, ZONE)
    with clock.frozen(noon - timedelta(days=1)):
        one = client_terms.honour_wish(session, dispatcher, wish(debtor), today=days[0])
        session.flush()
    with clock.frozen(noon):
        client_terms.end_wish(session, dispatcher, one.id, "cambió de turno", today=days[1])
        session.flush()

    book = law_book.read_laws(session, days[0], days[2], ZONE, [debtor.id])
    asked = [(day, None) for day in days]
    asked += [(days[1], noon - timedelta(seconds=1)), (days[1], noon)]
    for (day, at), holds in zip(asked, [True, False, False, True, False], strict=True):
        terms = queries.terms_on(session, day, ZONE, at=at).get(debtor.id, NO_TERMS)
        assert bool(terms.wishes) is holds
        assert bool(book.of(debtor.id, day, at).terms.wishes) is holds
    assert queries.wishes(session, days[1]) == []


def test_a_wish_is_ended_once_by_the_office_with_a_reason(session, debtor, dispatcher):
    one = client_terms.honour_wish(session, dispatcher, wish(debtor), today=TODAY)
    session.flush()
    collector = actor_of(make_user(session))
    with pytest.raises(NotAllowed):
        client_terms.end_wish(session, collector, one.id, "no", today=TODAY)
    with pytest.raises(services.DecisionUnexplained):
        client_terms.end_wish(session, dispatcher, one.id, " ", today=TODAY)
    with pytest.raises(NotFound):
        client_terms.end_wish(session, dispatcher, one.id + 1, "no", today=TODAY)
    assert queries.terms_on(session, TODAY, ZONE)[debtor.id].wishes

    client_terms.end_wish(session, dispatcher, one.id, "ya no lo pide", today=TODAY)
    client_terms.end_wish(session, dispatcher, one.id, "otra razón", today=TODAY)

    assert one.lift_reason == "ya no lo pide"
    assert (one.planned_to_on, one.to_on, one.lifted_by) == (
        None,
        TODAY - timedelta(days=1),
        dispatcher.user_id,
    )
    assert queries.terms_on(session, TODAY, ZONE) == {}


def test_an_exception_holds_once_another_person_grants_it_and_ends_by_itself(
    session, debtor, dispatcher, supervisor
):
    last = TODAY + timedelta(days=7)
    asked = client_terms.request_override(
        session, dispatcher, exception(debtor, to_on=last), today=TODAY
    )
    assert queries.terms_on(session, TODAY, ZONE) == {}

    client_terms.grant_override(session, supervisor, asked.id, today=TODAY)

    assert queries.terms_on(session, last, ZONE)[debtor.id].overridden == {
        "house.rest_after_contact"
    }
    assert queries.terms_on(session, last + timedelta(days=1), ZONE) == {}
    with pytest.raises(NotFound):
        client_terms.grant_override(session, supervisor, asked.id, today=last + timedelta(days=1))


def test_nobody_grants_what_they_asked_for(session, debtor, supervisor, dispatcher):
    asked = client_terms.request_override(session, supervisor, exception(debtor), today=TODAY)

    with pytest.raises(OwnRequest):
        client_terms.grant_override(session, supervisor, asked.id, today=TODAY)
    with pytest.raises(NotAllowed):
        client_terms.grant_override(session, dispatcher, asked.id, today=TODAY)


def test_the_law_is_lifted_only_on_its_own_grounds(session, debtor, dispatcher):
    admin = actor_of(make_user(session, Role.ADMIN))
    services.choose_profile(session, admin, "co", TODAY, "lo pidió legal", today=TODAY)
    ban = exception(debtor, "co.home_visits", "microcredit_authorised")

    client_terms.request_override(session, dispatcher, ban, today=TODAY)
    for wrong in (replace(ban, ground="porque sí"), replace(ban, rule_id="co.hours")):
        with pytest.raises(NotLiftable):
            client_terms.request_override(session, dispatcher, wrong, today=TODAY)
    with pytest.raises(NotFound):
        client_terms.request_override(
            session, dispatcher, replace(ban, rule_id="cl.hours"), today=TODAY
        )


@pytest.mark.parametrize(
    ("days", "is_taken"),
    [(-1, False), (0, True), (LONGEST_OVERRIDE_DAYS, True), (LONGEST_OVERRIDE_DAYS + 1, False)],
)
def test_an_exception_has_a_last_day_not_too_far(session, debtor, dispatcher, days, is_taken):
    data = exception(debtor, to_on=TODAY + timedelta(days=days))
    if is_taken:
        client_terms.request_override(session, dispatcher, data, today=TODAY)
    else:
        with pytest.raises(NoExpiry):
            client_terms.request_override(session, dispatcher, data, today=TODAY)


def test_asking_again_for_what_waits_is_one_request_and_another_last_day_is_not(
    session, debtor, dispatcher, supervisor
):
    first = client_terms.request_override(session, dispatcher, exception(debtor), today=TODAY)
    session.flush()
    again = client_terms.request_override(session, dispatcher, exception(debtor), today=TODAY)
    later = exception(debtor, to_on=TODAY + timedelta(days=1))
    other = client_terms.request_override(session, dispatcher, later, today=TODAY)
    session.flush()
    assert again is first
    assert other is not first

    client_terms.grant_override(session, supervisor, first.id, today=TODAY)
    session.flush()
    anew = client_terms.request_override(session, dispatcher, exception(debtor), today=TODAY)

    assert anew is not first


def test_the_law_of_days_ahead_is_that_of_each_day(session, debtor, dispatcher, supervisor):
    """Bans, wishes, exceptions and another law that begin and end within the week."""
    days = [TODAY + timedelta(days=n) for n in range(7)]
    admin = actor_of(make_user(session, Role.ADMIN))
    services.ban_contact(session, admin, debtor.id, "queja", days[1], days[4])
    services.ban_contact(session, admin, debtor.id, "queja nueva", days[3], days[5])
    client_terms.honour_wish(session, dispatcher, wish(debtor), today=days[2])
    client_terms.honour_wish(session, dispatcher, wish(make_client(session)), today=TODAY)
    asked = client_terms.request_override(
        session, dispatcher, exception(debtor, to_on=days[4]), today=TODAY
    )
    client_terms.grant_override(session, supervisor, asked.id, today=TODAY)
    services.choose_profile(session, admin, "cl", days[3], "abrimos allá", today=TODAY)

    found = law_book.laws_ahead(session, debtor.id, days, ZONE)

    assert [
        law_book.DayLaw(
            queries.profile_in_force(session, one),
            queries.bans_on(session, one).get(debtor.id),
            queries.terms_on(session, one, ZONE).get(debtor.id, NO_TERMS),
        )
        for one in days
    ] == found
    assert [one.ban for one in found] == [None, "queja", "queja", *["queja nueva"] * 3, None]
    assert len({one.profile.id for one in found}) == 2
    assert [len(one.terms.wishes) for one in found] == [0, 0, 1, 1, 1, 1, 1]


def granted(session, debtor, dispatcher, supervisor, to_on=TODAY):
    asked = client_terms.request_override(
        session, dispatcher, exception(debtor, to_on=to_on), today=TODAY
    )
    return client_terms.grant_override(session, supervisor, asked.id, today=TODAY)


def test_what_was_asked_for_is_rejected_once_and_can_be_asked_for_again(
    session, debtor, dispatcher, supervisor
):
    asked = client_terms.request_override(session, dispatcher, exception(debtor), today=TODAY)

    client_terms.end_override(session, supervisor, asked.id, "No consta por escrito", today=TODAY)
    client_terms.end_override(session, supervisor, asked.id, "Otra razón", today=TODAY)

    with pytest.raises(NotFound):
        client_terms.grant_override(session, supervisor, asked.id, today=TODAY)
    [row] = queries.overrides(session, TODAY)
    assert (row.is_ended, row.is_granted, row.end_reason) == (True, False, "No consta por escrito")
    again = client_terms.request_override(session, dispatcher, exception(debtor), today=TODAY)
    assert again is not asked


def test_a_revoked_exception_ends_at_that_instant_and_held_before_it(
    session, debtor, dispatcher, supervisor
):
    last = TODAY + timedelta(days=7)
    noon = clock.at_second(TODAY, 12 * HOUR_S, ZONE)
    with clock.frozen(noon - timedelta(hours=4)):
        one = granted(session, debtor, dispatcher, supervisor, to_on=last)
    with clock.frozen(noon):
        client_terms.end_override(session, supervisor, one.id, "El cliente se quejó", today=TODAY)

    assert queries.terms_on(session, TODAY, ZONE) == {}
    for at, is_lifted in ((noon - timedelta(seconds=1), True), (noon, False)):
        terms = queries.terms_on(session, TODAY, ZONE, at=at).get(debtor.id, NO_TERMS)
        assert bool(terms.overridden) is is_lifted
        book = law_book.read_laws(session, TODAY, last, ZONE, [debtor.id])
        assert bool(book.of(debtor.id, TODAY, at).terms.overridden) is is_lifted
        assert not book.of(debtor.id, last).terms.overridden


def test_who_asked_takes_it_back_until_it_is_granted_and_nobody_without_a_reason(
    session, debtor, dispatcher, supervisor
):
    other = actor_of(make_user(session, Role.DISPATCHER))
    asked = client_terms.request_override(session, dispatcher, exception(debtor), today=TODAY)
    with pytest.raises(NotAllowed):
        client_terms.end_override(session, other, asked.id, "no", today=TODAY)
    with pytest.raises(services.DecisionUnexplained):
        client_terms.end_override(session, dispatcher, asked.id, " ", today=TODAY)
    client_terms.end_override(session, dispatcher, asked.id, "Ya no hace falta", today=TODAY)

    one = granted(session, debtor, dispatcher, supervisor)
    with pytest.raises(NotAllowed):
        client_terms.end_override(session, dispatcher, one.id, "Ya no", today=TODAY)
    with pytest.raises(NotFound):
        client_terms.end_override(
            session, supervisor, one.id, "tarde", today=TODAY + timedelta(days=1)
        )
