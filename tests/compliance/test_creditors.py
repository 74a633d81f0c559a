"""The law of creditors: it only ever forbids more, says whose it is, and holds once told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError

from collector_app.audit.models import AuditEntry
from collector_app.compliance import creditor_choices
from collector_app.compliance.creditor_book import creditor_laws
from collector_app.compliance.creditor_choices import (
    CreditorKnown,
    CreditorUnnamed,
    add_creditor,
    choose_creditor_profile,
)
from collector_app.compliance.law_book import read_laws
from collector_app.compliance.profile_files import house_rules, law_profile, law_profiles
from collector_app.compliance.queries import client_profile, profile_in_force, terms_on
from collector_app.compliance.rules import (
    DAY_S,
    Channel,
    ContactFacts,
    Touch,
    beside,
    cash_blocks,
    combine,
    creditor_law,
    decide,
    identification,
    word_blocks,
)
from collector_app.compliance.sentences import block_sentence
from collector_app.compliance.services import DecisionUnexplained, NotRetroactive
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.core.errors import NotAllowed, NotFound
from collector_app.portfolio.known import known_creditors
from collector_app.portfolio.models import Creditor, Invoice
from tests.compliance.factories import give_credits, make_creditor
from tests.factories import actor_of, make_client, make_user

ZONE = ZoneInfo("America/Mexico_City")
TUESDAY = date(2026, 3, 10)
SYSTEM = Actor.system("test")
NINE_PM_S = 21 * 3600

profile_ids = st.sampled_from(sorted(law_profiles()))
days = st.integers(0, 400).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
channels = st.sampled_from(Channel)


def law_of(*profile_ids: str, names=("Tiendas del Norte",)):
    return creditor_law(tuple((law_profile(one), names) for one in profile_ids))


@st.composite
def histories(draw, day):
    start = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return tuple(
        Touch(start - timedelta(hours=draw(st.integers(1, 500))), draw(st.booleans()), one)
        for one in draw(st.lists(channels, max_size=4))
    )


@given(st.data(), profile_ids, st.lists(profile_ids, unique=True, max_size=3), days, channels)
def test_a_creditor_never_allows_what_was_forbidden_and_keeps_every_rule_that_forbids(
    data, house_id, creditor_ids, day, channel
):
    house = combine(law_profile(house_id, day), house_rules(day))
    facts = ContactFacts(ZONE, data.draw(histories(day)))
    bound = replace(facts, creditors=law_of(*creditor_ids))
    second_s = data.draw(st.integers(0, DAY_S - 1))

    alone, both = (decide(house, one, day, second_s, channel) for one in (facts, bound))
    theirs = [decide(law_profile(one), facts, day, second_s, channel) for one in creditor_ids]

    assert both.allowed == (alone.allowed and all(one.allowed for one in theirs))
    broken = {block.rule_id for one in (alone, *theirs) for block in one.blocks}
    assert {block.rule_id for block in both.blocks} == broken
    for window in both.windows:
        assert any(
            one.start_s <= window.start_s and window.end_s <= one.end_s for one in alone.windows
        )


@given(st.data(), profile_ids, days, channels)
def test_a_client_without_creditors_stands_under_the_law_of_the_house(data, house_id, day, channel):
    house = combine(law_profile(house_id, day), house_rules(day))
    facts = ContactFacts(ZONE, data.draw(histories(day)))

    assert beside(house, None) is house
    for none in (facts, replace(facts, creditors=law_of(house_id))):  # their law is the house's
        assert decide(house, none, day, None, channel) == decide(house, facts, day, None, channel)


@given(profile_ids, st.lists(profile_ids, unique=True, max_size=3))
def test_a_law_holds_once_however_it_is_carried(house_id, creditor_ids):
    house, law = law_profile(house_id), law_of(*creditor_ids)
    both = beside(house, law)

    assert len({rule.id for rule in both.rules}) == len(both.rules)
    assert beside(both, law).rules == both.rules
    assert law.rules_beside(both) == ()


def test_what_forbids_says_whose_rule_it_is_after_its_article(app):
    law = law_of("cl", names=("Banco Austral", "Tiendas del Norte"))
    facts = ContactFacts(ZONE, creditors=law)

    (block,) = decide(law_profile("mx_financial_strict"), facts, TUESDAY, NINE_PM_S).blocks

    assert block.rule_id == "cl.hours"
    with app.test_request_context():
        said = block_sentence(block)
    assert said.endswith("CPC art. 59, acreedor: Banco Austral, Tiendas del Norte)")
    assert "Ley 19.496 art. 37" in said


def test_money_words_and_duties_of_creditors_hold_beside_those_of_the_house():
    house = law_profile("mx_financial_strict")
    both = beside(house, law_of("mx_commercial"))

    assert cash_blocks(house) == ()
    assert [one.facts for one in cash_blocks(both)] == [{"creditors": "Tiendas del Norte"}]
    assert set(identification(house)) < set(identification(both))
    assert len(word_blocks(both, "hay orden de embargo")) == 2  # each law names it


@pytest.fixture
def client(session):
    return make_client(session)


def profiles_of(session, client, day=TUESDAY, **when) -> list[str]:
    law = creditor_laws(session, day, ZONE, [client.id], **when).get(client.id)
    return [one.id for one in law.profiles] if law else []


def test_who_owes_to_two_creditors_stands_under_both_laws(session, client):
    give_credits(session, client, make_creditor(session, "mx_commercial"))
    other = make_client(session)
    give_credits(session, other, make_creditor(session, "cl"))
    for credit in other.credits:
        credit.client_id = client.id
    session.flush()

    assert profiles_of(session, client) == ["cl", "mx_commercial"]
    profile = client_profile(session, client.id, TUESDAY, ZONE)
    assert profile.id == "mx_financial_strict+house+cl+mx_commercial"
    assert profile_in_force(session, TUESDAY).id == "mx_financial_strict+house"


def test_a_creditor_without_a_law_of_their_own_changes_nothing(session, client):
    give_credits(session, client, make_creditor(session, None))

    assert profiles_of(session, client) == []
    assert terms_on(session, TUESDAY, client_zone(session), [client.id]) == {}


def client_zone(session) -> ZoneInfo:
    """The clock of La Serena, where made clients live: nobody lives on another."""
    return ZoneInfo("America/Santiago")


def test_a_credit_is_of_whom_the_newest_word_says(session, client):
    noon = clock.at_second(TUESDAY, 12 * 3600, ZONE)
    give_credits(session, client, make_creditor(session, "cl"))
    give_credits(session, client, make_creditor(session, "pe"), told_at=noon)
    give_credits(session, client, None, told_at=noon + timedelta(days=1))

    before, after = noon - timedelta(seconds=1), noon + timedelta(seconds=1)
    assert profiles_of(session, client, at=before) == ["cl"]
    assert profiles_of(session, client, at=after) == ["pe"]
    assert profiles_of(session, client, known_at=noon) == ["cl"]
    assert profiles_of(session, client, TUESDAY + timedelta(days=2)) == []


def test_a_settled_credit_binds_until_its_creditor_says_that_it_is_settled(session, client):
    settled_at = clock.at_second(TUESDAY, 12 * 3600, ZONE)
    give_credits(session, client, make_creditor(session, "cl"))
    session.execute(update(Invoice).values(balance_cents=0, balance_at=settled_at))

    assert profiles_of(session, client, at=settled_at - timedelta(seconds=1)) == ["cl"]
    assert profiles_of(session, client, at=settled_at + timedelta(seconds=1)) == []
    assert profiles_of(session, client) == ["cl"]  # the day on which it was is still bound
    assert profiles_of(session, client, TUESDAY + timedelta(days=1)) == []


def test_another_profile_of_a_creditor_holds_from_the_instant_it_is_chosen(session, client):
    creditor = make_creditor(session, "cl")
    give_credits(session, client, creditor)
    chosen_at = clock.at_second(TUESDAY, 12 * 3600, ZONE)
    with clock.frozen(chosen_at):
        choose_creditor_profile(
            session, SYSTEM, creditor.id, "pe", TUESDAY, "nuevo contrato", today=TUESDAY
        )
    session.flush()

    book = read_laws(session, TUESDAY, TUESDAY, ZONE, [client.id])
    before, after = chosen_at - timedelta(seconds=1), chosen_at
    assert book.of(client.id, TUESDAY, before).profile.id.endswith("+cl")
    assert book.of(client.id, TUESDAY, after).profile.id.endswith("+pe")
    assert profiles_of(session, client, TUESDAY - timedelta(days=1)) == ["cl"]


def test_laws_of_many_clients_are_read_with_as_many_statements_as_of_one(session):
    creditor = make_creditor(session, "cl")
    clients = [make_client(session) for _ in range(12)]
    for one in clients:
        give_credits(session, one, creditor)
    asked = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *told: asked.append(told[2]))

    counts = []
    for some in (clients[:1], clients):
        asked.clear()
        found = creditor_laws(session, TUESDAY, ZONE, [one.id for one in some])
        assert len(found) == len(some)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4


@pytest.fixture
def admin(session):
    return actor_of(make_user(session, Role.ADMIN))


def add(session, actor, name="Tiendas del Norte", profile_id="mx_commercial", reason="contrato"):
    return add_creditor(session, actor, name, profile_id, reason, today=TUESDAY)


def test_a_creditor_is_added_by_an_admin_with_a_reason_that_is_written_down(session, admin):
    added = add(session, admin, "  Tiendas   del Norte ")
    session.commit()

    assert added.name == "Tiendas del Norte"
    events = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [one.event for one in events] == ["creditor.added", "creditor.profile_chosen"]
    assert events[1].facts["after"] == "mx_commercial"
    assert events[1].facts["reason"] == "contrato"


def test_who_may_not_and_what_makes_no_sense_is_refused(session, admin):
    creditor = add(session, admin)
    supervisor = actor_of(make_user(session, Role.SUPERVISOR))

    def choose(actor, number, profile_id, day, reason):
        choose_creditor_profile(session, actor, number, profile_id, day, reason, today=TUESDAY)

    with pytest.raises(NotAllowed):
        add(session, supervisor, "Otro")
    with pytest.raises(CreditorUnnamed):
        add(session, admin, " .- ")
    with pytest.raises(CreditorKnown):
        add(session, admin, "TIENDAS DEL NORTE")
    with pytest.raises(NotFound):
        add(session, admin, "Otro", "xx")
    with pytest.raises(DecisionUnexplained):
        add(session, admin, "Otro", reason=" ")
    with pytest.raises(NotAllowed):
        choose(supervisor, creditor.id, "cl", TUESDAY, "porque sí")
    with pytest.raises(NotRetroactive):
        choose(admin, creditor.id, "cl", TUESDAY - timedelta(days=1), "porque sí")
    with pytest.raises(NotFound):
        choose(admin, creditor.id + 1, "cl", TUESDAY, "porque sí")


@pytest.mark.parametrize(
    "written", ["banco austral", "  Banco   Austral ", "BÁNCO AUSTRÁL", "Banco-Austral."]
)
def test_two_names_that_people_write_alike_are_one_and_the_one_there_is_is_named(
    session, admin, written
):
    add(session, admin, "Banco Austral")

    with pytest.raises(CreditorKnown) as caught:
        add(session, admin, written)

    assert caught.value.facts["name"] == "Banco Austral"
    assert add(session, admin, "Banco Austral 2").name == "Banco Austral 2"


def test_the_database_itself_keeps_two_spellings_of_a_name_apart_from_none(session):
    make_creditor(session, "cl", "Banco Austral")

    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(Creditor(name="BANCO  austrál", created_at=clock.now()))


def test_who_loses_the_race_for_a_name_is_told_the_one_that_won(session, monkeypatch):
    make_creditor(session, "cl", "Banco Austral")
    answers = iter([{}, known_creditors(session)])
    monkeypatch.setattr(creditor_choices, "known_creditors", lambda _session: next(answers))

    with pytest.raises(CreditorKnown) as caught:
        add_creditor(session, SYSTEM, "banco austral", None, "contrato", today=TUESDAY)

    assert caught.value.facts["name"] == "Banco Austral"
    assert session.scalars(select(Creditor.name)).all() == ["Banco Austral"]


def test_a_name_that_somebody_took_meanwhile_is_told_like_any_other(session, monkeypatch):
    make_creditor(session, "cl", "Banco Austral")
    monkeypatch.setattr(creditor_choices, "known_creditors", lambda _session: {})

    with pytest.raises(CreditorKnown):
        add_creditor(session, SYSTEM, "Banco Austral", None, "contrato", today=TUESDAY)
    session.rollback()
