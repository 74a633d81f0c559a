"""The verdict about a plan is kept, and whatever it rests on is seen the moment it changes."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from sqlalchemy import select, update

from collector_app.compliance.client_terms import WishData, honour_wish
from collector_app.compliance.models import RuleOverride
from collector_app.compliance.rules import Channel
from collector_app.compliance.services import ban_contact, lift_ban
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.dispatch.queries import shown_board
from collector_app.payments.services import record_payment
from collector_app.planning import queries, services
from collector_app.planning.models import Stop
from collector_app.portfolio.rules import AddressOrigin, VisitPlaceKind
from collector_app.portfolio.services import tell_visit_place
from collector_app.promises.services import make_promise
from collector_app.visits.models import Visit
from collector_app.visits.rules import Outcome, PersonMet
from collector_app.visits.services import annul_visit, record_visit
from tests.contacts.factories import make_contact
from tests.factories import actor_of, make_client, make_user
from tests.payments.factories import payment_fact
from tests.planning.factories import HOUR_S, TUESDAY, ZONE, hour, new_plan
from tests.promises.factories import promise_fact
from tests.visits.factories import make_visit, visit_fact
from tests.zones.factories import make_zone

SYSTEM = Actor.system("test")
TIJUANA = (32.5149, -117.0382)  # an hour behind Mexico City in summer
module = import_module("collector_app.planning.queries.legality")
plans_module = import_module("collector_app.planning.queries.shown")
boards_module = import_module("collector_app.dispatch.queries.boards")
LEGAL = queries.Legality(1, (), "Ley", "MX")


@pytest.fixture
def collector(session):
    return make_user(session)


@pytest.fixture
def client(session):
    return make_client(session, lat=19.43, lon=-99.13)


@pytest.fixture
def plan_id(session, collector, client):
    return services.store_plan(
        session, SYSTEM, new_plan(collector, [client], first_s=7 * HOUR_S + 1800)
    )


def verdict(session, plan_id) -> list[str]:
    session.flush()
    checked = queries.legality(session, plan_id, ZONE)
    return [block.sentence for one in checked.breaches for block in one.blocks]


def ban(session, collector, client):
    ban_contact(session, SYSTEM, client.id, "Queja en curso", TUESDAY)


def wish(session, collector, client):
    data = WishData(client.id, "1111111", 16 * HOUR_S, 18 * HOUR_S, "Carta del cliente")
    honour_wish(session, SYSTEM, data, today=TUESDAY)


def visits_told_late(session, collector, client):
    for days in (6, 3):
        at = hour(TUESDAY - timedelta(days=days), 12)
        make_visit(session, client, collector, started_at=at, ended_at=at, received_at=clock.now())


def moved_west(session, collector, client):
    client.lat, client.lon = TIJUANA


def told_to_be_at_work(session, collector, client):
    with clock.frozen(hour(TUESDAY, 6)):
        tell_visit_place(session, SYSTEM, client.id, VisitPlaceKind.WORKPLACE, is_authorised=False)


def stop_before_the_hours(session, collector, client):
    session.execute(update(Stop).values(starts_s=6 * HOUR_S))


def test_an_address_that_nobody_gave_is_seen_when_somebody_says_so(session, collector, client):
    day = date(2026, 12, 1)  # a Tuesday since which the origin of an address is judged
    planned = new_plan(collector, [client], day=day)
    plan_id = services.store_plan(session, SYSTEM, planned)
    assert verdict(session, plan_id) == []

    for origin, sentences in (
        (AddressOrigin.FOUND, ["place_not_given"]),
        (AddressOrigin.CLIENT, []),
    ):
        tell_visit_place(session, SYSTEM, client.id, None, is_authorised=False, origin=origin)
        assert verdict(session, plan_id) == sentences


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (ban, ["banned"]),
        (wish, ["hours"]),
        (visits_told_late, ["cap_rolling_days_attempts"]),
        (moved_west, ["hours"]),
        (stop_before_the_hours, ["hours"]),
        (told_to_be_at_work, ["place_unauthorised"]),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_change_after_somebody_looked_is_seen(
    session, collector, client, plan_id, change, sentences
):
    assert verdict(session, plan_id) == []

    change(session, collector, client)

    assert verdict(session, plan_id) == sentences


def test_calls_count_as_soon_as_they_are_known(session, collector, client, plan_id):
    assert verdict(session, plan_id) == []

    for days in range(1, 25):
        at = hour(TUESDAY - timedelta(days=days), 12)
        make_contact(session, client, collector, at=at, channel=Channel.CALL)

    assert "pressure" in verdict(session, plan_id)


def test_what_is_taken_back_no_longer_counts(session, collector, client, plan_id):
    visits_told_late(session, collector, client)
    banned = ban_contact(session, SYSTEM, client.id, "Queja en curso", TUESDAY)
    assert verdict(session, plan_id) == ["cap_rolling_days_attempts", "banned"]

    lift_ban(session, SYSTEM, banned.id, "Se resolvió", today=TUESDAY)
    assert verdict(session, plan_id) == ["cap_rolling_days_attempts"]

    supervisor = actor_of(make_user(session, Role.SUPERVISOR))
    uuid = session.scalars(select(Visit.uuid).limit(1)).one()
    annul_visit(session, supervisor, uuid, "Era otro cliente")
    assert verdict(session, plan_id) == []


def test_a_lifted_rule_no_longer_counts(session, collector, client, plan_id):
    visits_told_late(session, collector, client)
    session.flush()
    (breach,) = queries.legality(session, plan_id, ZONE).breaches
    (block,) = breach.blocks

    session.add(
        RuleOverride(
            client_id=client.id,
            rule_id=block.rule_id,
            reason="Lo pidió el cliente",
            from_on=TUESDAY,
            to_on=TUESDAY,
            requested_at=clock.now(),
            granted_at=clock.now(),
        )
    )

    assert verdict(session, plan_id) == []


@pytest.fixture
def asked(monkeypatch) -> list[tuple]:
    """The visits that are decided about, none of them decided before."""
    module.blocks_once.cache_clear()
    found = []
    decide = module.blocks_of_visit
    monkeypatch.setattr(
        module, "blocks_of_visit", lambda *facts: found.append(facts) or decide(*facts)
    )
    return found


def test_another_plan_asks_only_about_the_visits_that_changed(session, collector, client, asked):
    def plan(first_s: int) -> int:
        return services.store_plan(session, SYSTEM, new_plan(collector, [client], first_s=first_s))

    verdict(session, plan(9 * HOUR_S))
    verdict(session, plan(9 * HOUR_S))
    assert len(asked) == 1
    verdict(session, plan(10 * HOUR_S))
    assert len(asked) == 2
    visits_told_late(session, collector, client)
    assert verdict(session, plan(10 * HOUR_S)) == ["cap_rolling_days_attempts"]
    assert len(asked) == 3


def test_while_nothing_changes_no_rule_is_asked_again(session, collector, client, plan_id, asked):
    first, second = (queries.legality(session, plan_id, ZONE) for _ in range(2))

    assert first == second
    assert len(asked) == 1


def test_two_plans_with_the_same_stops_are_two_verdicts(session, collector, client, plan_id):
    other = services.store_plan(session, SYSTEM, new_plan(collector, [client], first_s=6 * HOUR_S))

    assert verdict(session, plan_id) == []
    assert verdict(session, other) == ["hours"]


def shown(session, plan_id) -> list[str]:
    session.commit()  # what is done leaves its entry in the log
    checked = queries.shown_legality(session, plan_id, ZONE)
    return [block.sentence for one in checked.breaches for block in one.blocks]


def test_a_page_sees_what_was_done_since_somebody_looked(session, collector, client, plan_id):
    assert shown(session, plan_id) == []

    banned = ban_contact(session, SYSTEM, client.id, "Queja en curso", TUESDAY)
    assert shown(session, plan_id) == ["banned"]
    wish(session, collector, client)
    assert shown(session, plan_id) == ["hours", "banned"]
    lift_ban(session, SYSTEM, banned.id, "Se resolvió", today=TUESDAY)
    assert shown(session, plan_id) == ["hours"]


def test_two_plans_are_shown_with_a_verdict_each(session, collector, client, plan_id):
    other = services.store_plan(session, SYSTEM, new_plan(collector, [client], first_s=6 * HOUR_S))

    assert shown(session, plan_id) == []
    assert shown(session, other) == ["hours"]


def test_while_nothing_is_done_a_page_does_not_read_what_the_verdict_rests_on(
    session, plan_id, monkeypatch
):
    shown(session, plan_id)
    read = []
    monkeypatch.setattr(module, "legality", lambda *_facts: read.append("again"))

    assert shown(session, plan_id) == []
    assert read == []


def in_the_field(session, collector, client, day, hour_) -> None:
    """A phone tells of a visit now, with a promise and a payment."""
    at = hour(day, hour_)
    who = actor_of(collector)
    met = {"person_met": PersonMet.HOLDER, "outcome": Outcome.PROMISED}
    fact = visit_fact(client, started_at=at, ended_at=at, **met)
    visit = record_visit(session, who, fact, zone=ZONE)
    make_promise(session, who, promise_fact(client, visit_id=visit.id), zone=ZONE)
    record_payment(session, who, payment_fact(client, amount_cents=1_000), zone=ZONE)


@pytest.fixture
def read_again(monkeypatch):
    """What of a plan is read again, in order."""
    found = []
    monkeypatch.setattr(module, "legality", lambda *_facts: found.append("law") or LEGAL)
    monkeypatch.setattr(plans_module, "plan_row", lambda *_facts: found.append("plan"))
    monkeypatch.setattr(boards_module, "board_page", lambda *_facts, **_how: found.append("board"))
    return found


def test_what_collectors_tell_of_the_day_makes_nobody_read_its_plan_again(
    session, collector, client, plan_id, read_again
):
    def look() -> list[str]:
        session.commit()
        queries.shown_plan(session, plan_id)
        queries.shown_legality(session, plan_id, ZONE)
        shown_board(session, plan_id)
        seen = list(read_again)
        read_again.clear()
        return seen

    make_zone(session, [client], collector)
    assert look() == ["plan", "law", "board"]
    in_the_field(session, collector, client, TUESDAY, 11)
    assert look() == []
    in_the_field(session, collector, client, TUESDAY - timedelta(days=2), 11)  # told late
    assert look() == ["law"]
    wish(session, collector, client)
    assert look() == ["plan", "law", "board"]
