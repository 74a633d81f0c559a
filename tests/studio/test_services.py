from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from collector_app.audit.models import AuditEntry
from collector_app.core.actor import Actor, Role
from collector_app.core.edits import NothingToRedo, NothingToTakeBack, StaleDraft
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.studio import queries, services
from collector_app.studio.models import ZoneDraftEdit
from collector_app.studio.rules import (
    AssignCollector,
    Barrier,
    BindClients,
    DraftClosed,
    DraftWithoutZones,
    DrawBarrier,
    EditKind,
    MergeZones,
    MoveClients,
    PlaceStrangers,
    Redo,
    RenameZone,
    TakeBack,
    WriteNote,
)
from collector_app.web.extensions import db, transaction
from collector_app.zones.queries import owners, zones_on
from collector_app.zones.rules import DayIsOver, NobodyToPlace, NotACollector
from collector_app.zones.services import accept_proposal
from tests.factories import actor_of, make_client, make_user
from tests.studio.drafts import OFFICE, follow, make_draft
from tests.zones.factories import make_zone
from tests.zones.proposals import make_proposal

ZONE = ZoneInfo("America/Mexico_City")

TODAY = date(2026, 3, 10)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def town(session):
    """Two zones of three clients, each with its collector."""
    ana, luis = make_user(session, full_name="Ana"), make_user(session, full_name="Luis")
    up = [make_client(session, lat=-29.90, lon=-71.25 - n / 1000) for n in range(3)]
    down = [make_client(session, lat=-29.95, lon=-71.25 - n / 1000) for n in range(3)]
    return (
        make_zone(session, up, ana, name="Norte"),
        make_zone(session, down, luis, name="Sur"),
        up,
        down,
    )


def state_of(session, draft):
    return queries.draft_page(session, draft.id).state


def test_a_draft_begins_with_the_zones_of_today_and_their_collectors(session, town):
    north, _south, up, _down = town

    page = queries.draft_page(session, make_draft(session).id)

    assert {zone.name for zone in page.state.zones.values()} == {"Norte", "Sur"}
    assert page.state.members(north.id) == [one.id for one in up]
    assert page.places.cents.tolist() == [150_000] * 6
    assert page.row.version == 0
    assert not page.can_undo


def test_a_draft_begins_with_a_proposal_and_the_collectors_who_know_most_of_its_clients(
    session, town
):
    _north, _south, up, down = town
    proposal = make_proposal(session, down, up)

    draft = services.begin_from_proposal(session, OFFICE, proposal.id, TODAY, ZONE)
    session.flush()

    state = state_of(session, draft)
    assert state.members(1) == [one.id for one in down]
    assert state.zones[1].collector_id == owners(session, TODAY)[down[0].id].collector_id


def test_the_barriers_of_a_proposal_stand_in_its_draft_and_after_it_was_accepted(session, town):
    canal = Barrier("Canal", (((-29.90, -71.25), (-29.91, -71.25)),))
    proposal = make_proposal(session, [*town[2], *town[3]])
    proposal.barriers = [canal.as_json()]

    adjusted = services.begin_from_proposal(session, OFFICE, proposal.id, TODAY, ZONE)
    before = state_of(session, make_draft(session)).barriers
    accept_proposal(session, OFFICE, proposal.id, TODAY, {})
    after = state_of(session, make_draft(session)).barriers

    assert state_of(session, adjusted).barriers == (canal,)
    assert (before, after) == ((), (canal,))


def test_without_located_clients_no_draft_begins(session):
    make_client(session, lat=None, lon=None)

    with pytest.raises(NobodyToPlace):
        make_draft(session)


def test_a_collector_who_left_is_not_taken_into_the_draft(session):
    gone = make_user(session, active=False)
    zone = make_zone(session, [make_client(session)], gone)

    assert state_of(session, make_draft(session)).zones[zone.id].collector_id is None


def test_edits_survive_and_nothing_of_the_zones_in_force_changes(session, town):
    north, south, up, _down = town
    draft = make_draft(session)

    follow(session, draft, MoveClients((up[0].id,), south.id))
    session.commit()
    session.expire_all()

    assert state_of(session, draft).zone_of[up[0].id] == south.id
    assert owners(session, TODAY)[up[0].id].zone_id == north.id


def test_undo_and_redo_are_rows_like_every_other_edit(session, town):
    _north, south, up, _down = town
    draft = make_draft(session)

    follow(session, draft, MoveClients((up[0].id,), south.id), TakeBack(), Redo(), TakeBack())

    kinds = session.scalars(select(ZoneDraftEdit.kind).order_by(ZoneDraftEdit.number)).all()
    assert kinds == [EditKind.MOVE, EditKind.UNDO, EditKind.REDO, EditKind.UNDO]
    page = queries.draft_page(session, draft.id)
    assert page.state == page.start
    assert (page.can_undo, page.can_redo) == (False, True)
    assert [edit.is_in_force for edit in page.edits] == [False] * 4


def test_there_may_be_nothing_to_take_back_or_to_redo(session, town):
    draft = make_draft(session)

    with pytest.raises(NothingToTakeBack):
        follow(session, draft, TakeBack())
    with pytest.raises(NothingToRedo):
        follow(session, draft, Redo())


def test_two_dispatchers_do_not_overwrite_each_other(session, town):
    _north, south, up, _down = town
    draft = make_draft(session)
    follow(session, draft, MoveClients((up[0].id,), south.id))

    with pytest.raises(StaleDraft):
        services.edit_draft(session, OFFICE, draft.id, 0, MoveClients((up[1].id,), south.id))

    assert state_of(session, draft).zone_of[up[1].id] != south.id


