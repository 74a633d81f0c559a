"""Scores are switched off and on with a reason; the last decision holds."""

import pytest
from sqlalchemy import select

from collector_app.audit.models import AuditEntry
from collector_app.compliance.services import DecisionUnexplained
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.scoring.queries import decisions_of, switched_off
from collector_app.scoring.services import switch_scoring
from tests.factories import actor_of, make_client, make_user


@pytest.fixture
def dispatcher(session) -> Actor:
    return actor_of(make_user(session, Role.DISPATCHER, full_name="Delia Ríos"))


def test_switched_off_tells_who_and_why(session, dispatcher):
    client, other = make_client(session), make_client(session)

    switch_scoring(session, dispatcher, client.id, " Lo pidió por escrito ", is_scored=False)

    off = switched_off(session)
    assert set(off) == {client.id}
    assert (off[client.id].decided_by, off[client.id].reason) == (
        "Delia Ríos",
        "Lo pidió por escrito",
    )
    assert other.id not in off


def test_switched_on_again_the_client_is_scored_and_the_history_stays(session, dispatcher):
    client = make_client(session)
    switch_scoring(session, dispatcher, client.id, "Lo pidió", is_scored=False)

    switch_scoring(session, dispatcher, client.id, "Ya no lo pide", is_scored=True)

    assert switched_off(session) == {}
    assert [one.is_scored for one in decisions_of(session, client.id)] == [True, False]
    session.commit()
    events = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events == ["scoring.switched_off", "scoring.switched_on"]


@pytest.mark.parametrize("is_scored", [True, False])
def test_saying_what_already_holds_changes_nothing(session, dispatcher, is_scored):
    client = make_client(session)
    switch_scoring(session, dispatcher, client.id, "Una vez", is_scored=is_scored)
    before = decisions_of(session, client.id)

    switch_scoring(session, dispatcher, client.id, "Dos veces", is_scored=is_scored)

    assert decisions_of(session, client.id) == before


def test_a_reason_is_needed(session, dispatcher):
    client = make_client(session)

    with pytest.raises(DecisionUnexplained):
        switch_scoring(session, dispatcher, client.id, "  ", is_scored=False)

    assert switched_off(session) == {}


def test_a_collector_may_not_switch(session):
    client, collector = make_client(session), actor_of(make_user(session))

    with pytest.raises(NotAllowed):
        switch_scoring(session, collector, client.id, "Me cae bien", is_scored=False)


def test_nobody_is_not_found(session, dispatcher):
    with pytest.raises(NotFound):
        switch_scoring(session, dispatcher, 404, "¿Quién?", is_scored=False)
