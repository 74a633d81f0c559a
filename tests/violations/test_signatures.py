"""Signatures of agreements: judged by day, hour, ban and wish; one at a visit is left to it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.agreements.queries import signing_law
from collector_app.agreements.services import sign
from collector_app.compliance.client_terms import WishData, honour_wish
from collector_app.compliance.services import ban_contact
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.violations.models import ViolationCase
from collector_app.violations.queries import arrivals_since, judge
from collector_app.violations.rules import FactKind
from collector_app.violations.services import keep_verdict
from collector_app.visits.rules import Outcome, PersonMet
from tests.agreements.factories import make_agreement
from tests.factories import actor_of, make_client, make_user
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = date(2026, 3, 10)
SATURDAY = date(2026, 3, 14)
SYSTEM = Actor.system("test")
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def debtor(session, collector):
    client = make_client(session)
    make_zone(session, [client], collector)
    return client


def local(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    return clock.at_second(day, hour * 3600 + minute * 60, ZONE)


def signed(session, debtor, collector, at: datetime):
    made = make_agreement(session, actor_of(collector), debtor)
    sign(session, actor_of(collector), made.id, "Rosa", PNG)
    made.signed_at = at
    session.flush()
    return made


def faults(session, day: date = TUESDAY) -> list[tuple[FactKind, list[str]]]:
    found = judge(session, day, day, ZONE).violations
    return [(one.kind, [block.sentence for block in one.blocks]) for one in found]


@pytest.mark.parametrize(
    ("at", "rules"),
    [
        (local(6, 59), ["hours"]),
        (local(7), []),
        (local(22), []),
        (local(22, 1), ["hours"]),
        (local(12, 0, SATURDAY), ["day"]),
    ],
)
def test_a_signature_is_judged_by_day_and_minute(session, debtor, collector, at, rules):
    made = signed(session, debtor, collector, at)

    found = judge(session, at.astimezone(ZONE).date(), at.astimezone(ZONE).date(), ZONE)

    told = [(one.kind, one.id, one.collector_id, one.at) for one in found.violations]
    kinds = [(FactKind.AGREEMENT, made.id, collector.id, at)]
    assert told == kinds * bool(rules)
    assert bool(signing_law(session, debtor.id, at, ZONE)) is bool(rules)
    assert found.agreement_count == 1
    assert all(block.article for one in found.violations for block in one.blocks)


def test_a_signature_under_a_ban_is_a_fault_from_its_instant_on(session, debtor, collector):
    ban = ban_contact(session, SYSTEM, debtor.id, "pidió que no lo busquen", TUESDAY)
    ban.created_at = local(12)
    made = signed(session, debtor, collector, local(11, 59))
    assert faults(session) == []

    made.signed_at = local(12)
    session.flush()

    [(kind, sentences)] = faults(session)
    assert (kind, sentences) == (FactKind.AGREEMENT, ["banned"])


def test_a_signature_outside_of_the_hours_that_a_client_asked_for_is_a_fault(
    session, debtor, collector
):
    told = WishData(debtor.id, "1111111", 9 * 3600, 12 * 3600, "trabaja")
    asker = actor_of(make_user(session, Role.SUPERVISOR))
    honour_wish(session, asker, told, today=TUESDAY).created_at = local(8)
    made = signed(session, debtor, collector, local(12))
    assert faults(session) == []

    made.signed_at = local(12, 1)
    session.flush()

    assert [kind for kind, _sentences in faults(session)] == [FactKind.AGREEMENT]


@pytest.mark.parametrize(
    ("minutes_later", "kinds"),
    [
        (0, [FactKind.VISIT]),
        (40, [FactKind.VISIT]),  # half an hour after the ten minutes of the visit
        (41, [FactKind.VISIT, FactKind.AGREEMENT]),
    ],
)
def test_a_signature_at_a_visit_is_not_judged_twice(
    session, debtor, collector, minutes_later, kinds
):
    began = local(5)
    make_visit(
        session,
        debtor,
        collector,
        started_at=began,
        ended_at=began + timedelta(minutes=10),
        person_met=PersonMet.HOLDER,
        outcome=Outcome.REFUSED,
    )
    signed(session, debtor, collector, began + timedelta(minutes=minutes_later))

    assert [kind for kind, _sentences in faults(session)] == kinds


def test_a_signature_counts_for_no_limit_and_breaks_none(session, debtor, collector):
    for n in range(12):
        make_visit(session, debtor, collector, started_at=local(10, n), ended_at=local(10, n))
    before = len(faults(session))

    signed(session, debtor, collector, local(15))

    assert len(faults(session)) == before
    assert signing_law(session, debtor.id, local(15), ZONE) == ()


def test_a_signature_is_judged_as_soon_as_it_came_in_and_kept_as_a_falta(
    session, debtor, collector
):
    since = clock.now()
    made = signed(session, debtor, collector, local(23))

    assert arrivals_since(session, min(since, local(23))) == {debtor.id: local(23)}
    keep_verdict(session, SYSTEM, judge(session, TUESDAY, TUESDAY, ZONE), TUESDAY, TUESDAY, ZONE)
    session.flush()
    [case] = session.query(ViolationCase).all()
    assert (case.kind, case.fact_id) == (FactKind.AGREEMENT, made.id)


def test_the_page_warns_before_a_client_signs(client_as, session, debtor, collector):
    made = make_agreement(session, actor_of(collector), debtor)
    session.commit()
    browser = client_as(Role.SUPERVISOR)
    before = browser.get(f"/convenios/{made.id}").get_data(as_text=True)
    ban_contact(session, SYSTEM, debtor.id, "pidió que no lo busquen", TUESDAY)
    session.commit()

    for path in (f"/convenios/{made.id}", f"/convenios/nuevo/{debtor.id}"):
        assert "Ahora no se le puede pedir que firme" in browser.get(path).get_data(as_text=True)
    assert "Ahora no se le puede pedir que firme" not in before
