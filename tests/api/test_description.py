"""The published description is true: calls made from it by chance are answered as it says."""

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

from collector_app.api.description import openapi
from collector_app.api.models import ApiAnswer
from collector_app.portfolio.models import Client
from collector_app.visits.models import Visit

DESCRIPTION = "/api/v1/openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SOME = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
OPERATIONS = [
    (path, method.upper())
    for path, operations in openapi("")["paths"].items()
    for method in operations
]


@pytest.fixture
def described(app, monkeypatch):
    """The description as its readers load it, and no limit of pace: a fuzzer calls often."""
    monkeypatch.setattr("collector_app.core.pace.Pace.allows", lambda *_: True)
    return schemathesis.openapi.from_wsgi(DESCRIPTION, app)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_whatever_is_sent_is_answered_as_described(described, key, field, path, method, mode):
    answered = set()

    @SOME
    @given(case=described[path][method].as_strategy(generation_mode=mode))
    def fuzz(case):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {key}"} | {
            "Accept-Encoding": "identity"  # the client of the tests opens nothing compressed
        }
        answered.add(case.call_and_validate(checks=CHECKS).status_code)

    fuzz()
    assert answered


def test_what_fits_the_description_of_a_client_is_taken(described, key, field, session):
    answered = set()

    @SOME
    @given(
        case=described["/clients/{number}"]["PUT"].as_strategy(
            generation_mode=schemathesis.GenerationMode.POSITIVE
        )
    )
    def fuzz(case):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {key}"}
        answered.add(case.call().status_code)

    fuzz()
    assert 201 in answered
    assert session.scalar(select(func.count(Client.id))) > 1


def test_no_call_without_a_key_stores_anything(described, field, session):
    before = session.scalar(select(func.count(Visit.id)))

    @SOME
    @given(case=described["/visits"]["POST"].as_strategy())
    def fuzz(case):
        case.headers = {
            name: value
            for name, value in (case.headers or {}).items()
            if name.lower() != "authorization"
        }
        assert case.call().status_code == 401

    fuzz()
    assert session.scalar(select(func.count(Visit.id))) == before
    assert session.scalar(select(func.count(ApiAnswer.id))) == 0
