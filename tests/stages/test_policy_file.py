"""The policy of stages is data: read whole, refused by its field."""

from pathlib import Path

import pytest

from collector_app.portfolio.rules import Stage
from collector_app.stages import policy_file
from collector_app.stages.policy_file import InvalidStages, house_stages, read_stages
from collector_app.stages.rules import PauseCause

WHOLE = (Path(policy_file.__file__).parent / "policy.yaml").read_text()


def test_every_stage_and_every_pause_is_in_the_policy_of_the_house():
    assert [stage for _, stage in house_stages().first_days] == list(Stage)
    assert set(house_stages().pauses) == set(PauseCause)


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("  early: 1\n", "", "first_days.early"),
        ("preventive: 0", "preventive: 1", "first_days.preventive"),
        ("administrative: 31", "administrative: 91", "first_days.extrajudicial"),
        ("administrative: 31", "administrative: soon", "first_days[...]"),
        ("from: early, to: administrative", "from: early, to: early", "moves[0].to"),
        ("from: early, to: administrative", "from: early, to: preventive", "moves[0]"),
        ("from: early, to: extrajudicial", "from: early, to: administrative", "moves[1]"),
        ("causes: [assets_at_risk, creditor_order]", "causes: []", "moves[1].causes"),
        ("causes: [assets_at_risk, creditor_order]", "causes: [moon]", "moves[1].causes[0]"),
        ("  deceased: {stops_clock: true, forbids_visits: true}\n", "", "pauses.deceased"),
        ("stops_clock: true, ", "", "pauses[...]"),
        ("moves:", "turns:", "file"),
    ],
)
def test_a_faulty_policy_is_refused_with_its_field(before, after, place):
    assert before in WHOLE

    with pytest.raises(InvalidStages) as refused:
        read_stages(WHOLE.replace(before, after, 1).encode())

    assert refused.value.facts["place"] == place
