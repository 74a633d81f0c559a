"""What the board says of an edit that it refuses."""

import pytest

from collector_app.dispatch.rules import StopDoesNotFit
from collector_app.dispatch.wording import refusal_sentence

SIX_S = 18 * 3600


@pytest.mark.parametrize(
    ("late_s", "told"), [(1, "18:01"), (60, "18:01"), (61, "18:02"), (3600, "19:00")]
)
def test_who_is_late_by_seconds_is_late_by_a_minute(app, late_s, told):
    error = StopDoesNotFit(client=1, collector=2, why="shift", at_s=SIX_S + late_s, until_s=SIX_S)

    with app.test_request_context():
        sentence = refusal_sentence(error, {1: "Silvia"}, {2: "Brenda"})

    assert f"Terminaría a las {told} y su jornada acaba a las 18:00" in sentence
