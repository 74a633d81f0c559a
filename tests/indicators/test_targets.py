"""Targets of single collectors, zones and stages beside those of the company."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.audit import services as audit
from collector_app.audit.models import AuditEntry
from collector_app.audit.queries import faults
from collector_app.audit.rules import content_hash
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.indicators.charts import bars
from collector_app.indicators.models import GroupTarget, IndicatorTarget
from collector_app.indicators.queries import STAGES, group_targets_on, targets_on
from collector_app.indicators.rules import BadTarget, Dimension, Figure, Indicator
from collector_app.indicators.services import set_group_target, set_target
from collector_app.portfolio.rules import Stage
from tests.factories import actor_of, make_client, make_user
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
RATE = Indicator.CONTACT_RATE
BY_COLLECTOR = Dimension.COLLECTOR


@pytest.fixture
def today(stopped_clock):
    return clock.today(ZONE)


@pytest.fixture
def boss(session, today):
    return actor_of(make_user(session, Role.SUPERVISOR))


@pytest.fixture
def ana(session, today):
    return make_user(session, full_name="Ana Rojas")


def test_the_last_target_of_a_group_holds_from_its_day(session, boss, ana, today):
    bea = make_user(session)
    for target, days in ((0.4, 20), (0.6, 5)):
        day = today - timedelta(days=days)
        set_group_target(session, boss, RATE, BY_COLLECTOR, ana.id, target, day)
    session.flush()

    def on(days: int) -> dict[int, float]:
        day = today - timedelta(days=days)
        return group_targets_on(session, RATE, BY_COLLECTOR, day)

    assert on(21) == {}
    assert on(20) == on(6) == {ana.id: 0.4}
    assert on(0) == {ana.id: 0.6}
    assert bea.id not in on(0)


def test_an_ended_target_gives_way_to_the_companys(session, boss, ana, today):
    for target in (0.4, None):
        set_group_target(session, boss, RATE, BY_COLLECTOR, ana.id, target, today)
    session.flush()

    assert group_targets_on(session, RATE, BY_COLLECTOR, today) == {}


def test_zones_and_stages_have_targets_apart_from_each_other(session, boss, ana, today):
    zone = make_zone(session, [make_client(session)], ana)
    stage = STAGES.index(Stage.ADMINISTRATIVE)
    set_group_target(session, boss, RATE, Dimension.ZONE, zone.id, 0.3, today)
    set_group_target(session, boss, RATE, Dimension.STAGE, stage, 0.7, today)
    set_group_target(session, boss, Indicator.KEPT_RATE, Dimension.STAGE, stage, 0.9, today)
    session.flush()

    assert group_targets_on(session, RATE, Dimension.ZONE, today) == {zone.id: 0.3}
    assert group_targets_on(session, RATE, Dimension.STAGE, today) == {stage: 0.7}
    assert group_targets_on(session, RATE, BY_COLLECTOR, today) == {}


@pytest.mark.parametrize("by", [Dimension.WEEK, Dimension.SEGMENT, BY_COLLECTOR, Dimension.ZONE])
def test_a_group_that_is_none_has_no_target(session, boss, today, by):
    with pytest.raises(NotFound):
        set_group_target(session, boss, RATE, by, 9_999, 0.5, today)


def test_who_may_set_none_and_what_cannot_be_are_refused(session, boss, ana, today):
    dispatcher = actor_of(make_user(session, Role.DISPATCHER))

    with pytest.raises(NotAllowed):
        set_group_target(session, dispatcher, RATE, BY_COLLECTOR, ana.id, 0.5, today)
    with pytest.raises(BadTarget):
        set_group_target(session, boss, RATE, BY_COLLECTOR, ana.id, 1.5, today)


def test_a_target_of_a_group_changed_behind_the_log_is_named(session, boss, ana, today):
    set_group_target(session, boss, RATE, BY_COLLECTOR, ana.id, 0.5, today)
    session.commit()
    row_id = session.scalars(select(GroupTarget.id)).one()
    assert f"group_target {row_id}" not in [fault.row for fault in faults(session)]

    session.execute(GroupTarget.__table__.update().values(target=1))
    session.commit()

    assert f"group_target {row_id}" in [fault.row for fault in faults(session)]


def test_a_counted_target_keeps_its_decimals(client_as, session, ana, today):
    desk = client_as(Role.SUPERVISOR)
    make_visit(session, make_client(session), ana)

    for indicator, typed in (("complaints_per_1000", "0.5"), ("days_to_contact", "1,25")):
        answer = desk.post(f"/indicadores/{indicator}/meta", data={"target": typed})
        assert answer.status_code == 303

    assert targets_on(session, today)[Indicator.COMPLAINTS_PER_1000] == 0.5
    assert "A lo más 0.5" in desk.get("/indicadores/complaints_per_1000").text
    page = desk.get("/indicadores/days_to_contact").text
    assert "A lo más 1.25" in page
    assert 'value="1.25"' in page  # sending the form as it is changes nothing


def test_a_target_of_before_decimals_means_what_it_meant_and_stays_sealed(session, boss, today):
    indicator = Indicator.VISITS_PER_DAY
    old = IndicatorTarget(
        indicator=indicator, target=12, from_on=today, set_by=boss.user_id, set_at=clock.now()
    )
    session.add(old)
    audit.log(session, boss, "indicators.target_set", old, indicator=indicator.value)
    session.commit()
    sealed = session.scalars(
        select(AuditEntry.content_hash).where(AuditEntry.subject_type == "indicator_target")
    ).one()
    without = {key: value for key, value in old.sealed_content().items() if key != "divisor"}

    assert targets_on(session, today) == {indicator: 12}
    assert sealed == content_hash(without)  # as it was sealed before there was such a column
    assert f"indicator_target {old.id}" not in [fault.row for fault in faults(session)]


def test_a_divisor_changed_behind_the_log_is_named(session, boss, today):
    set_target(session, boss, Indicator.VISITS_PER_DAY, 12.5, today)
    session.commit()

    session.execute(IndicatorTarget.__table__.update().values(divisor=10))
    session.commit()

    assert "indicator_target" in "".join(fault.row for fault in faults(session))


def test_each_row_is_judged_by_its_own_target_or_the_companys(client_as, session, ana, boss, today):
    bea = make_user(session, full_name="Bea Soto")
    for collector in (ana, bea):
        make_visit(session, make_client(session), collector)
    set_target(session, boss, RATE, 0.8, today)
    desk = client_as(Role.SUPERVISOR)

    answer = desk.post(
        "/indicadores/contact_rate/meta?por=collector",
        data={"target": "62.5", "whose": str(ana.id)},
    )

    page = desk.get("/indicadores/contact_rate?por=collector").text
    assert answer.status_code == 303
    assert page.count("Meta 62.5 %") == 1
    assert page.count("Meta de todos 80.0 %") == 1
    assert "Al menos 80.0 %" in page  # the company's stays


def test_a_group_that_is_not_offered_is_refused_on_the_page(client_as, session, ana):
    answer = client_as(Role.ADMIN).post(
        "/indicadores/contact_rate/meta?por=collector", data={"target": "50", "whose": "9999"}
    )

    assert answer.status_code == 422
    assert session.scalars(select(GroupTarget)).all() == []


@pytest.mark.parametrize("by", ["zone", "stage", "week", "segment"])
def test_the_form_offers_the_groups_that_can_have_one(client_as, session, ana, by):
    make_zone(session, [make_client(session)], ana, name="Zona Norte")

    page = client_as(Role.SUPERVISOR).get(f"/indicadores/contact_rate?por={by}").text

    assert ('name="whose"' in page) == (by in ("zone", "stage"))
    assert ("<option" in page and ">Zona Norte</option>" in page) == (by == "zone")


def test_bars_hold_every_target_and_begin_at_nothing():
    figures = [Figure(1, 4, 0.25, None, None), Figure(-1, 4, -0.25, None, None)]

    found = bars(figures, [0.5, None])

    assert [row.length for row in found.rows] == [50, 0]
    assert [row.target for row in found.rows] == [100, None]
