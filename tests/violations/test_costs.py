"""What faltas may cost: the sums of their days, those repeated, and fines that became final."""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.audit.queries import faults
from collector_app.audit.rules import FaultKind
from collector_app.compliance.profile_files import law_profile
from collector_app.compliance.rules import UnitValue
from collector_app.compliance.unit_values import value_on
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.violations.models import Sanction, ViolationCase
from collector_app.violations.queries import CaseFilter, cost_of_cases, sanction_list
from collector_app.violations.rules import (
    CaseState,
    Exposure,
    FactKind,
    Fault,
    NotFinalYet,
    exposures,
    laws_broken,
    prices,
    worst_costs,
)
from collector_app.violations.services import note_sanction, withdraw_sanction
from tests.factories import actor_of, make_client, make_user

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = date(2026, 3, 10)
DAY = CaseFilter(TUESDAY, TUESDAY, ZONE)
HOURS, CASH = "mx_commercial.hours", "mx_commercial.no_money"
SHOP = law_profile("mx_commercial")
BANK = law_profile("mx_financial_strict")


@pytest.fixture
def supervisor(session):
    return actor_of(make_user(session, Role.SUPERVISOR))


def falta(session, day: date, *rules: str, collector_id: int | None = None) -> ViolationCase:
    """A falta at noon, found under the laws that its rules belong to; the first is the house's."""
    rules = rules or (HOURS,)
    client = make_client(session)
    case = ViolationCase(
        kind=FactKind.VISIT,
        fact_id=client.id,
        client_id=client.id,
        collector_id=collector_id,
        at=clock.at_second(day, 12 * 3600, ZONE),
        profile_id="any",
        profile_version="any",
        law=laws_broken(rules)[0],
        blocks=[{"rule_id": one, "article": "", "sentence": "hours", "facts": {}} for one in rules],
        judged_at=clock.now(),
    )
    session.add(case)
    session.flush()
    return case


def exposed(profile, done, **known) -> list[Exposure]:
    return exposures(prices(profile, done, **known))


def of_consumer_law(found: Iterable[Exposure]) -> list[Exposure]:
    return [one for one in found if one.penalty.is_money]


@pytest.mark.parametrize(
    ("day", "least", "most"),
    [
        (date(2025, 12, 31), 219_912_08, 6_157_537_94),
        (date(2026, 1, 1), 228_266_96, 6_391_474_56),
    ],
)
def test_the_fine_of_profeco_is_that_of_the_year_of_the_falta(day, least, most):
    [fine] = of_consumer_law(exposed(SHOP, [Fault(day, frozenset({HOURS}))]))

    assert (fine.least_cents, fine.most_cents, fine.currency) == (least, most, "MXN")


def test_a_falta_of_before_any_known_sum_has_no_cost_in_money():
    [fine] = of_consumer_law(exposed(SHOP, [Fault(date(2022, 12, 31), frozenset({HOURS}))]))

    assert (fine.count, fine.most, fine.most_cents) == (1, None, None)


def test_only_the_repeated_falta_may_cost_the_double():
    days = [TUESDAY, TUESDAY, TUESDAY + timedelta(days=1)]
    done = [Fault(day, frozenset({HOURS})) for day in days]

    [fine] = of_consumer_law(exposed(SHOP, [*done, Fault(TUESDAY, frozenset({CASH}))]))

    assert (fine.count, fine.repeated) == (4, 2)
    assert fine.most_cents == (4 + 2) * 6_391_474_56
    assert fine.least_cents == 4 * 228_266_96


@pytest.mark.parametrize(("days", "repeated"), [(0, 1), (1, 0)])
def test_a_falta_is_repeated_until_three_years_after_the_one_before(days, repeated):
    first = Fault(TUESDAY, frozenset({HOURS}), is_asked=False)
    last = date(2029, 3, 10) + timedelta(days=days)

    [fine] = of_consumer_law(exposed(SHOP, [Fault(last, frozenset({HOURS})), first]))

    assert (fine.count, fine.repeated) == (1, repeated)


