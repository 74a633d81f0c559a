"""Every route, seen by nobody, by the wrong role, by the right role and by another person.

The routes are read from the site map, so a new one is tested without being named here. What a
test can't guess is which object an address speaks of: `OBJECTS` says how to make one for each name
of an address parameter. A parameter that is not in it fails with a message that says what to add.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from collector_app.absences.rules import AbsenceKind
from collector_app.absences.services import record_absence
from collector_app.accounts.access import ANYBODY
from collector_app.accounts.models import User
from collector_app.agreements.models import SettlementLetter
from collector_app.api.rules import Scope
from collector_app.api.services import create_key
from collector_app.api.writes import WRITES
from collector_app.app import AREAS
from collector_app.cash import services as cash
from collector_app.complaints.rules import ComplaintData, ComplaintKind
from collector_app.complaints.services import take_complaint
from collector_app.compliance.models import ContactBan, ContactWish, RuleOverride
from collector_app.core import clock, jobs
from collector_app.core.actor import Actor, Role
from collector_app.exchange.import_job import file_store
from collector_app.exchange.models import ImportBatch
from collector_app.messages.services import send_message
from collector_app.payments.models import Receipt
from collector_app.payments.services import record_payment
from collector_app.planning.models import Plan
from collector_app.portfolio.models import Client
from collector_app.reconciliation.services import receive_file as receive_payment_file
from collector_app.reports.rules import Hours, ReportKind, ReportState
from collector_app.reports.services import ask_for_report, schedule_report
from collector_app.strategy.rules import Comparison, Condition, Trait
from collector_app.violations.models import Sanction, ViolationCase
from collector_app.violations.rules import FactKind
from collector_app.webhooks.rules import WebhookEvent
from collector_app.webhooks.services import add_webhook
from tests.agreements.factories import make_agreement
from tests.backing.factories import CONTRACT, make_document, make_guarantee, make_obligor
from tests.compliance.factories import make_creditor
from tests.contacts.factories import make_contact
from tests.factories import actor_of, make_client, make_user
from tests.live.factories import publish_route
from tests.payments.factories import payment_fact
from tests.stages.factories import make_pause
from tests.strategy.factories import make_experiment, make_segment
from tests.studio.drafts import make_draft
from tests.sync.factories import make_conflict, make_device, make_event
from tests.zones.factories import make_zone
from tests.zones.proposals import make_proposal

# -- what addresses speak of


@dataclass(frozen=True)
class Object:
    """How to make the object of an address for its owner, and the roles that see only their own."""

    make: Callable[[Session, User], object]
    private_to: frozenset[Role] = frozenset({Role.COLLECTOR})


def a_client(session: Session, owner: User) -> int:
    client = make_client(session)
    collector = owner if owner.role == Role.COLLECTOR else None
    make_zone(session, [client], collector)
    return client.id


def a_stop(session: Session, owner: User) -> int:
    client = make_client(session)
    make_zone(session, [client], owner)
    return publish_route(session, owner, [client], clock.now().date())[0].id


def an_office_message(session: Session, owner: User) -> int:
    collector = owner if owner.role == Role.COLLECTOR else make_user(session)
    sent = send_message(session, Actor.system("tests"), collector.id, "Llama a la oficina")
    session.flush()
    return sent.id


def an_absence(session: Session, owner: User) -> int:
    today = clock.now().date()
    collector = make_user(session)
    absence = record_absence(
        session, Actor.system("tests"), collector.id, AbsenceKind.LEAVE, today, today
    )
    session.flush()
    return absence.id


def a_plan(session: Session, owner: User) -> int:
    plan = Plan(
        day=clock.now().date(),
        created_at=clock.now(),
        created_by=owner.id,
        travel_source="haversine",
        is_estimate=True,
        parameters={"law": "mx_financial_strict", "seconds": 5, "seed": 1, "solver": "by hand"},
    )
    return _stored(session, plan)


def a_batch(session: Session, owner: User) -> int:
    batch = ImportBatch(
        file_name="cartera.csv",
        file_sha256="0" * 64,
        cut_on=clock.now().date(),
        country="MX",
        balance_at=clock.now(),
        uploaded_at=clock.now(),
        uploaded_by=owner.id,
    )
    return _stored(session, batch)


def a_proposal(session: Session, owner: User) -> int:
    return make_proposal(session, [make_client(session)]).id


def a_draft(session: Session, owner: User) -> int:
    make_client(session)
    return make_draft(session).id


def a_zone(session: Session, owner: User) -> int:
    return make_zone(session).id


def a_guarantee(session: Session, owner: User) -> int:
    return make_guarantee(session, make_client(session)).id


def an_obligor(session: Session, owner: User) -> int:
    return make_obligor(session, make_client(session)).id


def a_document(session: Session, owner: User) -> int:
    return make_document(session, make_client(session), CONTRACT).id


def a_pause(session: Session, owner: User) -> int:
    return make_pause(session, make_client(session), clock.today(ZoneInfo("UTC"))).id


def a_segment(session: Session, owner: User) -> int:
    return make_segment(session).id


def an_experiment(session: Session, owner: User) -> int:
    town = make_client(session, municipality=f"Pueblo {owner.id}").municipality
    of_town = make_segment(session, Condition(Trait.MUNICIPALITY, Comparison.IS, (town,)))
    return make_experiment(session, of_town).id


def a_ban(session: Session, owner: User) -> int:
    ban = ContactBan(
        client_id=make_client(session).id,
        reason="Lo pidió por escrito",
        from_on=clock.now().date(),
        created_by=owner.id,
        created_at=clock.now(),
    )
    return _stored(session, ban)


def an_override(session: Session, owner: User) -> int:
    override = RuleOverride(
        client_id=make_client(session).id,
        rule_id="house.rest_after_contact",
        reason="Pidió que lo vieran mañana",
        from_on=clock.now().date(),
        to_on=clock.now().date(),
        requested_at=clock.now(),
    )
    return _stored(session, override)


def a_wish(session: Session, owner: User) -> int:
    wish = ContactWish(
        client_id=make_client(session).id,
        weekdays="1111100",
        starts_s=15 * 3600,
        ends_s=18 * 3600,
        reason="carta",
        from_on=clock.now().date(),
        created_at=clock.now(),
    )
    return _stored(session, wish)


def a_receipt(session: Session, owner: User) -> int:
    collector = owner if owner.role == Role.COLLECTOR else None
    client = make_client(session)
    make_zone(session, [client], collector)
    payment = record_payment(
        session, actor_of(owner), payment_fact(client), zone=ZoneInfo("America/Mexico_City")
    )
    return session.query(Receipt).filter_by(payment_id=payment.id).one().id


def a_code(session: Session, owner: User) -> str:
    receipt_id = a_receipt(session, make_user(session, Role.ADMIN))
    return session.get(Receipt, receipt_id).code


def a_count(session: Session, owner: User) -> int:
    collector = actor_of(make_user(session))
    cash.open_cash_session(session, collector, 0, today=clock.now().date())
    return cash.close_cash_session(session, collector, {}, "").id


def an_agreement(session: Session, owner: User) -> int:
    client = make_client(session)
    make_zone(session, [client], owner if owner.role == Role.COLLECTOR else None)
    return make_agreement(session, actor_of(owner), client).id


def an_api_key(session: Session, owner: User) -> int:
    admin = actor_of(make_user(session, Role.ADMIN))
    return create_key(session, admin, "ERP", [Scope.CLIENTS])[0].id


def a_payment_file(session: Session, owner: User) -> int:
    client = make_client(session)
    text = f"Cliente,Fecha,Importe\n{client.external_id},10/03/2026,350\n"
    stored = file_store().save(io.BytesIO(text.encode()))
    admin = actor_of(make_user(session, Role.ADMIN))
    return _stored(session, receive_payment_file(session, admin, stored, "pagos.csv"))


def a_message(session: Session, owner: User) -> int:
    return make_contact(session, session.get(Client, a_client(session, owner)), owner).id


def a_violation_case(session: Session, owner: User) -> int:
    client = make_client(session)
    case = ViolationCase(
        kind=FactKind.VISIT,
        fact_id=client.id,
        client_id=client.id,
        collector_id=owner.id,
        at=clock.now(),
        profile_id="none",
        profile_version="1",
        blocks=[],
        judged_at=clock.now(),
    )
    session.add(case)
    session.flush()
    return case.id


def a_sanction(session: Session, owner: User) -> int:
    sanction = Sanction(
        law="mx_commercial", final_on=date(2026, 3, 2), reference="1/2026", noted_at=clock.now()
    )
    return _stored(session, sanction)


def a_complaint(session: Session, owner: User) -> int:
    data = ComplaintData(make_client(session).id, ComplaintKind.OTHER, "algo")
    admin = actor_of(make_user(session, Role.ADMIN))
    return take_complaint(session, admin, data, zone=ZoneInfo("America/Mexico_City")).id


def a_device(session: Session, owner: User) -> int:
    return make_device(session, make_user(session)).id


def an_event_that_waits(session: Session, owner: User) -> int:
    return make_event(session, make_device(session, make_user(session))).id


def a_conflict(session: Session, owner: User) -> int:
    return make_conflict(session, make_device(session, make_user(session))).id


def a_job(session: Session, owner: User) -> str:
    return jobs.enqueue("plan_day", {"title": "Prueba"}, started_by=owner.id)


def somebody(session: Session, owner: User) -> int:
    return make_user(session, Role.COLLECTOR).id


def _stored(session: Session, row: object) -> int:
    session.add(row)
    session.flush()
    return row.id


def a_report(session: Session, owner: User) -> int:
    admin = actor_of(make_user(session, Role.ADMIN))
    asked = ask_for_report(session, admin, ReportKind.DAY_CLOSE, clock.now().date())
    asked.state = ReportState.FAILED
    asked.settled_at = clock.now()
    return _stored(session, asked)


def a_report_schedule(session: Session, owner: User) -> int:
    admin = actor_of(make_user(session, Role.ADMIN))
    hours = Hours("1111100", 20 * 3600)
    return _stored(session, schedule_report(session, admin, ReportKind.DAY_CLOSE, hours))


def a_webhook(session: Session, owner: User) -> int:
    admin = actor_of(make_user(session, Role.ADMIN))
    url, events = "https://example.org/", [WebhookEvent.VISIT_RECORDED]
    return _stored(session, add_webhook(session, admin, url, events, may_be_private=False))


def a_letter(session: Session, _owner: User | None) -> int:
    letter = SettlementLetter(
        client_id=make_client(session).id,
        content={
            "client_name": "Rosa Díaz",
            "client_number": "C-1",
            "credits": ["CR-1"],
            "paid_cents": 0,
            "last_paid_on": None,
            "agreement_id": None,
            "creditor": "",
        },
        issued_on=clock.now().date(),
        issued_at=clock.now(),
    )
    session.add(letter)
    session.flush()
    return letter.id


OBJECTS = {
    "webhook_id": Object(a_webhook),
    "report_id": Object(a_report),
    "schedule_id": Object(a_report_schedule),
    "client_id": Object(a_client),
    "stop_id": Object(a_stop),
    "plan_id": Object(a_plan),
    "absence_id": Object(an_absence),
    "office_message_id": Object(an_office_message),
    "batch_id": Object(a_batch),
    "proposal_id": Object(a_proposal),
    "key_id": Object(an_api_key),
    "resource": Object(lambda _session, _owner: "clients"),
    "row_id": Object(a_client),
    "id": Object(a_plan),  # of the API: a plan, a zone or an absence
    "number": Object(lambda _session, _owner: "C-1"),
    "file_id": Object(a_payment_file),
    "draft_id": Object(a_draft),
    "zone_id": Object(a_zone),
    "segment_id": Object(a_segment),
    "experiment_id": Object(an_experiment),
    "stage": Object(lambda _session, _owner: "early"),
    "ban_id": Object(a_ban),
    "creditor_id": Object(lambda session, _owner: make_creditor(session, "cl").id),
    "override_id": Object(an_override),
    "wish_id": Object(a_wish),
    "receipt_id": Object(a_receipt),
    "case_id": Object(a_violation_case),
    "sanction_id": Object(a_sanction),
    "complaint_id": Object(a_complaint),
    "contact_id": Object(a_message),
    "agreement_id": Object(an_agreement),
    "letter_id": Object(a_letter),
    "count_id": Object(a_count),
    "code": Object(a_code, frozenset()),
    "job_id": Object(a_job, frozenset({Role.SUPERVISOR})),
    "user_id": Object(somebody),
    "collector_id": Object(somebody),
    "indicator": Object(lambda session, owner: "contact_rate", private_to=frozenset()),
    "device_id": Object(a_device),
    "event_id": Object(an_event_that_waits),
    "conflict_id": Object(a_conflict),
    "pause_id": Object(a_pause),
    "guarantee_id": Object(a_guarantee),
    "obligor_id": Object(an_obligor),
    "document_id": Object(a_document),
    "state": Object(lambda session, owner: "released", private_to=frozenset()),
    "sha256": Object(lambda session, owner: "0" * 64, private_to=frozenset()),
    "kind": Object(lambda session, owner: "csv", private_to=frozenset()),
    "file_kind": Object(lambda session, owner: "pdf", private_to=frozenset()),
}

# -- the routes


class Case(NamedTuple):
    """One route with one method."""

    method: str
    rule: str
    endpoint: str
    names: frozenset[str]
    roles: frozenset[Role | str]


def site_map() -> list[Case]:
    """Return every route of the application but the static files, from blueprints alone."""
    bare = Flask("site map", static_folder=None)
    for blueprint, prefix in AREAS:
        bare.register_blueprint(blueprint, url_prefix=prefix)
    return sorted(cases_of(bare))


def cases_of(app: Flask) -> list[Case]:
    return [
        Case(
            method,
            rule.rule,
            rule.endpoint,
            frozenset(rule.arguments),
            frozenset(getattr(app.view_functions[rule.endpoint], "allowed_roles", ())),
        )
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


ROLES = frozenset(Role) - {Role.SYSTEM}
ROUTES = site_map()
CLOSED = [case for case in ROUTES if ANYBODY not in case.roles]
OWNED = [
    (case, role)
    for case in CLOSED
    for role in sorted(case.roles)
    if any(role in OBJECTS[name].private_to for name in case.names if name in OBJECTS)
]
# Opened by the right person, these find nothing in an empty system; all others must answer.
FINDS_NOTHING = {
    "city.base_map_file",
    "client_file.picture",
    "sync.picture",
    "exchange.observations",
    "reports.file",
}


def name_of(case: Case) -> str:
    return f"{case.method} {case.rule}"


every_route = pytest.mark.parametrize("case", CLOSED, ids=name_of)


@pytest.fixture
def address(app: Flask, session: Session):
    """Make the objects that a route speaks of, for an owner, and return its address."""

    def make(case: Case, owner: User) -> str:
        values = {name: OBJECTS[name].make(session, owner) for name in sorted(case.names)}
        session.commit()
        with app.test_request_context():
            return app.url_for(case.endpoint, **values)

    return make


# -- the tests


def test_every_address_parameter_has_an_object():
    unknown = {f"{name} (in {case.rule})" for case in ROUTES for name in case.names - set(OBJECTS)}

    assert not unknown, "add to OBJECTS how to make one: " + ", ".join(sorted(unknown))


def test_no_route_escapes_these_tests(built_app):
    assert set(cases_of(built_app)) == set(ROUTES)


def test_only_the_login_and_what_says_nothing_of_anybody_is_open_to_anybody():
    assert {case.rule for case in ROUTES if ANYBODY in case.roles} == {
        "/entrar",
        "/phone/sw.js",
        "/phone/painter.js",
        "/phone/app.webmanifest",
        "/phone/bloqueado",
        "/phone/sin-copia",
        "/phone/con-senal",
        "/phone/api/v1/events",  # by the token of a phone; see tests/sync/test_api.py
        "/phone/api/v1/evidence/<sha256>",
        "/phone/api/v1/day",
        "/phone/api/v1/openapi.json",
        "/api/v1/openapi.json",
        # whoever has a key; see tests/api
        "/api/v1/<any(absences, clients, payments, plans, promises, visits, zones):resource>",
        "/api/v1/<any(absences, clients, payments, plans, promises, visits, zones):resource>"
        "/<int:row_id>",
        *(f"/api/v1{write.path}" for write in WRITES),
        "/recibos/verificar/<code>",  # whoever holds the receipt; see test_receipts
    }


@every_route
def test_nobody_gets_in_without_login(case, app, session, address):
    url = address(case, make_user(session))

    answer = app.test_client().open(url, method=case.method)

    is_sent_to_login = answer.status_code == 302 and answer.location.startswith("/entrar")
    assert is_sent_to_login or answer.status_code in (401, 403), answer.status


@pytest.mark.parametrize("case", [case for case in CLOSED if ROLES - case.roles], ids=name_of)
def test_the_wrong_role_is_refused(case, session, address, client_as):
    wrong = sorted(ROLES - case.roles)
    url = address(case, make_user(session))

    statuses = {role: client_as(role).open(url, method=case.method).status_code for role in wrong}

    assert statuses == dict.fromkeys(wrong, 403)


@every_route
def test_the_right_role_gets_an_answer(case, session, address, client_as):
    answers = {}
    for role in sorted(case.roles):
        person = make_user(session, role)
        answers[role] = client_as(person).open(address(case, person), method=case.method)

    assert answers
    assert [role for role, answer in answers.items() if not is_answer(case, answer)] == [], answers


def is_answer(case: Case, answer) -> bool:
    if answer.status_code == 302 and answer.location.startswith("/entrar"):
        return case.endpoint == "accounts.logout"
    if case.method == "GET" and case.endpoint not in FINDS_NOTHING:
        return answer.status_code < 400
    return answer.status_code < 500 and answer.status_code not in (401, 403, 405)


@pytest.mark.parametrize(
    ("case", "role"), OWNED, ids=[f"{name_of(case)} {role}" for case, role in OWNED]
)
def test_what_is_somebody_elses_is_not_found(case, role, session, address, client_as):
    url = address(case, make_user(session, role))

    answer = client_as(make_user(session, role)).open(url, method=case.method)

    assert answer.status_code in (403, 404), answer.status
