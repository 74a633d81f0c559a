"""Calls of other systems: who may read what, page by page, and what is wrong with a call."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import delete

from collector_app.api.resources import RESOURCES
from collector_app.api.rules import Scope
from collector_app.api.services import create_key, revoke_key
from collector_app.api.views.access import CALLS_PER_MINUTE
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.portfolio.models import Credit
from tests.compliance.factories import give_credits, make_creditor
from tests.factories import make_client, make_user, owes_in
from tests.payments.factories import make_payment
from tests.promises.factories import make_promise_row
from tests.visits.factories import make_visit


def test_every_list_answers_with_rows_of_its_contract(call, field):
    for name, resource in RESOURCES.items():
        answer = call(name)

        assert answer.status_code == 200, name
        told = msgspec.json.decode(answer.data)
        assert len(told["rows"]) == 1, name
        assert told["next"] is None
        msgspec.convert(told["rows"], list[resource.row])


def test_a_client_comes_with_their_zone_and_what_they_owe(call, field):
    client, zone, _visit = field

    (row,) = call("clients").json["rows"]

    assert (row["number"], row["zone_id"]) == (client.external_id, zone.id)
    assert (row["overdue_cents"], row["days_past_due"], row["bucket"]) == (150_000, 40, "d31_60")


def test_a_plan_comes_with_its_routes_and_stops(call, field):
    (plan,) = call("plans").json["rows"]

    assert plan["routes"][0]["stops"][0]["client_id"] == field[0].id


def test_pages_hold_each_row_once_and_end_with_null(call, session, stopped_clock):
    made = {make_client(session).id for _ in range(7)}
    session.commit()

    seen, after = [], 0
    while after is not None:
        page = call(f"clients?limit=3&after={after}").json
        seen += [row["id"] for row in page["rows"]]
        after = page["next"]

    assert seen == sorted(made)


def test_since_leaves_out_what_came_before(call, field):
    now = clock.now()
    later = (now + timedelta(seconds=1)).isoformat().replace("+", "%2B")
    same = now.isoformat().replace("+", "%2B")

    for name in ("visits", "payments", "promises"):
        assert len(call(f"{name}?since={same}").json["rows"]) == 1, name
        assert call(f"{name}?since={later}").json["rows"] == [], name


def test_a_key_reads_only_what_it_may(call, field):
    for name, resource in RESOURCES.items():
        others = set(Scope) - {resource.scope}
        refused = call(name, scopes=others)

        assert (refused.status_code, refused.json["code"]) == (403, "scope_missing")
        assert call(name, scopes=[resource.scope]).status_code == 200


def test_without_a_key_nothing_is_said(anonymous, stopped_clock):
    for headers in ({}, {"Authorization": "Bearer ruta_nada"}, {"Authorization": "Basic eDp5"}):
        answer = anonymous.get("/api/v1/clients", headers=headers)

        assert (answer.status_code, answer.json["code"]) == (401, "api_key_unknown")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_login_is_no_key(client_as, field):
    assert client_as(Role.ADMIN).get("/api/v1/clients").status_code == 401


def test_a_revoked_key_ends_at_once(call, session, admin):
    row, key = create_key(session, admin, "vieja", [Scope.CLIENTS])
    session.commit()
    assert call("clients", key=key).status_code == 200

    revoke_key(session, admin, row.id)
    session.commit()

    assert call("clients", key=key).json["code"] == "api_key_unknown"


def test_a_key_expires_at_its_instant_and_not_before(call, session, admin):
    now = clock.now()
    _row, just_over = create_key(session, admin, "a", [Scope.CLIENTS], now)
    _row, still_good = create_key(session, admin, "b", [Scope.CLIENTS], now + timedelta(seconds=1))
    session.commit()

    assert call("clients", key=just_over).json["code"] == "api_key_expired"
    assert call("clients", key=still_good).status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=²", "limit"),
        ("after=-1", "after"),
        ("after=x", "after"),
        ("since=2026-03-10", "since"),
        ("since=2026-03-10T10:00:00", "since"),
        ("page=2", "page"),
        ("from=2026-03-10", "from"),
    ],
)
def test_a_filter_that_cannot_be_used_is_named(call, query, field):
    answer = call(f"visits?{query}")

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == field


def test_a_key_that_calls_without_rest_is_slowed_down(call, session, admin):
    _row, key = create_key(session, admin, "rápida", [Scope.ZONES])
    session.commit()
    for _ in range(CALLS_PER_MINUTE):
        assert call("zones", key=key).status_code == 200

    answer = call("zones", key=key)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_the_number_of_statements_does_not_grow_with_the_page(call, session, statements):
    def count(name: str) -> int:
        before = len(statements)
        call(name)
        return len(statements) - before

    collector = make_user(session)
    few, many = {}, {}
    for found, size in ((few, 1), (many, 12)):
        for _ in range(size):
            client = make_client(session)
            visit = make_visit(session, client, collector)
            make_promise_row(session, client, visit_id=visit.id)
            make_payment(session, collector, client)
        session.commit()
        for name in RESOURCES:
            call(name)  # the key's use is noted once
            found[name] = count(name)

    assert many == few


def test_the_description_names_every_list_and_every_field(anonymous, stopped_clock):
    told = anonymous.get("/api/v1/openapi.json").json

    assert told["openapi"] == "3.1.0"
    assert {f"/{name}" for name in RESOURCES} <= set(told["paths"])
    for resource in RESOURCES.values():
        schema = told["components"]["schemas"][resource.row.__name__]
        assert set(schema["properties"]) == set(resource.row.__struct_fields__)


def test_every_row_with_money_names_its_currency(call, session, field):
    owes_in(session, field[0], "USD")
    session.commit()

    (client,), (payment,), (promise,), (plan,) = (
        call(name).json["rows"] for name in ("clients", "payments", "promises", "plans")
    )

    (stop,) = plan["routes"][0]["stops"]
    assert {one["currency"] for one in (client, payment, promise, stop)} == {"USD"}


def test_the_money_of_who_has_no_credit_is_of_the_usual_currency(call, session, stopped_clock):
    client = make_client(session, overdue_cents=0)
    session.execute(delete(Credit).where(Credit.client_id == client.id))
    make_payment(session, make_user(session), client)
    session.commit()

    for name in ("clients", "payments"):
        assert [one["currency"] for one in call(name).json["rows"]] == ["MXN"]


def test_a_client_names_the_creditor_of_each_credit_and_none_that_is_the_houses(call, session):
    bound, free = make_client(session), make_client(session)
    give_credits(session, bound, make_creditor(session, "cl", "Banco Austral"))
    session.commit()

    rows = {one["number"]: one for one in call("clients").json["rows"]}

    of_bound, of_free = rows[bound.external_id], rows[free.external_id]
    assert of_bound["creditors"] == ["Banco Austral"]
    assert [(one["product"], one["creditor"]) for one in of_bound["credits"]] == [
        ("Microcrédito", "Banco Austral")
    ]
    assert of_free["creditors"] == []
    assert [one["creditor"] for one in of_free["credits"]] == [None]

    give_credits(session, bound, None, told_at=clock.now())  # the house's own from now on
    session.commit()
    (row,) = (one for one in call("clients").json["rows"] if one["id"] == bound.id)
    assert (row["creditors"], row["credits"][0]["creditor"]) == ([], None)