@pytest.mark.parametrize(
    ("final_on", "repeated"),
    [
        (TUESDAY, 0),  # what was done before the fine was final repeats nothing
        (TUESDAY - timedelta(days=1), 1),
        (date(2024, 3, 10), 1),
        (date(2024, 3, 9), 0),
    ],
)
def test_a_bank_pays_the_double_within_two_years_of_a_final_fine_alone(final_on, repeated):
    done = [Fault(TUESDAY, frozenset({"mx_financial_strict.hours"}))] * 2

    [never] = exposed(BANK, done, value_on=value_on)
    [fine] = exposed(BANK, done, sanctioned_on=[final_on], value_on=value_on)

    assert never.repeated == 0
    assert fine.repeated == 2 * repeated
    assert fine.most == (2 + 2 * repeated) * 2_000


def test_a_falta_is_worth_the_unit_of_its_day():
    days = (date(2026, 1, 31), date(2026, 2, 1))
    done = [Fault(day, frozenset({"mx_financial_strict.hours"})) for day in days]

    before, after = exposed(BANK, done, value_on=value_on)

    assert before.most_cents == 2_000 * 113_14
    assert after.most_cents == 2_000 * 117_31


@pytest.mark.parametrize(("stale_from", "is_stale"), [(TUESDAY, True), (date(2026, 3, 11), False)])
def test_an_old_value_says_that_it_is_old(stale_from, is_stale):
    old = UnitValue(
        date(2026, 1, 1), stale_from, 1, "MXN", "x", TUESDAY, SHOP.rules[0].source.confidence
    )

    [fine] = exposed(BANK, [Fault(TUESDAY, frozenset({"x"}))], value_on=lambda _unit, _day: old)

    assert fine.is_stale == is_stale


# -- of what is kept


def test_what_one_collector_did_is_repeated_by_another(session):
    first, second = make_user(session).id, make_user(session).id
    falta(session, TUESDAY - timedelta(days=400), collector_id=first)
    falta(session, TUESDAY, collector_id=second)
    falta(session, TUESDAY, CASH, collector_id=first)

    def asked(collector_id: int | None) -> tuple[int, int]:
        wanted = CaseFilter(TUESDAY, TUESDAY, ZONE, None, collector_id)
        found = cost_of_cases(session, wanted).by_penalty
        [fine] = of_consumer_law(found)
        return fine.count, fine.repeated

    assert (asked(None), asked(first), asked(second)) == ((2, 1), (1, 0), (1, 1))


@pytest.mark.parametrize("state", [CaseState.JUSTIFIED, CaseState.WITHDRAWN])
def test_a_falta_that_was_none_is_repeated_by_nobody(session, state):
    falta(session, TUESDAY - timedelta(days=1)).state = state
    falta(session, TUESDAY)
    session.flush()

    [fine] = of_consumer_law(cost_of_cases(session, DAY).by_penalty)

    assert (fine.count, fine.repeated) == (1, 0)


def test_where_the_law_names_no_time_any_earlier_falta_counts(session):
    falta(session, date(2010, 1, 4), "ec.hours")
    falta(session, TUESDAY, "ec.hours")

    [fine] = cost_of_cases(session, DAY).by_penalty

    assert (fine.repeated, fine.most, fine.most_cents) == (1, 20, 20 * 482_00)


def test_a_final_fine_counts_until_it_is_withdrawn(session, supervisor):
    falta(session, TUESDAY, "mx_financial_strict.hours")
    for law in ("mx_financial_strict", "mx_commercial"):
        note_sanction(
            session, supervisor, law, TUESDAY - timedelta(days=9), " 12/2026 ", today=TUESDAY
        )
    session.flush()
    [fined] = cost_of_cases(session, DAY).by_penalty
    own = next(one for one in sanction_list(session) if one.law == "mx_financial_strict")

    withdraw_sanction(session, supervisor, own.id)
    withdraw_sanction(session, supervisor, own.id)
    session.flush()

    assert (fined.repeated, own.reference) == (1, "12/2026")
    assert cost_of_cases(session, DAY).by_penalty[0].repeated == 0
    assert [one.is_withdrawn for one in sanction_list(session) if one.id == own.id] == [True]


