"""A chain of entries: whole when nobody touched it, and a name for each row that somebody did."""

import contextlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, IntEnum

from hypothesis import given
from hypothesis import strategies as st

from collector_app.audit.rules import (
    EMPTY,
    FaultKind,
    Head,
    SealedEntry,
    canonical,
    chain_faults,
    content_hash,
    link,
)
from collector_app.core.actor import Role


class Size(IntEnum):
    SMALL = 1


plain_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.dates(),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-6))])),
    st.sampled_from(Role),
    st.just(Size.SMALL),
)


def objects(values: st.SearchStrategy, most: int) -> st.SearchStrategy:
    """Return objects whose keys are texts, or numbers."""
    return st.one_of(
        st.dictionaries(keys, values, max_size=most) for keys in (st.text(), st.integers())
    )


inner_values = st.recursive(
    plain_values,
    lambda inner: st.one_of(st.lists(inner, max_size=3), objects(inner, 3)),
    max_leaves=6,
)
texts = st.lists(st.text(max_size=8), min_size=1, max_size=12)


def chain(contents: list[str]) -> tuple[list[SealedEntry], Head]:
    last, entries = EMPTY, []
    for text in contents:
        sealed = link(last.hash, text)
        position = last.position + 1
        entries.append(SealedEntry(100 + position, position, text, last.hash, sealed))
        last = Head(position, sealed)
    return entries, last


def found(entries: list[SealedEntry], head: Head) -> list[tuple[FaultKind, str]]:
    return [(one.kind, one.row) for one in chain_faults(entries, head)]


@given(texts)
def test_a_chain_that_nobody_touched_has_no_fault(contents):
    assert found(*chain(contents)) == []


@given(texts, st.data())
def test_an_altered_entry_is_named_and_no_other(contents, data):
    entries, head = chain(contents)
    n = data.draw(st.integers(0, len(entries) - 1))
    entries[n] = replace(entries[n], text=entries[n].text + "x")

    assert found(entries, head) == [(FaultKind.ALTERED, f"audit_entry {entries[n].id}")]


@given(texts, st.data())
def test_a_removed_entry_is_named_wherever_it_stood_the_end_included(contents, data):
    entries, head = chain(contents)
    n = data.draw(st.integers(0, len(entries) - 1))
    gone = entries.pop(n)

    name = f"audit_entry @{gone.position}"
    assert found(entries, head) == [(FaultKind.REMOVED, name)]


def test_an_altered_entry_whose_hash_was_computed_again_is_given_away_by_the_next():
    entries, head = chain(["a", "b", "c"])
    forged = link(entries[1].previous_hash, "B")
    entries[1] = replace(entries[1], text="B", hash=forged)

    assert found(entries, head) == [(FaultKind.ALTERED, f"audit_entry @{entries[1].position}")]


def test_the_last_entry_with_its_hash_computed_again_is_given_away_by_the_head():
    entries, head = chain(["a", "b"])
    entries[1] = replace(entries[1], text="B", hash=link(entries[1].previous_hash, "B"))

    assert found(entries, head) == [(FaultKind.ALTERED, f"audit_entry @{entries[1].position}")]


def test_an_inserted_entry_is_named_sealed_or_not():
    entries, head = chain(["a", "b", "c"])
    unsealed = SealedEntry(7, None, "x", None, None)

    assert found([unsealed, *entries], head) == [(FaultKind.INSERTED, "audit_entry 7")]
    earlier = Head(2, entries[1].hash)
    assert found(entries, earlier) == [(FaultKind.INSERTED, "audit_entry 103")]


def test_a_content_is_written_in_one_way_only():
    noon = datetime(2026, 3, 10, 16, tzinfo=UTC)
    there = noon.astimezone(timezone(timedelta(hours=-6)))

    assert canonical({"b": 1, "a": noon}) == canonical({"a": there, "b": 1})
    assert canonical({10: "x", 2: "y"}) == canonical({"10": "x", "2": "y"})
    assert canonical({"on": date(2026, 3, 10), "role": Role.ADMIN, "gone": None}) == (
        '{"on":"2026-03-10","role":"admin"}'
    )
    assert content_hash({"a": 1}) != content_hash({"a": "1"})


def as_json_writes_it(content: dict[object, object]) -> str:
    """Return the canonical text by the library of Python alone, which sealed the first entries."""

    def plain(value: object) -> object:
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        return value.value if isinstance(value, Enum) else value.isoformat()  # type: ignore[attr-defined]

    def write(told: object) -> str:
        return json.dumps(
            told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=plain
        )

    told = {key: value for key, value in content.items() if value is not None}
    return write(json.loads(json.dumps(told, ensure_ascii=False, default=plain)))


@given(objects(inner_values, 6))
def test_a_content_is_written_as_the_library_of_python_writes_it(content):
    """Logs that were sealed years ago are checked by the same text."""
    with contextlib.suppress(OverflowError):  # the first day of all, in UTC, is the day before it
        expected = as_json_writes_it(content)
        assert canonical(content) == expected
