"""What the board says of an edit that it refuses."""

import pytest

from collector_app.dispatch.rules import Cost, StopDoesNotFit
from collector_app.dispatch.wording import cost_sentence, refusal_sentence

SIX_S = 18 * 3600


@pytest.mark.parametrize(
    ("late_s", "told"), [(1, "18:01"), (60, "18:01"), (61, "18:02"), (3600, "19:00")]
)
def test_who_is_late_by_seconds_is_late_by_a_minute(app, late_s, told):
    error = StopDoesNotFit(client=1, collector=2, why="shift", at_s=SIX_S + late_s, until_s=SIX_S)

    with app.test_request_context():
        sentence = refusal_sentence(error, {1: "Silvia"}, {2: "Brenda"}, 1)

    assert f"Terminaría a las {told} y su jornada acaba a las 18:00" in sentence


def test_who_is_pushed_out_by_another_stop_is_not_told_as_the_one_that_was_moved(app):
    error = StopDoesNotFit(client=1, collector=2, why="shift", at_s=SIX_S + 60, until_s=SIX_S)
    names = {1: "Silvia", 3: "Rosa"}

    with app.test_request_context():
        own, of_another = (refusal_sentence(error, names, {2: "Brenda"}, one) for one in (1, 3))

    assert own.startswith("Silvia no cabe ahí en la ruta de Brenda. Terminaría")
    assert of_another.startswith(
        "Con ese cambio Silvia ya no cabe en la ruta de Brenda. Terminaría"
    )


@pytest.mark.parametrize(
    ("travel_s", "told"),
    [
        (0, "0 min"),
        (-25, "−25 s"),
        (29, "+29 s"),
        (59, "+59 s"),
        (60, "+1 min"),
        (-3900, "−1 h 05 min"),
    ],
)
def test_a_difference_of_seconds_is_told_in_seconds(app, travel_s, told):
    with app.test_request_context():
        assert cost_sentence(Cost(travel_s=travel_s)).split(" · ")[0] == told