def test_a_fine_is_noted_by_the_desk_under_a_known_law_and_never_ahead(session, supervisor):
    gestor = actor_of(make_user(session))

    with pytest.raises(NotAllowed):
        note_sanction(session, gestor, "mx_commercial", TUESDAY, "1", today=TUESDAY)
    with pytest.raises(NotFound):
        note_sanction(session, supervisor, "mars", TUESDAY, "1", today=TUESDAY)
    for wrong in (TUESDAY + timedelta(days=1), date(1999, 12, 31), date(1, 1, 1)):
        with pytest.raises(NotFinalYet):
            note_sanction(session, supervisor, "mx_commercial", wrong, "1", today=TUESDAY)
    with pytest.raises(NotAllowed):
        withdraw_sanction(session, gestor, 1)
    with pytest.raises(NotFound):
        withdraw_sanction(session, supervisor, 999_999)
    assert sanction_list(session) == []


def test_final_fines_are_sealed_in_the_log(session, supervisor):
    sanction = note_sanction(session, supervisor, "mx_commercial", TUESDAY, "1", today=TUESDAY)
    session.commit()

    session.execute(Sanction.__table__.update().values(final_on=date(2020, 1, 1)))
    session.commit()

    altered = [one.kind for one in faults(session) if one.row == f"sanction {sanction.id}"]
    assert altered == [FaultKind.ALTERED]


# -- against two laws


OF_BANK = "mx_financial_strict.hours"


def test_a_falta_against_two_laws_is_priced_under_each_and_the_worst_counts_it_once(session):
    falta(session, TUESDAY, OF_BANK, HOURS)
    falta(session, TUESDAY, OF_BANK)

    found = cost_of_cases(session, DAY)

    prices_ = {one.penalty.id: (one.count, one.most_cents) for one in found.by_penalty}
    assert prices_ == {
        "mx_financial_strict.fine": (2, 2 * 2_000 * 117_31),
        "mx_commercial.fine": (1, 2_000 * 117_31),
        "mx_commercial.consumer_law_fine": (1, 6_391_474_56),
    }
    assert [(one.currency, one.count, one.most_cents) for one in found.worst] == [
        ("MXN", 2, 6_391_474_56 + 2_000 * 117_31)
    ]
    assert found.of_several == 1


def test_rules_of_the_house_and_wishes_are_no_second_law(session):
    falta(
        session,
        TUESDAY,
        OF_BANK,
        "house.twice_in_seven_days",
        "client_wish.1",
        "mx_financial_strict.places",
    )

    found = cost_of_cases(session, DAY)

    assert [one.count for one in found.by_penalty] == [1]
    assert found.of_several == 0


def test_a_falta_under_the_second_law_is_repeated_by_one_under_the_first(session):
    falta(session, TUESDAY - timedelta(days=1), HOURS)
    falta(session, TUESDAY, OF_BANK, HOURS)

    [fine] = of_consumer_law(cost_of_cases(session, DAY).by_penalty)

    assert (fine.count, fine.repeated) == (1, 1)


def test_laws_in_two_currencies_have_two_worst_sums(session, client_as):
    falta(session, TUESDAY, OF_BANK, "cl.hours")

    worst = cost_of_cases(session, DAY).worst

    assert [(one.currency, one.count) for one in worst] == [("CLP", 1), ("MXN", 1)]
    session.commit()
    page = client_as(Role.SUPERVISOR).get(f"/faltas?first={TUESDAY}&to={TUESDAY}").text
    assert "Las monedas no se comparan: una falta con multa en dos cuenta en las dos." in page


