"""What profiles ask beside hours: money, persons, words, memory, and exceptions by name."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from collector_app.compliance.profile_files import house_rules, law_profile, law_profiles
from collector_app.compliance.rules import (
    Confidence,
    ContactFacts,
    HolidayRule,
    HoursRule,
    HourWindow,
    Profile,
    Source,
    cash_blocks,
    combine,
    decide,
    deletion_rule,
    identification,
    keep_log_months,
    may_override,
    penalties,
    person_blocks,
    reason_blocks,
    visit_windows,
    word_blocks,
    words_said,
)

FACTS = ContactFacts(ZoneInfo("America/Bogota"))
MONDAY = date(2026, 3, 9)
SOURCE = Source("art. 1", "texto", "una prueba", Confidence.HIGH)


@pytest.mark.parametrize(
    ("profile_id", "may_take"),
    [("mx_financial_agency", False), ("mx_commercial", False), ("mx_financial_strict", True)],
)
def test_under_some_profiles_nobody_takes_money(profile_id, may_take):
    assert (not cash_blocks(law_profile(profile_id))) is may_take


def test_the_reason_of_default_is_asked_everywhere_but_in_colombia():
    silent = [id_ for id_, one in law_profiles().items() if reason_blocks(one)]
    assert silent == ["co"]
    assert reason_blocks(combine(law_profile("cl"), law_profile("co")))


@pytest.mark.parametrize("person", ["relative", "neighbour", "employee", "minor"])
def test_the_debt_is_talked_about_with_holder_and_guarantor_alone(person):
    law = law_profile("mx_financial_strict")
    [block] = person_blocks(law, person)
    assert (block.rule_id, block.article[:4]) == ("mx_financial_strict.third_parties", "Disp")
    assert person_blocks(law, "holder") == person_blocks(law, "guarantor") == ()


def test_forbidden_words_are_found_whatever_their_accents_and_never_inside_others():
    law = law_profile("mx_financial_strict")
    [block] = word_blocks(law, "Le llegará una ORDEN  JUDICIAL, y la carcel")
    assert block.facts == {"words": "orden judicial, cárcel"}
    assert word_blocks(law, "El juzgadorcito y el encarcelamiento") == ()
    assert word_blocks(law_profile("none"), "orden judicial") == ()


@pytest.mark.parametrize(
    "said",
    [
        "te vamos a embargar",
        "Mañana LO vamos a embargar",
        "les vamos a embargar la casa",
        "vamos a embargar su casa",
        "voy a embargarlo",
        "iremos a embargárselo",
        "vamos a tener que embargarla",
        "tendremos que embargarle",
        "podemos embargarlos hoy",
        "procederemos a embargar",
        "se le va a embargar",
        "se va a embargar su negocio",
        "lo van a embargar",
        "van a embargarlo",
        "se procederá a embargar",
        "lo embargaremos",
        "embargaré su coche",
        "se le embargará",
        "le embargaran el sueldo",
        "si no paga hoy lo embargamos",
        "su casa será embargada",
        "vas a ser embargado",
    ],
)
def test_a_threat_is_found_in_every_form_and_named_as_the_law_names_it(said):
    [block] = word_blocks(law_profile("mx_financial_strict"), f"Le dije: {said}.")
    assert block.facts == {"words": "te vamos a embargar"}


@pytest.mark.parametrize(
    "said",
    [
        "su pagaré dice que puede pedirse un embargo ante un juez",
        "un juez puede ordenar que se embargue lo que respalda el crédito",
        "sin embargo, lo esperamos",
        "el banco ya le embargó el coche",
        "otro lo embargó el año pasado",
        "me van a embargar, dijo la señora",
        "nos embargaron en otra tienda",
        "lo vamos a desembargar",
        "la tristeza lo embarga",
        "lo vamos a embargarito",
        "vamos a ayudarle a que no pierda su casa",
        "van a embargar otra tienda",
        "te vamos a visitar",
    ],
)
def test_what_others_did_or_a_judge_may_do_is_no_threat(said):
    assert word_blocks(law_profile("mx_financial_strict"), f"Le dije: {said}.") == ()


def test_forms_follow_from_the_verb_that_a_profile_names():
    forms = {
        "vamos a demandarlo": ("te demandaremos", "serás demandado", "la demandamos"),
        "te vamos a meter preso": (),
        "lo vamos a vender": ("se venderá", "lo vendemos", "su coche será vendido", "le venderán"),
        "les vamos a exhibir": ("los exhibimos", "voy a exhibirte", "seran exhibidos"),
    }
    for term, said in forms.items():
        assert words_said([term], term) == [term]
        for one in said:
            assert words_said([term], f"pues {one} ya") == [term]
    assert words_said(["vamos a demandarlo"], "la demanda es de otro") == []


def test_of_two_laws_the_longer_record_and_the_earlier_deletion_hold():
    both = combine(law_profile("cl"), law_profile("mx_commercial"))
    assert keep_log_months(both) == 24
    assert deletion_rule(both).delete_default_after_months == 72
    assert deletion_rule(law_profile("cl")) is None
    assert [one.unit for one in penalties(both)] == ["UTM", "UMA", "MXN"]


def test_who_collects_says_everything_once():
    twice = combine(law_profile("mx_financial_strict"), law_profile("mx_financial_literal"))
    assert identification(twice) == identification(law_profile("mx_financial_strict"))
    assert "Nombre del gestor" in identification(twice)


def test_a_visit_ban_is_lifted_by_its_own_exceptions_only_and_the_hours_stay():
    law = law_profile("co")
    ban = law.rules[0]
    assert may_override(ban, "microcredit_authorised")
    assert not may_override(ban, "porque sí")
    assert not decide(law, FACTS, MONDAY).allowed

    lifted = replace(FACTS, overridden=frozenset({ban.id}))
    assert decide(law, lifted, MONDAY).windows == (HourWindow(7 * 3600, 19 * 3600),)


def test_rules_of_the_house_may_be_lifted_and_no_limit_of_the_law():
    assert all(may_override(rule, None) for rule in house_rules().rules)
    law = law_profile("cl")
    assert not any(may_override(rule, "porque sí") for rule in law.rules)


def test_the_hours_that_a_client_asked_for_narrow_the_law_and_are_named():
    afternoon = HoursRule("client_wish.1", SOURCE, ((HourWindow(15 * 3600, 21 * 3600),),) * 7)
    wished = replace(FACTS, wishes=(afternoon,))
    law = law_profile("cl")
    assert decide(law, wished, MONDAY).windows == (HourWindow(15 * 3600, 20 * 3600),)
    assert [one.rule_id for one in decide(law, wished, MONDAY, 9 * 3600).blocks] == [afternoon.id]


def test_a_rule_may_rest_on_days_of_its_own():
    own = HolidayRule("house.rest", SOURCE, "MX", frozenset({MONDAY}))
    profile = Profile("test", "Prueba", "MX", "1", (own,))
    assert visit_windows(profile, MONDAY) == ()
    assert visit_windows(profile, date(2026, 3, 10)) != ()
    [block] = decide(profile, FACTS, MONDAY).blocks
    assert block.sentence == "holiday"
