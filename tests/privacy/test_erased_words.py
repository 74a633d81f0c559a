"""No words about a person stay anywhere once their data was erased."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.audit.queries import faults
from collector_app.audit.rules import FaultKind
from collector_app.compliance.client_terms import (
    OverrideData,
    WishData,
    end_override,
    end_wish,
    honour_wish,
    request_override,
)
from collector_app.compliance.models import ContactBan, ContactWish, RuleOverride
from collector_app.compliance.services import ban_contact, lift_ban
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.planning.models import Plan, SkippedClient
from collector_app.planning.rules import SkipCause
from collector_app.privacy.queries import everything_about
from collector_app.privacy.rules import ERASED
from collector_app.privacy.services import erase
from collector_app.scoring.models import ScoringDecision
from collector_app.scoring.services import switch_scoring
from collector_app.sync.models import SyncEvent
from collector_app.sync.rules import SyncEventKind
from collector_app.violations.models import ViolationCase
from collector_app.violations.queries import judge
from collector_app.violations.services import keep_verdict
from collector_app.visits.annulments import WITH_ANNULLED
from collector_app.visits.models import Visit, VisitAnnulment
from collector_app.visits.services import annul_visit
from tests.factories import actor_of, make_user
from tests.sync.factories import make_device, make_event
from tests.visits.factories import make_visit

ZONE = ZoneInfo("America/Mexico_City")
SYSTEM = Actor.system("test")


@pytest.fixture
def boss(session):
    return actor_of(make_user(session, Role.SUPERVISOR))


def forget(session, client):
    erase(session, SYSTEM, client.id, "lo pidió", day=clock.today(ZONE), zone=ZONE)
    session.flush()


def words(session, table) -> str:
    rows = session.scalars(select(table).execution_options(**WITH_ANNULLED))
    return str([[getattr(row, one.key) for one in table.__table__.columns] for row in rows])


def test_the_reasons_of_decisions_about_her_go(session, boss, rosa):
    today = clock.today(ZONE)
    ban = ban_contact(session, boss, rosa.id, "carta de Rosa", today)
    data = WishData(rosa.id, "1111100", 0, 3600, "correo de Rosa")
    wish = honour_wish(session, boss, data, today=today)
    rule = "house.twice_in_seven_days"
    asked = OverrideData(rosa.id, rule, None, "lo pidió Rosa", today + timedelta(days=3))
    lifted = request_override(session, boss, asked, today=today)
    session.flush()
    lift_ban(session, boss, ban.id, "Rosa ya contesta", today=today)
    end_wish(session, boss, wish.id, "Rosa cambió de turno", today=today)
    end_override(session, boss, lifted.id, "Rosa se arrepintió", today=today)
    switch_scoring(session, boss, rosa.id, is_scored=False, reason="se opuso Rosa")

    forget(session, rosa)

    for table in (ContactBan, ContactWish, RuleOverride, ScoringDecision):
        assert "Rosa" not in words(session, table)
    assert [one for one in faults(session) if one.kind is FaultKind.ALTERED] == []


def test_the_words_of_a_ban_go_where_a_falta_and_a_plan_say_them_again(
    session, boss, collector, rosa
):
    today = clock.today(ZONE)
    ban_contact(session, boss, rosa.id, "carta de Rosa", today)
    make_visit(session, rosa, collector, started_at=clock.now(), ended_at=clock.now())
    keep_verdict(session, SYSTEM, judge(session, today, today, ZONE), today, today, ZONE)
    session.flush()
    assert "carta de Rosa" in words(session, ViolationCase)
    plan = Plan(
        day=today, created_at=clock.now(), travel_source="test", is_estimate=True, parameters={}
    )
    [case] = session.scalars(select(ViolationCase))
    said = {"blocks": [*case.blocks, {"rule_id": "house.pressure", "facts": {"done": 3}}]}
    plan.skipped.append(SkippedClient(client_id=rosa.id, cause=SkipCause.BANNED, facts=said))
    session.add(plan)
    session.flush()

    forget(session, rosa)

    for table in (ViolationCase, SkippedClient):
        told = words(session, table)
        assert "Rosa" not in told
        assert ERASED in told
    assert "house.pressure" in words(session, SkippedClient)


def test_what_phones_told_of_calls_and_of_visits_taken_back_goes(session, collector, rosa):
    device = make_device(session, collector)
    visit = make_visit(session, rosa, collector, note="con la hija de Rosa")
    annul_visit(session, actor_of(collector), visit.uuid, "no era Rosa")
    call = {"client_id": rosa.id, "channel": "call", "note": "contestó la hija de Rosa"}
    back = {"visit": visit.uuid, "reason": "no era Rosa"}  # as phones tell it (docs/sync-api.md)
    assert "con la hija" in str(everything_about(session, rosa.id))  # kept, so hers to see
    other = {"client_id": rosa.id * 10 + 1, "note": "otra persona"}
    for kind, body in (
        (SyncEventKind.CONTACT_RECORDED, call),
        (SyncEventKind.VISIT_ANNULLED, back),
        (SyncEventKind.CONTACT_RECORDED, other),
    ):
        statement = json.dumps(
            {"type": kind.value, "body": body}, sort_keys=True, separators=(",", ":")
        )
        make_event(session, device, kind=kind, statement=statement)

    forget(session, rosa)

    for table in (SyncEvent, VisitAnnulment, Visit):
        assert "Rosa" not in words(session, table)
    assert "otra persona" in words(session, SyncEvent)
