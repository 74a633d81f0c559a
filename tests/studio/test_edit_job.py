from uuid import uuid4

import pytest

from collector_app.core import jobs
from collector_app.core.actor import Role
from collector_app.core.edits import StaleDraft
from collector_app.core.errors import NotAllowed
from collector_app.core.jobs import Stopped
from collector_app.studio import queries
from collector_app.studio.edit_job import KIND, DivisionOrder, run_division
from collector_app.studio.pacing import DIVIDING
from collector_app.studio.rules import DivideAll, DivideByHours, Rebalance, division_as_json
from collector_app.studio.rules import orders as rules
from tests.factories import make_client, make_user
from tests.studio.drafts import make_draft
from tests.studio.test_proposal_job import Listener
from tests.zones.factories import make_zone


@pytest.fixture
def draft(session):
    make_zone(session, [make_client(session, lat=-29.90 - n / 900) for n in range(6)])
    draft = make_draft(session)
    session.commit()
    return draft


def order(user, draft, wish=DivideAll(3), seen=0):  # noqa: B008 - it is frozen
    return DivisionOrder(
        job_id="job-1",
        user_id=user.id,
        draft_id=draft.id,
        seen=seen,
        order=division_as_json(wish),
        note="Tres gestores",
        title="Repartir",
        back_url=f"/zonas/borradores/{draft.id}",
    ).as_arguments()


@pytest.fixture
def dispatcher(session):
    user = make_user(session, Role.DISPATCHER)
    session.commit()
    return user


def page_of(session, draft):
    session.expire_all()
    return queries.draft_page(session, draft.id)


def test_the_job_leaves_an_edit_and_says_where_it_is(session, draft, dispatcher):
    heard = Listener()

    result = run_division(order(dispatcher, draft), heard)

    page = page_of(session, draft)
    assert result["next_url"] == f"/zonas/borradores/{draft.id}"
    assert len(page.state.zones) == 3
    assert page.edits[0].author == dispatcher.full_name
    assert page.edits[0].note == "Tres gestores"
    assert heard.shares == sorted(heard.shares)


def test_a_job_that_runs_again_leaves_one_edit(session, draft, dispatcher):
    # The worker died after it had written: the draft is at version 1 when the job begins anew.
    run_division(order(dispatcher, draft), Listener())

    again = run_division(order(dispatcher, draft), Listener())

    assert again["next_url"] == f"/zonas/borradores/{draft.id}"
    assert page_of(session, draft).row.version == 1


def test_a_job_that_is_stopped_leaves_the_draft_as_it_was(session, draft, dispatcher):
    with pytest.raises(Stopped):
        run_division(order(dispatcher, draft), Listener(stop_at=0.9))

    assert page_of(session, draft).row.version == 0


def test_a_division_is_stopped_in_its_middle(session, draft, dispatcher):
    with pytest.raises(Stopped):
        run_division(order(dispatcher, draft), Listener(stop_at=DIVIDING, inside=True))

    assert page_of(session, draft).row.version == 0


@pytest.mark.parametrize("wish", [DivideAll(3), DivideByHours(0.05)])
def test_a_division_that_is_asked_to_end_leaves_the_best_that_it_has(
    session, draft, dispatcher, wish
):
    wanted = order(dispatcher, draft, wish) | {"job_id": uuid4().hex}
    jobs.enqueue(KIND, wanted, job_id=wanted["job_id"], started_by=dispatcher.id)
    session.rollback()

    assert jobs.status(wanted["job_id"]).can_end_early
    jobs.finish_early(wanted["job_id"])
    run_division(wanted, Listener())

    assert page_of(session, draft).row.version == 1


def test_a_draft_that_others_edited_meanwhile_is_left_alone(session, draft, dispatcher):
    with pytest.raises(StaleDraft):
        run_division(order(dispatcher, draft, seen=4), Listener())

    assert page_of(session, draft).row.version == 0


def test_collectors_divide_nothing(session, draft):
    collector = make_user(session)
    session.commit()

    with pytest.raises(NotAllowed):
        run_division(order(collector, draft), Listener())


@pytest.mark.parametrize("wish", [DivideAll(4, True, True), Rebalance()])
def test_an_order_comes_out_of_the_queue_as_it_went_in(wish):
    assert rules.division_from_json(division_as_json(wish)) == wish


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_large_draft_is_divided_by_a_job(session, draft, client_as, monkeypatch, headers):
    monkeypatch.setattr(rules, "MOST_AT_ONCE", 5)
    data = {"version": 0, "kind": "divide", "zone_count": 3}

    answer = client_as(Role.DISPATCHER).post(
        f"/zonas/borradores/{draft.id}/cambios", data=data, headers=headers
    )

    url = answer.headers["HX-Redirect"] if headers else answer.location
    assert url.startswith("/trabajos/")
    status = jobs.status(url.rsplit("/", 1)[1])
    assert status.kind == "draft_division"
    assert status.arguments["draft_id"] == draft.id
    assert page_of(session, draft).row.version == 0


def test_whoever_saw_an_old_version_of_a_large_draft_is_told_at_once(
    session, draft, client_as, monkeypatch
):
    monkeypatch.setattr(rules, "MOST_AT_ONCE", 5)
    data = {"version": 7, "kind": "rebalance"}

    answer = client_as(Role.DISPATCHER).post(
        f"/zonas/borradores/{draft.id}/cambios", data=data, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 409
