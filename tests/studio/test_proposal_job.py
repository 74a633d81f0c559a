from uuid import uuid4

import pytest
from sqlalchemy import func, select

from collector_app.core import jobs
from collector_app.core.actor import Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.core.jobs import Stopped
from collector_app.studio.pacing import DIVIDING
from collector_app.studio.proposal_job import run_proposal
from collector_app.zones.models import ZoneProposal
from collector_app.zones.proposal_order import KIND, ProposalOrder
from collector_app.zones.rules import BadZoneCount
from tests.factories import make_client, make_user
from tests.zones.factories import make_zone


@pytest.fixture
def three_clients(session):
    """Clients far enough apart for a zone each."""
    clients = [make_client(session, lat=-29.90 - n / 100) for n in range(3)]
    session.commit()
    return clients


def order(user, zone_count=3):
    return ProposalOrder(
        job_id="job-1",
        user_id=user.id,
        zone_count=zone_count,
        title="Proponer zonas",
        back_url="/zonas",
    ).as_arguments()


class Listener:
    """Hears how far a job is, and may stop it: at a share, or when it heard that share before."""

    def __init__(self, stop_at: float = 2.0, *, inside: bool = False) -> None:
        self.shares: list[float] = []
        self.stop_at = stop_at
        self.inside = inside

    def __call__(self, share: float, note: str) -> None:
        if share >= self.stop_at and not (self.inside and share not in self.shares):
            raise Stopped
        self.shares.append(share)


def proposals(session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(ZoneProposal))


def test_the_job_leaves_a_proposal_and_says_where_it_is(session, three_clients):
    dispatcher = make_user(session, Role.DISPATCHER)
    session.commit()
    heard = Listener()

    result = run_proposal(order(dispatcher), heard)

    proposal = session.get(ZoneProposal, result["proposal_id"])
    assert result["next_url"] == f"/zonas/propuestas/{proposal.id}"
    assert proposal.created_by == dispatcher.id
    assert len(proposal.zones) == 3
    assert heard.shares == sorted(heard.shares)


def test_a_job_that_is_run_again_leaves_one_proposal(session, three_clients):
    dispatcher = make_user(session, Role.DISPATCHER)
    session.commit()

    first, second = (run_proposal(order(dispatcher), Listener()) for _ in range(2))

    assert first == second
    assert proposals(session) == 1


def test_a_stopped_job_leaves_nothing(session, three_clients):
    dispatcher = make_user(session, Role.DISPATCHER)
    session.commit()

    with pytest.raises(Stopped):
        run_proposal(order(dispatcher), Listener(stop_at=0.9))

    assert proposals(session) == 0


def test_a_job_is_stopped_in_the_middle_of_drawing(session, three_clients):
    dispatcher = make_user(session, Role.DISPATCHER)
    session.commit()
    heard = Listener(stop_at=DIVIDING, inside=True)

    with pytest.raises(Stopped):
        run_proposal(order(dispatcher), heard)

    assert heard.shares[-1] == DIVIDING
    assert proposals(session) == 0


def test_a_job_that_is_asked_to_end_leaves_the_best_that_it_has(session, three_clients):
    dispatcher = make_user(session, Role.DISPATCHER)
    session.commit()
    whole, ended = Listener(), Listener()
    run_proposal(order(dispatcher), whole)
    job_id = uuid4().hex
    wanted = order(dispatcher) | {"job_id": job_id}
    jobs.enqueue(KIND, wanted, job_id=job_id, started_by=dispatcher.id)
    session.rollback()

    assert jobs.status(job_id).can_end_early
    jobs.finish_early(job_id)
    result = run_proposal(wanted, ended)

    assert len(session.get(ZoneProposal, result["proposal_id"]).zones) == 3
    assert len(ended.shares) < len(whole.shares)


def test_beside_todays_zones_made_even_the_job_leaves_a_cold_division(session, three_clients):
    dispatcher = make_user(session, Role.DISPATCHER)
    make_zone(session, three_clients[:2], name="Zona 1 · Norte")
    make_zone(session, three_clients[2:], name="Zona 2 · Sur")
    session.commit()
    wanted = order(dispatcher, zone_count=2) | {
        "from_today": True,
        "barriers": [{"name": "Canal", "lines": [[[-29.905, -71.3], [-29.905, -71.2]]]}],
    }

    first, second = (run_proposal(wanted, Listener()) for _ in range(2))

    assert first == second
    even, cold = session.scalars(select(ZoneProposal).order_by(ZoneProposal.id))
    assert first["proposal_id"] == even.id
    assert even.alternative_to_id is None
    assert cold.alternative_to_id == even.id
    assert even.barriers == cold.barriers == wanted["barriers"]


def test_a_job_fails_with_what_was_wrong(session, three_clients):
    dispatcher = make_user(session, Role.DISPATCHER)
    session.commit()

    with pytest.raises(BadZoneCount):
        run_proposal(order(dispatcher, zone_count=0), Listener())


def test_a_job_does_what_its_person_may_do_when_it_runs(session, three_clients):
    supervisor = make_user(session, Role.SUPERVISOR)
    session.commit()

    with pytest.raises(NotAllowed):
        run_proposal(order(supervisor), Listener())


def test_a_job_of_an_unknown_person_is_refused(session, three_clients):
    nobody = make_user(session)
    nobody.id += 1
    arguments = order(nobody)
    session.rollback()

    with pytest.raises(NotFound):
        run_proposal(arguments, Listener())