def test_an_edit_keeps_who_made_it_and_why(session, town):
    boss = make_user(session, Role.SUPERVISOR, full_name="Eva Luna")
    draft = make_draft(session)

    services.edit_draft(session, actor_of(boss), draft.id, 0, WriteNote(), "El río los separa")
    session.flush()

    (edit,) = queries.draft_page(session, draft.id).edits
    assert (edit.author, edit.note, edit.kind) == ("Eva Luna", "El río los separa", EditKind.NOTE)
    session.commit()
    events = session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)).all()
    assert events[-2:] == ["draft.begun", "draft.edited"]


def test_only_an_active_collector_can_be_put_in_charge(session, town):
    draft = make_draft(session)

    with pytest.raises(NotACollector):
        follow(session, draft, AssignCollector(town[0].id, make_user(session, Role.ADMIN).id))


def test_collectors_edit_no_draft_and_supervisors_publish_none(session, town):
    draft = make_draft(session)

    with pytest.raises(NotAllowed):
        services.edit_draft(session, Actor(1, Role.COLLECTOR), draft.id, 0, WriteNote(), "x")
    with pytest.raises(NotAllowed):
        services.publish_draft(session, Actor(1, Role.SUPERVISOR), draft.id, 0, TODAY)


def test_publishing_puts_the_zones_in_force_and_keeps_who_answered_before(session, town):
    north, south, up, down = town
    draft = make_draft(session)
    follow(session, draft, MoveClients((up[0].id,), south.id))

    services.publish_draft(session, OFFICE, draft.id, 1, TOMORROW, "Más parejo")
    session.flush()

    before, after = owners(session, TODAY)[up[0].id], owners(session, TOMORROW)[up[0].id]
    assert before.zone_id == north.id
    assert after.collector_id == owners(session, TODAY)[down[0].id].collector_id
    assert sorted(row.client_count for row in zones_on(session, TOMORROW)) == [2, 4]
    page = queries.draft_page(session, draft.id)
    assert (page.is_open, page.published_from_on) == (False, TOMORROW)
    session.commit()
    assert (
        session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first().facts["note"]
        == "Más parejo"
    )


def test_a_zone_without_clients_is_not_published(session, town):
    _north, south, up, _down = town
    draft = make_draft(session)
    follow(session, draft, MoveClients(tuple(one.id for one in up), south.id))

    services.publish_draft(session, OFFICE, draft.id, 1, TODAY)

    assert [row.name for row in zones_on(session, TODAY)] == ["Sur"]


def test_a_client_without_zone_joins_that_of_the_nearest_when_published(session, town):
    stranger = make_client(session, lat=-29.951, lon=-71.25)
    draft = make_draft(session)

    services.publish_draft(session, OFFICE, draft.id, 0, TODAY)

    assert owners(session, TODAY)[stranger.id].zone_id in {
        row.id for row in zones_on(session, TODAY) if row.name == "Sur"
    }


def test_a_draft_is_published_as_it_was_seen_or_not_at_all(session, town):
    draft = make_draft(session)
    follow(session, draft, MergeZones(town[0].id, into=town[1].id))

    with pytest.raises(StaleDraft):
        services.publish_draft(session, OFFICE, draft.id, 0, TODAY)
    with pytest.raises(DayIsOver):
        services.publish_draft(session, OFFICE, draft.id, 1, TODAY - timedelta(days=2))


def test_a_closed_draft_does_not_change_any_more(session, town):
    published, discarded = make_draft(session), make_draft(session)
    services.publish_draft(session, OFFICE, published.id, 0, TODAY)
    services.discard_draft(session, OFFICE, discarded.id)
    session.flush()

    for draft in (published, discarded):
        with pytest.raises(DraftClosed):
            follow(session, draft, WriteNote())
        with pytest.raises(DraftClosed):
            services.publish_draft(session, OFFICE, draft.id, 0, TODAY)
    assert queries.open_drafts(session) == []


def test_a_draft_without_zones_is_not_published(session):
    make_client(session)
    draft = make_draft(session)

    with pytest.raises(DraftWithoutZones):
        services.publish_draft(session, OFFICE, draft.id, 0, TODAY)


def test_a_draft_that_does_not_exist_is_not_found(session):
    with pytest.raises(NotFound):
        services.edit_draft(session, OFFICE, 99, 0, PlaceStrangers())
    with pytest.raises(NotFound):
        queries.draft_page(session, 99)


def test_whom_a_published_draft_bound_and_what_it_barred_holds_in_the_next_draft(session, town):
    _north, south, up, _down = town
    first = make_draft(session)
    river = DrawBarrier("Río", ((-29.92, -71.3), (-29.92, -71.2)))
    follow(session, first, BindClients((up[0].id,), south.id), river)
    services.publish_draft(session, OFFICE, first.id, seen=2, day=TODAY)
    session.flush()

    state = queries.draft_page(session, make_draft(session, "Otro").id).state

    assert state.bound == {up[0].id}
    assert state.zones[state.zone_of[up[0].id]].name == "Sur"
    assert [one.name for one in state.barriers] == ["Río"]


def test_of_edits_at_once_on_one_version_one_is_kept_and_the_others_are_told(app, session, town):
    draft_id = make_draft(session).id
    north = town[0].id
    session.commit()

    def rename(n: int) -> bool:
        with app.app_context():
            try:
                with transaction() as own:
                    services.edit_draft(own, OFFICE, draft_id, 0, RenameZone(north, f"Norte {n}"))
            except StaleDraft:
                return False
            finally:
                db.session.remove()
        return True

    session.rollback()
    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(rename, range(8)))

    assert kept.count(True) == 1
    page = queries.draft_page(session, draft_id)
    assert page.row.version == 1
    assert page.state.zones[north].name == f"Norte {kept.index(True)}"
