"""Rows of a day in, a problem out: who falls out on the way and why, when who may be visited."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from collector_app.compliance.rules import ClientTerms
from collector_app.payments.queries import NO_DEBT, PromiseRow
from collector_app.planning.problem_builder import build_day
from collector_app.planning.rules import (
    NoDebts,
    NoWorkdays,
    NoZones,
    PlanPolicy,
    ReasonCode,
    SkipCause,
    Vehicle,
)
from collector_app.portfolio.rules import (
    AddressOrigin,
    ClientKind,
    Stage,
    VisitedPlace,
    VisitPlaceKind,
)
from collector_app.promises.rules import PromiseState
from collector_app.visits.queries import AppointmentRow, ContactRow
from collector_app.visits.rules import Outcome, PersonMet
from routing.problem import Window
from routing.travel.times import Profile
from tests.planning.factories import (
    HOUR_S,
    TUESDAY,
    candidate_row,
    day_of,
    debt,
    hour,
    workday_row,
)

POLICY = PlanPolicy()
PERSON_S = POLICY.person_service_s


def promise(
    due_on: date, state: PromiseState = PromiseState.OPEN, amount: int = 50_000, paid: int = 0
):
    return PromiseRow(1, amount, due_on, paid, state, hour(TUESDAY - timedelta(days=9), 12))


def appointment(start_hour: int, end_hour: int, day: date = TUESDAY):
    return AppointmentRow(1, 1, None, hour(day, start_hour), hour(day, end_hour))


def contact(day: date, at_hour: int = 12, *, met: bool = True):
    outcome = Outcome.REFUSED if met else Outcome.NOT_HOME
    person = PersonMet.HOLDER if met else PersonMet.NOBODY
    return ContactRow(hour(day, at_hour), outcome, person, met)


def the_skipped(rows):
    (skipped,) = build_day(rows, POLICY).skipped
    return skipped


def the_candidate(rows):
    (candidate,) = build_day(rows, POLICY).problem.candidates
    return candidate


def test_a_client_in_arrears_may_be_visited_by_the_owner_of_the_zone_in_legal_hours():
    candidate = the_candidate(day_of(candidate_row(7)))

    assert candidate.id == "7"
    assert candidate.shifts == {"1"}
    assert candidate.service_s == PERSON_S
    assert candidate.windows == (Window(7 * HOUR_S, 22 * HOUR_S - PERSON_S),)
    assert candidate.prize > 0
    assert not candidate.required


def test_a_business_takes_longer_than_a_person():
    candidate = the_candidate(day_of(candidate_row(kind=ClientKind.FIRM)))

    assert candidate.service_s == POLICY.firm_service_s > PERSON_S


def test_a_shift_is_the_working_day_of_its_collector():
    workday = workday_row(
        vehicle=Vehicle.FOOT, starts_s=8 * HOUR_S, ends_s=15 * HOUR_S, max_stops=12, end_lat=-29.95
    )

    (shift,) = build_day(day_of(candidate_row(), workdays=(workday,)), POLICY).problem.shifts

    assert shift.window == Window(8 * HOUR_S, 15 * HOUR_S)
    assert shift.profile is Profile.FOOT
    assert shift.max_stops == 12
    assert shift.end is not None
    assert shift.end.lat == -29.95


@pytest.mark.parametrize(
    ("values", "cause"),
    [
        ({"debt": debt(0, 0)}, SkipCause.NOTHING_OVERDUE),
        ({"ban": "queja"}, SkipCause.BANNED),
        ({"lat": None, "lon": None}, SkipCause.NO_LOCATION),
        ({"zone_id": None, "collector_id": None}, SkipCause.NO_ZONE),
        ({"collector_id": None}, SkipCause.NO_COLLECTOR),
        ({"collector_id": 99}, SkipCause.NO_COLLECTOR),  # no working hours
    ],
)
def test_what_keeps_a_client_out_is_told(values, cause):
    other = candidate_row(2)
    built = build_day(day_of(candidate_row(1, **values), other), POLICY)

    assert [(one.client_id, one.cause) for one in built.skipped] == [(1, cause)]
    assert [one.id for one in built.problem.candidates] == ["2"]


def test_a_client_without_debt_who_expects_us_is_visited():
    row = candidate_row(debt=NO_DEBT, appointments=(appointment(16, 17),))

    candidate = the_candidate(day_of(row))

    assert candidate.required
    assert candidate.windows == (Window(16 * HOUR_S, 17 * HOUR_S),)


@pytest.mark.parametrize(
    ("start", "end", "window"),
    [
        (6, 8, Window(7 * HOUR_S, 8 * HOUR_S)),  # the law begins at seven
        (21, 23, Window(21 * HOUR_S, 22 * HOUR_S - PERSON_S)),  # and the visit ends by ten
    ],
)
def test_an_appointment_is_cut_at_the_legal_hours(start, end, window):
    candidate = the_candidate(day_of(candidate_row(appointments=(appointment(start, end),))))

    assert candidate.windows == (window,)


def test_an_appointment_outside_the_legal_hours_leaves_no_window():
    skipped = the_skipped(day_of(candidate_row(appointments=(appointment(22, 23),))))

    assert skipped.cause is SkipCause.NO_LEGAL_WINDOW
    assert skipped.facts["appointment_s"] == 22 * HOUR_S


def test_two_appointments_are_alternatives():
    row = candidate_row(appointments=(appointment(9, 10), appointment(15, 16)))

    assert the_candidate(day_of(row)).windows == (
        Window(9 * HOUR_S, 10 * HOUR_S),
        Window(15 * HOUR_S, 16 * HOUR_S),
    )


def test_an_appointment_over_midnight_is_cut_at_the_end_of_the_day():
    late = AppointmentRow(1, 1, None, hour(TUESDAY, 23), hour(TUESDAY + timedelta(days=1), 1))

    candidate = the_candidate(day_of(candidate_row(appointments=(late,)), law="none"))

    assert candidate.windows == (Window(23 * HOUR_S, 24 * HOUR_S - PERSON_S),)


def test_a_promise_of_a_later_day_lets_the_client_rest():
    thursday = TUESDAY + timedelta(days=2)

    skipped = the_skipped(day_of(candidate_row(promises=(promise(thursday),))))

    assert skipped.cause is SkipCause.PROMISE_NOT_DUE
    assert skipped.facts == {"due_on": "2026-03-12", "amount_cents": 50_000}


@pytest.mark.parametrize(
    ("stage", "made_days_ago", "rests"),
    [
        (Stage.EARLY, 15, True),
        (Stage.EARLY, 16, False),
        (Stage.JUDICIAL, 7, True),
        (Stage.JUDICIAL, 8, False),
        (Stage.PREVENTIVE, 30, True),
        (Stage.PREVENTIVE, 31, False),
    ],
)
def test_a_promise_of_a_day_far_away_lets_the_client_rest_as_long_as_the_stage_allows(
    stage, made_days_ago, rests
):
    made_at = hour(TUESDAY - timedelta(days=made_days_ago), 12)
    far = replace(promise(TUESDAY + timedelta(days=180)), made_at=made_at)

    built = build_day(day_of(candidate_row(promises=(far,), stage=stage)), POLICY)

    assert [one.cause for one in built.skipped] == [SkipCause.PROMISE_NOT_DUE] * rests
    assert len(built.problem.candidates) == (not rests)


@pytest.mark.parametrize(
    ("state", "due_in_days"),
    [
        (PromiseState.CANCELLED, 2),
        (PromiseState.KEPT, 2),
        (PromiseState.OPEN, 0),
        (PromiseState.BROKEN, -1),
    ],
)
def test_other_promises_do_not_keep_us_away(state, due_in_days):
    row = candidate_row(promises=(promise(TUESDAY + timedelta(days=due_in_days), state),))

    assert the_candidate(day_of(row)).id == "1"


def test_an_appointment_beats_a_promise_of_a_later_day():
    row = candidate_row(
        promises=(promise(TUESDAY + timedelta(days=2)),), appointments=(appointment(10, 11),)
    )

    assert the_candidate(day_of(row)).required


def test_a_promise_due_today_is_worth_more_than_the_debt_alone():
    plain = the_candidate(day_of(candidate_row()))
    promised = the_candidate(day_of(candidate_row(promises=(promise(TUESDAY),))))

    assert promised.prize > plain.prize


def test_a_promise_due_today_without_arrears_is_worth_a_visit():
    row = candidate_row(debt=debt(0, 0), promises=(promise(TUESDAY),))

    assert the_candidate(day_of(row)).prize > 0


def test_on_a_day_that_the_law_forbids_everybody_is_left_out_with_the_article():
    sunday = date(2026, 3, 15)

    skipped = the_skipped(day_of(candidate_row(), day=sunday))

    assert skipped.cause is SkipCause.NO_LEGAL_WINDOW
    (block,) = skipped.facts["blocks"]
    assert block["rule_id"] == "mx_financial_strict.hours"
    assert "CONDUSEF" in block["article"]


@pytest.mark.parametrize(("days_ago", "is_out"), [((3, 6), True), ((3, 7), False)])
def test_two_attempts_in_seven_days_are_the_most(days_ago, is_out):
    contacts = tuple(contact(TUESDAY - timedelta(days=n), met=False) for n in days_ago)

    built = build_day(day_of(candidate_row(contacts=contacts)), POLICY)

    assert [one.cause for one in built.skipped] == [SkipCause.CONTACT_CAP] * is_out


def test_a_visit_that_was_not_made_is_no_attempt():
    not_made = ContactRow(hour(TUESDAY, 8), Outcome.NOT_VISITED, PersonMet.NOBODY, is_contact=False)
    row = candidate_row(contacts=(not_made, not_made, not_made))

    assert the_candidate(day_of(row)).id == "1"


def test_a_contact_of_yesterday_afternoon_leaves_only_the_afternoon_of_today():
    row = candidate_row(contacts=(contact(TUESDAY - timedelta(days=1), 15),))

    candidate = the_candidate(day_of(row))

    assert candidate.windows == (Window(15 * HOUR_S, 22 * HOUR_S - PERSON_S),)


def test_a_contact_of_today_is_enough_for_today():
    skipped = the_skipped(day_of(candidate_row(contacts=(contact(TUESDAY, 8),))))

    assert skipped.cause is SkipCause.CONTACT_CAP
    assert skipped.facts["blocks"][0]["sentence"] == "quiet"


def test_the_law_is_named_before_the_caps_when_both_forbid():
    row = candidate_row(contacts=(contact(date(2026, 3, 15), 8),))

    skipped = the_skipped(day_of(row, day=date(2026, 3, 15)))

    assert skipped.cause is SkipCause.NO_LEGAL_WINDOW
    assert len(skipped.facts["blocks"]) == 2


def test_a_legal_window_too_short_for_a_visit_is_none():
    yesterday = contact(TUESDAY - timedelta(days=1))
    late = replace(yesterday, at=hour(TUESDAY - timedelta(days=1), 21, 53))

    assert the_skipped(day_of(candidate_row(contacts=(late,)))).cause is SkipCause.NO_LEGAL_WINDOW


def codes(row, client_id: int = 1) -> list[str]:
    return [one["code"] for one in build_day(day_of(row), POLICY).reasons[client_id]]


def test_the_reasons_tell_the_appointment_first_then_the_promise_then_the_debt():
    row = candidate_row(appointments=(appointment(16, 17),), promises=(promise(TUESDAY),))

    assert codes(row) == [
        ReasonCode.APPOINTMENT,
        ReasonCode.PROMISE_TODAY,
        ReasonCode.DEBT,
        ReasonCode.LONG_SILENCE,
    ]


@pytest.mark.parametrize(("days", "is_told"), [(13, False), (14, True)])
def test_a_long_silence_is_told(days, is_told):
    row = candidate_row(contacts=(contact(TUESDAY - timedelta(days=days)),))

    assert (ReasonCode.LONG_SILENCE in codes(row)) == is_told


@pytest.mark.parametrize(("days_ago", "is_told"), [(1, True), (7, True), (8, False)])
def test_a_promise_that_ran_out_lately_is_told(days_ago, is_told):
    late = promise(TUESDAY - timedelta(days=days_ago), PromiseState.BROKEN)

    assert (ReasonCode.PROMISE_LATE in codes(candidate_row(promises=(late,)))) == is_told


def test_a_promise_is_told_by_what_is_still_missing():
    half = promise(TUESDAY - timedelta(days=1), PromiseState.PARTIAL, amount=80_000, paid=30_000)
    built = build_day(day_of(candidate_row(promises=(half,))), POLICY)

    assert built.reasons[1][0] == {
        "code": "promise_late",
        "amount_cents": 50_000,
        "due_on": "2026-03-09",
        "days": 1,
    }


def test_a_day_with_nothing_to_plan_says_what_is_missing():
    with pytest.raises(NoWorkdays):
        build_day(day_of(candidate_row(), workdays=()), POLICY)
    with pytest.raises(NoDebts):
        build_day(day_of(candidate_row(debt=debt(0, 0))), POLICY)
    with pytest.raises(NoZones):
        build_day(day_of(candidate_row(collector_id=None)), POLICY)


@pytest.mark.parametrize(
    ("law", "kind", "is_authorised", "is_out"),
    [
        ("mx_financial_strict", VisitPlaceKind.WORKPLACE, False, True),
        ("mx_financial_strict", VisitPlaceKind.WORKPLACE, True, False),
        ("mx_financial_strict", VisitPlaceKind.BUSINESS, False, False),
        ("cl", VisitPlaceKind.WORKPLACE, True, True),
        ("pe", VisitPlaceKind.HOME, False, True),
        ("pe", VisitPlaceKind.HOME, True, False),
        ("ec", VisitPlaceKind.WORKPLACE, False, False),
    ],
)
def test_who_lives_where_the_law_forbids_visits_is_left_out_with_the_article(
    law, kind, is_authorised, is_out
):
    row = candidate_row(terms=ClientTerms(place=VisitedPlace(kind, is_authorised)))

    built = build_day(day_of(row, law=law), POLICY)

    assert [one.cause for one in built.skipped] == [SkipCause.NO_LEGAL_WINDOW] * is_out
    for one in built.skipped:
        (block,) = one.facts["blocks"]
        assert (block["rule_id"], block["facts"]) == (f"{law}.places", {"place": kind.value})
        assert block["article"]


@pytest.mark.parametrize(
    ("law", "origin", "is_authorised", "is_out"),
    [
        ("mx_financial_strict", AddressOrigin.FOUND, False, True),
        ("mx_financial_strict", AddressOrigin.FOUND, True, False),
        ("mx_financial_strict", AddressOrigin.CONTRACT, False, False),
        ("mx_commercial", AddressOrigin.FOUND, False, True),
        ("mx_commercial", AddressOrigin.CLIENT, False, False),
        ("pe", AddressOrigin.FOUND, False, True),
        ("ec", AddressOrigin.FOUND, False, False),
    ],
)
def test_an_address_that_nobody_gave_is_left_out_where_the_law_says_so(
    law, origin, is_authorised, is_out
):
    terms = ClientTerms(place=VisitedPlace(None, is_authorised, origin))

    built = build_day(day_of(candidate_row(terms=terms), law=law), POLICY)

    assert [one.cause for one in built.skipped] == [SkipCause.NO_LEGAL_WINDOW] * is_out
    for one in built.skipped:
        (block,) = one.facts["blocks"]
        assert (block["rule_id"], block["sentence"]) == (f"{law}.places", "place_not_given")
        assert block["article"]


def test_an_appointment_at_work_is_not_kept_where_the_law_forbids_it():
    terms = ClientTerms(place=VisitedPlace(VisitPlaceKind.WORKPLACE, is_authorised=False))

    skipped = the_skipped(day_of(candidate_row(terms=terms, appointments=(appointment(10, 12),))))

    assert skipped.cause is SkipCause.NO_LEGAL_WINDOW
