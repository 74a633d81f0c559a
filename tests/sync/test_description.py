"""The published description is true: requests made from it by chance are answered as it says."""

import hashlib

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import func, select

from collector_app.sync.models import SyncEvent
from tests.sync.conftest import nobody_home

DESCRIPTION = "/phone/api/v1/openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SEVERAL = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def described(app):
    """The description, as its readers load it."""
    return schemathesis.openapi.from_wsgi(DESCRIPTION, app)


@pytest.fixture
def unhurried(monkeypatch):
    """No limit of pace: a fuzzer calls more often than a phone."""
    monkeypatch.setattr("collector_app.core.pace.Pace.allows", lambda *_: True)


@pytest.fixture
def login(client_as, route) -> dict[str, str]:
    """The cookie of the collector of the route."""
    cookie = client_as(route.collector).get_cookie("session")
    return {cookie.key: cookie.value}


@pytest.mark.parametrize(("path", "method"), [("/events", "POST"), ("/evidence/{sha256}", "PUT")])
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_whatever_is_sent_is_answered_as_described(described, unhurried, phone, path, method, mode):
    @SEVERAL
    @_cases(described[path][method], mode)
    def fuzz(case):
        # Long answers come compressed, which the client of the tests does not open.
        case.headers = {**(case.headers or {}), **phone.headers, "Accept-Encoding": "identity"}
        case.call_and_validate(checks=CHECKS)

    fuzz()


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_a_pull_is_answered_as_described_whatever_the_cursor(
    described, unhurried, phone, route, login, mode
):
    @SEVERAL
    @_cases(described["/day"]["GET"], mode)
    def fuzz(case):
        case.headers = {**(case.headers or {}), **phone.headers, "Accept-Encoding": "identity"}
        case.cookies = login
        case.call_and_validate(checks=CHECKS)

    fuzz()


@pytest.mark.parametrize("known", [False, True], ids=["whole", "changes"])
def test_a_day_with_stops_fits_the_description(described, phone, route, login, known):
    asked = {"headers": {**phone.headers, "Accept-Encoding": "identity"}, "cookies": login}
    operation = described["/day"]["GET"]
    if known:
        asked["query"] = {"cursor": operation.Case(**asked).call().json()["cursor"]}

    case = operation.Case(**asked)
    answer = case.call()

    assert answer.json()["is_whole"] is not known
    assert len(answer.json()["days"]) == 1
    case.validate_response(answer, checks=CHECKS)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_whatever_registers_is_answered_as_described(described, unhurried, login, mode):
    answered = set()

    @SEVERAL
    @_cases(described["/devices"]["POST"], mode)
    def fuzz(case):
        case.headers = {**(case.headers or {}), "Accept-Encoding": "identity"}
        case.cookies = login
        answered.add(case.call_and_validate(checks=CHECKS).status_code)

    fuzz()
    assert (201 if mode == schemathesis.GenerationMode.POSITIVE else 422) in answered


def _cases(operation, mode):
    return given(case=operation.as_strategy(generation_mode=mode))


def test_what_a_phone_really_sends_fits_the_description(described, phone, route):
    photo = {"sha256": hashlib.sha256(b"photo").hexdigest(), "bytes": 5}
    letter = phone.letter(phone.event(nobody_home(route.clients[0].id, photos=[photo])))

    operation = described["/events"]["POST"]
    case = operation.Case(body=letter, media_type="application/json", headers=phone.headers)
    answer = case.call()

    assert answer.json()["answers"][0]["state"] == "applied"
    case.validate_response(answer, checks=CHECKS)


def test_no_call_without_a_token_stores_anything(session, described, app):
    @SEVERAL
    @_cases(described["/events"]["POST"], schemathesis.GenerationMode.POSITIVE)
    def fuzz(case):
        assert case.call().status_code == 401

    fuzz()
    assert session.scalar(select(func.count(SyncEvent.id))) == 0
