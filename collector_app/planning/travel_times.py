"""Which source of travel times a plan asks: the one of the settings, else honest estimates."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collector_app.city.packs import pack_in_use
from collector_app.planning.rules import StreetsUnavailable
from routing.errors import TravelTimesUnavailable
from routing.travel import open_travel
from routing.travel.times import TravelTimes

CACHE_FOLDER = "travel_cache"
STREETS = "streets"
HAVERSINE = "haversine"


@dataclass(frozen=True, slots=True)
class TravelSettings:
    """What the installation says about travel times.

    Attributes
    ----------
    provider : str
        ``streets``, ``haversine``, ``osrm`` or ``valhalla``.
    url : str
        Address of the server, for the last two.
    foot_url : str
        Address of the ``osrm`` server whose data is for walkers, "" for none.
    pack : Path or None
        Folder of the city in use; None while no city was built.
    cache : Path
        Folder that keeps what was asked before.
    """

    provider: str
    url: str
    foot_url: str
    pack: Path | None
    cache: Path


def travel_settings(config: Mapping[str, Any], instance: Path) -> TravelSettings:
    """Read the settings of the application and the city in use."""
    return TravelSettings(
        provider=config["TRAVEL"],
        url=config["TRAVEL_URL"],
        foot_url=config["TRAVEL_FOOT_URL"],
        pack=pack_in_use(instance, config["CITY"]),
        cache=instance / CACHE_FOLDER,
    )


def open_for(settings: TravelSettings) -> TravelTimes:
    """Open the source of travel times.

    Without a city the great circle takes the place of the streets, and marks its answers as
    estimates, which every page of the plan then says. A server that does not answer, or a city
    that can't be read, is an error: a plan over wrong distances would look like a right one.

    Raises
    ------
    StreetsUnavailable
        If the source can't be opened.
    """
    if settings.provider == HAVERSINE or (settings.provider == STREETS and settings.pack is None):
        return open_travel({"provider": HAVERSINE})
    spec: dict[str, object] = {
        "provider": settings.provider,
        "url": settings.url,
        "foot_url": settings.foot_url,
        "cache": settings.cache,
    }
    if settings.pack is not None:
        spec["pack"] = settings.pack
    try:
        return open_travel(spec)
    except TravelTimesUnavailable as error:
        raise StreetsUnavailable(str(error), source=settings.provider) from error
