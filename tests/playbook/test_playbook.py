"""Every objection has its card, every stage its opening; what a third party hears says nothing."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from collector_app.compliance.profile_files import law_profile, law_profiles
from collector_app.compliance.rules import word_blocks
from collector_app.compliance.services import choose_profile
from collector_app.core import clock
from collector_app.core.actor import Actor, Role
from collector_app.playbook.cards import card_for, script_for
from collector_app.playbook.queries import card_results
from collector_app.playbook.rules import was_followed_by_money
from collector_app.portfolio.rules import ClientKind, Stage
from collector_app.strategy.queries import members
from collector_app.strategy.rules import Trait
from collector_app.visits.rules import Objection
from tests.factories import make_client, make_user
from tests.payments.factories import make_payment
from tests.strategy.factories import at_least, make_segment
from tests.visits.factories import make_visit
from tests.zones.factories import make_zone

ZONE = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 3, 10)


def test_cards_and_scripts_never_say_what_a_law_forbids(app):
    with app.test_request_context():
        said = []
        for objection in Objection:
            card = card_for(objection)
            said += [card.listen, card.evidence, card.offer, card.close]
        for one in Stage:
            script = script_for(law_profile("cl"), one, "a Rosa", "Luis")
            assert script.opening
            said += [script.neutral_notice]
    for law in law_profiles().values():
        assert [text for text in said if word_blocks(law, text)] == []


def test_a_third_party_hears_no_word_of_the_debt(app):
    with app.test_request_context():
        script = script_for(law_profile("mx_financial_strict"), Stage.EARLY, "a Rosa", "Luis")

    heard = script.neutral_notice.lower()
    assert "rosa" in heard
    assert not [one for one in ("deud", "pag", "cobr", "crédito", "debe") if one in heard]


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (7, True), (8, False)])
def test_money_counts_for_a_week(days, counts):
    assert was_followed_by_money(TODAY, [TODAY + timedelta(days=days)]) is counts


def test_objections_are_counted_with_what_followed_by_kind(session):
    collector, person = make_user(session), make_client(session)
    firm = make_client(session, kind=ClientKind.FIRM)
    for client in (person, firm):
        make_visit(session, client, collector, objection=Objection.NO_MONEY)
    make_payment(session, collector, firm)

    [both] = card_results(session, TODAY, ZONE)
    [firms] = card_results(session, TODAY, ZONE, ClientKind.FIRM)

    assert (both.told.heard, both.told.paid) == (2, 1)
    assert (firms.told.heard, firms.told.paid) == (1, 1)


def test_a_card_that_was_opened_is_told_apart_from_one_that_was_not(session, client_as):
    collector, payer, other = make_user(session), make_client(session), make_client(session)
    for client, card_opened in ((payer, True), (other, True), (other, False), (other, None)):
        make_visit(
            session,
            client,
            collector,
            objection=Objection.NO_MONEY,
            card_opened=card_opened,
        )
    make_payment(session, collector, payer)
    session.commit()

    [found] = card_results(session, TODAY, ZONE)
    page = client_as(Role.SUPERVISOR).get("/guion").text.replace("\xa0", " ")

    assert (found.told.heard, found.told.paid) == (4, 1)
    assert (found.opened.heard, found.opened.paid) == (2, 1)
    assert (found.unopened.heard, found.unopened.paid) == (1, 0)
    assert "1 de 2: 50 %, entre" in page
    assert "0 de 1: 0 %, entre" in page


def test_the_page_follows_the_law_in_force(session, client_as):
    collector, debtor = make_user(session), make_client(session)
    make_zone(session, [debtor], collector)
    phone = client_as(collector)
    page = phone.get(f"/guion/{debtor.id}").text
    assert "Administrativa" in page
    assert "Unidad" in page or "UNE" in page
    assert "No preguntes por qué" not in page
    today = clock.today(ZONE)

    choose_profile(session, Actor.system("test"), "co", today, "prueba", today=today)
    session.commit()
    assert "No preguntes por qué" in phone.get(f"/guion/{debtor.id}").text
    choose_profile(
        session, Actor.system("test"), "mx_financial_agency", today, "prueba", today=today
    )
    session.commit()
    assert "No recibas dinero" in phone.get(f"/guion/{debtor.id}").text


def test_the_desk_checks_what_a_message_says(client_as):
    desk = client_as(Role.SUPERVISOR)

    assert "orden judicial" in desk.get("/guion?text=Habrá una ORDEN JUDICIAL").text
    assert "No tiene palabras prohibidas" in desk.get("/guion?text=Buenos días").text


def test_objections_are_told_apart_by_segment_with_their_intervals(client_as, session):
    collector = make_user(session)
    large, small = make_client(session, overdue_cents=900_000), make_client(session)
    segment = make_segment(session, at_least(Trait.BALANCE, 500_000))
    make_segment(session, name="Los demás")
    for client in (large, small, small):
        make_visit(session, client, collector, objection=Objection.NO_MONEY)
    make_payment(session, collector, small)
    session.commit()

    of_large = members(session, TODAY, ZONE, segment.id)
    [told] = card_results(session, TODAY, ZONE, client_ids=of_large)
    page = client_as(Role.SUPERVISOR).get(f"/guion?segment={segment.id}").text

    of_all = told.told
    assert (of_all.heard, of_all.paid, of_all.is_weak) == (1, 0, True)
    assert of_all.interval == (0, pytest.approx(0.7935, abs=1e-4))
    assert "0 % y 79 %" in page.replace("\xa0", " ")
    assert "pocos casos" in page
    assert members(session, TODAY, ZONE, 999) == set()


def test_the_phone_has_a_script_for_any_client_with_the_limits_of_the_house(client_as):
    page = client_as(Role.COLLECTOR).get("/phone/guion")

    assert page.status_code == 200
    assert "<span data-client></span>" in page.text
    assert page.text.count("<details") == len(Objection) + 2  # the menu, and the offer
    assert '"authority": [["collector", 1000], ["supervisor", 2500], ["admin", 10000]]' in page.text


def test_the_desk_has_no_phone_to_carry_a_script(client_as):
    assert client_as(Role.SUPERVISOR).get("/phone/guion").status_code == 403
