"""Travel between all places of a day, so that the phone can order them anew by itself."""

import numpy as np

from collector_app.day_package.queries import PackedDay
from collector_app.day_package.rules import NO_WAY_S
from collector_app.planning.directions import travel_of
from collector_app.planning.travel_times import TravelSettings
from routing.geo import Point
from routing.travel.times import Profile


def ride_rows(day: PackedDay, settings: TravelSettings) -> list[list[int]]:
    """Return the seconds from each place to each, as rows of numbers below 2**16.

    Places are the start, the stops, the extras and the end, in that order; without a way, or
    without a position, it is `NO_WAY_S`. Times are those of the hour at which the day begins.

    Raises
    ------
    StreetsUnavailable
        If the travel times can't be had.
    """
    route = day.route
    clients = [one.client for one in (*day.stops, *day.extras)]
    places = [
        (route.start_lat, route.start_lon),
        *((one.lat, one.lon) for one in clients),
        (route.end_lat, route.end_lon),
    ]
    known = {
        n: Point(lat, lon)
        for n, (lat, lon) in enumerate(places)
        if lat is not None and lon is not None
    }
    asked = travel_of(settings).matrix(
        [*known.values()], Profile(day.vehicle.value), route.leaves_s
    )
    rows = np.full((len(places), len(places)), NO_WAY_S)
    rows[np.ix_([*known], [*known])] = np.minimum(asked.seconds, NO_WAY_S)
    return rows.tolist()
