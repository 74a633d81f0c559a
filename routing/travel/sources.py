"""Opens the source of travel times that a specification names."""

from collections.abc import Callable, Mapping
from pathlib import Path

from routing.errors import TravelTimesUnavailable
from routing.travel.haversine import Haversine
from routing.travel.times import TravelTimes

Spec = Mapping[str, object]


def open_travel(spec: Spec) -> TravelTimes:
    """Open the travel times described by `spec`.

    A source that can't be opened is an error: nothing falls back silently. Whether to go on with
    great-circle estimates, and to say so, is the application's decision.

    Parameters
    ----------
    spec : mapping
        ``provider`` (str)
            ``haversine``, ``streets``, ``osrm`` or ``valhalla``.
        ``pack`` (path)
            Folder of the city pack; for ``streets``.
        ``url`` (str)
            Address of the server; for ``osrm`` and ``valhalla``.
        ``foot_url`` (str, optional)
            Address of the ``osrm`` server whose data is for walkers.
        ``timeout_s`` (number, optional)
            Longest wait for one answer of a server.
        ``cache`` (path, optional)
            Folder that keeps matrices between runs.
        ``cache_bytes`` (int, optional)
            Most space that the cache may take.

    Raises
    ------
    TravelTimesUnavailable
        If the provider is unknown, a setting is missing or the pack can't be read.
    """
    provider = spec.get("provider")
    opener = _OPENERS.get(str(provider))
    if opener is None:
        raise TravelTimesUnavailable(
            f"travel.provider: expected one of {', '.join(_OPENERS)}, got {provider!r}"
        )
    travel = opener(spec)
    if spec.get("cache") is None:
        return travel
    return _cached(travel, spec)


def _cached(travel: TravelTimes, spec: Spec) -> TravelTimes:
    from routing.travel.cached import DEFAULT_CACHE_BYTES, CachedTravel  # noqa: PLC0415 - lazy

    limit = _number(spec, "cache_bytes", DEFAULT_CACHE_BYTES)
    return CachedTravel(travel, _path(spec, "cache"), max_bytes=int(limit))


def _haversine(spec: Spec) -> TravelTimes:
    del spec
    return Haversine()


def _streets(spec: Spec) -> TravelTimes:
    from routing.travel.streets.engine import StreetTravel  # noqa: PLC0415 - loads the engine

    return StreetTravel(_path(spec, "pack"))


def _osrm(spec: Spec) -> TravelTimes:
    from routing.travel.osrm import DEFAULT_TIMEOUT_S, Osrm  # noqa: PLC0415 - loads httpx

    return Osrm(
        _text(spec, "url"),
        foot_url=_text(spec, "foot_url") if spec.get("foot_url") else None,
        timeout_s=_number(spec, "timeout_s", DEFAULT_TIMEOUT_S),
    )


def _valhalla(spec: Spec) -> TravelTimes:
    from routing.travel.valhalla import DEFAULT_TIMEOUT_S, Valhalla  # noqa: PLC0415 - loads httpx

    return Valhalla(_text(spec, "url"), timeout_s=_number(spec, "timeout_s", DEFAULT_TIMEOUT_S))


_OPENERS: Mapping[str, Callable[[Spec], TravelTimes]] = {
    "haversine": _haversine,
    "streets": _streets,
    "osrm": _osrm,
    "valhalla": _valhalla,
}


def _text(spec: Spec, key: str) -> str:
    value = spec.get(key)
    if not isinstance(value, str) or not value.strip():
        raise TravelTimesUnavailable(
            f"travel.{key}: the provider {spec['provider']!r} needs it, got {value!r}"
        )
    return value.strip()


def _path(spec: Spec, key: str) -> Path:
    value = spec.get(key)
    return value if isinstance(value, Path) else Path(_text(spec, key))


def _number(spec: Spec, key: str, default: float) -> float:
    value = spec.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise TravelTimesUnavailable(f"travel.{key}: expected a number above 0, got {value!r}")
    return float(value)
