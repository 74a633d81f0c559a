"""Profiles as data: every file is whole, and a faulty one is refused by file and field."""

from datetime import date
from pathlib import Path

import pytest

from collector_app.compliance.profile_files import (
    InvalidProfile,
    house_rules,
    law_profile,
    law_profiles,
    law_version,
    profile_versions,
    read_profile,
    versions,
)
from collector_app.core.errors import NotFound

GOOD = """
id: try
name: Prueba
country: MX
effective_from: 2026-01-01
rules:
  - kind: hours
    id: hours
    windows:
      mon: ["07:00-22:00"]
    source: {article: art. 1, text: De 7 a 22., read_in: el texto, confidence: high}
  - kind: cap
    id: cap
    counts: attempts
    most: 2
    period: rolling_days
    days: 7
    source: {article: art. 2, text: Dos., read_in: el texto, confidence: low}
"""
CAP = """kind: cap
    id: cap
    counts: attempts
    most: 2
    period: rolling_days
    days: 7
"""
FINE = """kind: fine
    id: cap
    currency: MXN
    ranges:
      - {from_on: 2025-01-01, least_cents: 1, most_cents: 2}
      - {from_on: 2026-01-01, least_cents: 1, most_cents: 3}
    repeat: {after: fault, times: 2, years: 3}
"""
ANSWER = """kind: answer
    id: cap
    matters: [data_access]
    days: 10
    counts: working
    calendar: MX
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "try.yaml"
    path.write_text(text)
    return path


def test_all_profiles_of_the_product_load():
    assert set(law_profiles()) == {
        "mx_financial_strict",
        "mx_financial_literal",
        "mx_financial_agency",
        "mx_commercial",
        "ar",
        "br",
        "cl",
        "co",
        "pe",
        "ec",
        "none",
    }
    assert len(house_rules().rules) == 6


def test_the_past_is_judged_by_the_version_of_its_day(tmp_path):
    old = GOOD.replace("07:00-22:00", "09:00-18:00").replace("2026-01-01", "2020-01-01")
    written(tmp_path, GOOD)
    (tmp_path / "try.2020-01-01.yaml").write_text(old)

    before, now = versions(tmp_path)["try"]

    assert (before.effective_from, now.effective_from) == (date(2020, 1, 1), date(2026, 1, 1))
    assert before.version != now.version
    (tmp_path / "try.2021-01-01.yaml").write_text(old)
    with pytest.raises(InvalidProfile):
        read_profile(tmp_path / "try.2021-01-01.yaml")


def test_each_version_holds_until_the_next_begins_and_says_what_it_changed(tmp_path):
    old = GOOD.replace("most: 2", "most: 5").replace("2026-01-01", "2020-01-01")
    written(tmp_path, GOOD)
    (tmp_path / "try.2020-01-01.yaml").write_text(old)

    now, before = profile_versions("try", tmp_path)

    assert (before.from_on, before.to_on) == (date(2020, 1, 1), date(2025, 12, 31))
    assert (now.from_on, now.to_on) == (date(2026, 1, 1), None)
    assert [one.most for one in now.added] == [2]
    assert [one.most for one in now.dropped] == [5]
    assert before.added == before.dropped == ()
    with pytest.raises(NotFound):
        profile_versions("mars", tmp_path)


def test_a_change_of_the_file_is_a_new_version(tmp_path):
    before = read_profile(written(tmp_path, GOOD)).version

    assert read_profile(written(tmp_path, GOOD.replace("07:00", "08:00"))).version != before


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ("07:00-22:00", "7-22", "rules[0].windows.mon[0]"),
        ("07:00-22:00", "22:00-07:00", "rules[0].windows.mon[0]"),
        ("07:00-22:00", "07:00-24:01", "rules[0].windows.mon[0]"),
        ("mon:", "lunes:", "rules[0].windows"),
        ("kind: cap", "kind: tope", "rules[1].kind"),
        ("most: 2", "most: 0", "rules[1].most"),
        ("most: 2", "most: dos", "rules[1].most"),
        ("days: 7", "days: 0", "rules[1].days"),
        ("rolling_days", "iso_week", "rules[1].days"),
        ("confidence: low", "confidence: quizá", "rules[1].source.confidence"),
        ("article: art. 2", "article: ''", "rules[1].source.article"),
        ("id: cap", "id: hours", "rules[1].id"),
        ("id: try", "id: other", "id"),
        ("country: MX", "pais: MX", "file"),
        ("2026-01-01", "enero", "effective_from"),
        ("kind: cap\n", "kind: penalty\n    unit: UMA\n    least: 2\n", "rules[1]"),
        (CAP, FINE.replace("most_cents: 2", "most_cents: 0"), "rules[1].ranges[0].most_cents"),
        (CAP, FINE.replace("2026-01-01", "2025-01-01"), "rules[1].ranges"),
        (CAP, FINE.replace("times: 2", "times: 1"), "rules[1].repeat.times"),
        (CAP, FINE.replace("years: 3", "years: -1"), "rules[1].repeat.years"),
        (CAP, FINE.replace("after: fault", "after: rain"), "rules[1].repeat.after"),
        (CAP, ANSWER.replace("[data_access]", "[]"), "rules[1].matters"),
        (CAP, ANSWER.replace("data_access", "payments"), "rules[1].matters"),
        (CAP, ANSWER.replace("days: 10", "days: 0"), "rules[1].days"),
        (CAP, ANSWER.replace("counts: working", "counts: hours"), "rules[1].counts"),
        (CAP, ANSWER.replace("calendar: MX", "calendar: ''"), "rules[1].calendar"),
        (CAP, ANSWER.replace("calendar: MX", "calendar: XX"), "rules[1].calendar"),
        (CAP, ANSWER.replace("counts: working", "counts: calendar"), "rules[1].calendar"),
    ],
)
def test_a_fault_is_told_by_file_and_field(tmp_path, right, wrong, place):
    path = written(tmp_path, GOOD.replace(right, wrong, 1))

    with pytest.raises(InvalidProfile) as caught:
        read_profile(path)

    assert caught.value.facts["file"] == "try.yaml"
    assert str(caught.value.facts["place"]).startswith(place)


def test_a_fine_in_money_is_that_of_its_years(tmp_path):
    [_hours, fine] = read_profile(written(tmp_path, GOOD.replace(CAP, FINE))).rules

    assert fine.range_on(date(2024, 12, 31)) is None
    assert fine.range_on(date(2025, 12, 31)).most == 2
    assert fine.range_on(date(2026, 1, 1)).most == 3


def test_an_unknown_profile_is_not_found():
    with pytest.raises(NotFound):
        law_profile("mars")


def test_a_version_that_nobody_knows_any_more_is_that_of_its_day():
    now, before = law_profile("cl"), law_profile("cl", date(2000, 1, 1))
    assert now.version != before.version

    assert law_version("cl", f"house1+{before.version}", date(2026, 1, 1)) == before
    assert law_version("cl", "forgotten", date(2000, 1, 1)) == before
    assert law_version("cl", "forgotten", date(2026, 1, 1)) == now


@pytest.mark.parametrize(
    ("kinds", "place"),
    [
        ("", "rules[0]"),
        ("    kinds: []\n", "rules[0].kinds"),
        ("    kinds: [{kind: workplace}, {kind: workplace}]\n", "rules[0].kinds"),
        ("    kinds: [{kind: prison}]\n", "rules[0].kinds[0].kind"),
    ],
)
def test_a_rule_of_places_names_each_kind_once(tmp_path, kinds, place):
    path = tmp_path / "x.yaml"
    path.write_text(
        "id: x\nname: X\ncountry: MX\neffective_from: 2026-01-01\nrules:\n"
        "  - kind: places\n    id: places\n    denied: [Trabajo]\n"
        f"{kinds}"
        "    source: {article: art. 1, text: t, read_in: r, confidence: high}\n",
        encoding="utf-8",
    )

    with pytest.raises(InvalidProfile) as refused:
        read_profile(path)

    assert refused.value.facts["place"] == place
