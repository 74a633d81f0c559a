"""Whom the tests of data rights are about."""

import pytest

from tests.factories import make_client, make_user
from tests.zones.factories import make_zone


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def rosa(session, collector):
    """A client who owes nothing, so that her data may be erased."""
    client = make_client(session, name="Rosa Muñoz", overdue_cents=0)
    make_zone(session, [client], collector)
    return client
