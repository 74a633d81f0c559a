import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector_app.core.edits import StaleDraft, check_version
from collector_app.studio.rules import (
    DraftState,
    DraftZone,
    Edit,
    EditKind,
    Effect,
    replay,
)

NORTH, SOUTH = DraftZone(1, "Norte", "#007866"), DraftZone(2, "Sur", "#e46012")
START = DraftState({1: NORTH, 2: SOUTH}, {10: 1, 11: 1, 20: 2})


def moving(number: int, client: int, to: int) -> Edit:
    return Edit(number, EditKind.MOVE, Effect(moved={client: to}))


def test_edits_take_effect_in_their_order():
    history = replay([moving(1, 10, 2), moving(2, 10, 1), moving(3, 11, 2)])

    assert history.state(START).zone_of == {10: 1, 11: 2, 20: 2}


def test_an_undo_takes_back_the_latest_edit_and_a_redo_brings_it_again():
    edits = [moving(1, 10, 2), moving(2, 11, 2), Edit(3, EditKind.UNDO)]

    assert replay(edits).state(START).zone_of == {10: 2, 11: 1, 20: 2}
    assert replay([*edits, Edit(4, EditKind.REDO)]).state(START).zone_of == {10: 2, 11: 2, 20: 2}


def test_an_edit_after_an_undo_ends_what_could_be_redone():
    history = replay([moving(1, 10, 2), Edit(2, EditKind.UNDO), moving(3, 11, 2)])

    assert history.undone == ()
    assert [edit.number for edit in history.done] == [3]


def test_a_note_is_never_taken_back():
    history = replay([moving(1, 10, 2), Edit(2, EditKind.NOTE), Edit(3, EditKind.UNDO)])

    assert history.done == ()
    assert [edit.number for edit in history.undone] == [1]


def test_a_zone_that_ends_leaves_the_clients_who_were_not_moved_without_one():
    state = START.after(Effect(gone=(1,), moved={10: 2}))

    assert set(state.zones) == {2}
    assert state.zone_of == {10: 2, 20: 2}


@given(st.lists(st.sampled_from(["move", "undo", "redo"]), max_size=30))
def test_undoing_everything_leads_back_to_the_beginning(wishes):
    edits: list[Edit] = []
    for number, wish in enumerate(wishes, start=1):
        history = replay(edits)
        if wish == "move":
            edits.append(moving(number, 10 + number % 2, 1 + number % 3 % 2))
        elif wish == "undo" and history.done:
            edits.append(Edit(number, EditKind.UNDO))
        elif wish == "redo" and history.undone:
            edits.append(Edit(number, EditKind.REDO))
    while replay(edits).done:
        edits.append(Edit(len(edits) + 100, EditKind.UNDO))

    assert replay(edits).state(START) == START


@given(
    st.dictionaries(st.integers(1, 99), st.integers(1, 5)),
    st.lists(st.integers(1, 5), unique=True),
)
def test_an_effect_reads_what_it_wrote(moved, gone):
    effect = Effect(zones=(NORTH,), gone=tuple(gone), moved=moved)

    assert Effect.from_json(effect.as_json()) == effect


def test_a_draft_reads_what_it_wrote():
    assert DraftState.from_json(START.as_json()) == START


def test_a_page_of_an_older_version_is_refused_with_both_versions():
    check_version(3, 3)
    with pytest.raises(StaleDraft) as refusal:
        check_version(2, 3)

    assert refusal.value.facts == {"seen": 2, "now": 3}
