"""Every change leaves a line in the log, in the same transaction."""

from sqlalchemy import select

from collector_app.audit import models, services
from collector_app.audit.models import AuditEntry
from collector_app.audit.services import log
from collector_app.core.actor import Actor
from tests.factories import actor_of, make_client, make_user


def test_an_entry_says_who_did_what_to_which_row(session, stopped_clock):
    user = make_user(session)
    client = make_client(session)

    log(session, actor_of(user), "client.viewed", client, screen="phone")

    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.event) == (user.id, "client.viewed")
    assert (entry.subject_type, entry.subject_id) == ("client", str(client.id))
    assert entry.facts == {"screen": "phone"}
    assert entry.at == stopped_clock


def test_the_system_has_no_user_and_a_subject_may_be_a_name(session):
    log(session, Actor.system("nightly"), "plan.published", "plan:2026-03-10")

    session.commit()
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.actor_id is None
    assert (entry.subject_type, entry.subject_id) == ("plan", "2026-03-10")


def test_the_log_offers_no_way_to_change_or_delete():
    offered = {name for name in vars(services) if not name.startswith("_")}

    assert not {name for name in offered if "delete" in name or "update" in name or "edit" in name}
    assert models.AuditEntry.__doc__