def test_a_law_without_a_fine_or_with_a_value_that_nobody_knows_adds_nothing(session):
    falta(session, TUESDAY, OF_BANK, "ar.words")
    alone = worst_costs(prices(BANK, [Fault(TUESDAY, frozenset({OF_BANK}), number=1)]))

    found = cost_of_cases(session, DAY)

    assert alone == []  # nobody told what a unit is worth
    assert [one.penalty.id for one in found.by_penalty] == ["mx_financial_strict.fine"]
    assert found.of_several == 1


fines = st.lists(st.tuples(st.integers(1, 5), st.sampled_from([SHOP, BANK])), max_size=8)


@given(fines, fines)
def test_the_worst_is_never_less_than_under_one_law_nor_more_than_all_together(first, more):
    def priced(faults):
        return [
            price
            for number, law in faults
            for price in prices(
                law, [Fault(TUESDAY, frozenset({"x"}), number=number)], value_on=value_on
            )
        ]

    def worst(faults):
        return sum(one.most_cents for one in worst_costs(priced(faults)))

    together = worst([*first, *more])
    assert max(worst(first), worst(more)) <= together <= worst(first) + worst(more)


# -- the page


def test_the_page_tells_the_worst_of_two_laws_and_that_one_falta_was_against_both(
    client_as, session
):
    falta(session, TUESDAY, OF_BANK, HOURS)
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/faltas?first={TUESDAY}&to={TUESDAY}").text

    assert "Lo peor: hasta $6,391,474.56 por 1 falta" in page
    assert "1 falta rompe más de una ley: abajo se valora por cada una." in page
    assert "México, crédito comercial (Profeco) · LFPC" in page
    assert "Las monedas no se comparan" not in page
    assert "México, crédito financiero (prudente) · LTOSF art. 41" in page


def test_the_page_tells_sums_by_year_what_is_repeated_and_that_they_are_not_added(
    client_as, session
):
    for day in (TUESDAY - timedelta(days=1), TUESDAY):
        falta(session, day)
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/faltas?first={TUESDAY}&to={TUESDAY}").text

    assert "De $228,266.96 a $12,782,949.12" in page
    assert "1 repetida: hasta 2 veces" in page
    assert "con los montos vigentes desde el 1 de enero de 2026" in page
    assert "con UMA de $117.31, la que vale desde el 1 de febrero de 2026" in page
    assert "por un mismo hecho no hay dos multas" in page
    assert "128 Ter" in page


def test_the_page_says_which_month_s_value_was_used_when_it_is_not_the_newest(client_as, session):
    falta(session, TUESDAY, "cl.hours")
    session.commit()

    page = client_as(Role.SUPERVISOR).get(f"/faltas?first={TUESDAY}&to={TUESDAY}").text

    assert "la que vale desde el 1 de febrero de 2026" in page
    assert "es el último que se conoce de UTM" in page


def test_a_final_fine_is_noted_and_withdrawn_on_the_page(client_as, session):
    desk = client_as(Role.SUPERVISOR)
    form = {"law": "mx_commercial", "final_on": "2026-01-15", "reference": "Profeco 9/2026"}

    ahead = desk.post(
        "/faltas/multas", data=form | {"final_on": "2999-01-01"}, follow_redirects=True
    )
    empty = desk.post("/faltas/multas", data=form | {"reference": ""}, follow_redirects=True)
    noted = desk.post("/faltas/multas", data=form, follow_redirects=True)
    [kept] = sanction_list(session)
    gone = desk.post(f"/faltas/multas/{kept.id}/retirar", follow_redirects=True)

    assert "debe ser hoy o antes" in ahead.text
    assert "escribe la autoridad" in empty.text
    assert "Profeco 9/2026" in noted.text
    assert "Retirada: no cuenta" in gone.text


def test_the_oldest_day_of_a_final_fine_is_taken(session, supervisor):
    note_sanction(session, supervisor, "mx_commercial", date(2000, 1, 1), "1", today=TUESDAY)
    session.flush()

    assert [one.final_on for one in sanction_list(session)] == [date(2000, 1, 1)]
