"""Opening a source of travel times: what is named is opened, and nothing falls back silently."""

import pytest

from routing.errors import TravelTimesUnavailable
from routing.travel import open_travel
from routing.travel.haversine import Haversine


def test_haversine_needs_no_setting():
    assert isinstance(open_travel({"provider": "haversine"}), Haversine)


@pytest.mark.parametrize("provider", ["teleport", "", None, 3])
def test_an_unknown_provider_is_refused_with_the_known_ones(provider):
    with pytest.raises(TravelTimesUnavailable, match="haversine, streets, osrm, valhalla"):
        open_travel({"provider": provider})


def test_a_specification_without_provider_is_refused():
    with pytest.raises(TravelTimesUnavailable, match=r"travel\.provider"):
        open_travel({})
