"""What the kernels read and write: records of visits, routes and stops.

A *visit* is something that may be put into a route: a candidate, or one of several variants or
repetitions of it. Visits of one *family* exclude one another beyond `FAMILY.most`. Stops 1..count
of a route are its visits; stop 0 is the start and stop count + 1 the end. All times are seconds.
"""

from typing import Any, NamedTuple

import numpy as np

Records = Any  # structured arrays: numpy's types don't know the fields
Array = Any  # plain arrays: kernels index them with every kind of integer

NOWHERE = -1
NEVER_S = 1 << 30  # later than any day

VISIT = np.dtype(
    [
        ("point", np.int32),
        ("service_s", np.int32),
        ("family", np.int32),
        ("required_until", np.int32),  # last day on which it counts as required, or NOWHERE
        ("home", np.int32),  # the route of the plan already published, or NOWHERE
        ("is_deposit", np.int32),
        ("cash", np.int64),
        ("prize", np.float64),
        ("hardness", np.float64),
        ("first_value", np.float64),  # as the first visit of its family
        ("later_value", np.float64),  # as a later one
        ("moved_price", np.float64),  # when visited by another route than `home`
    ],
    align=True,
)

SPAN = np.dtype(  # when one visit may start on one day; `first`..`last` number its windows
    [
        ("opens_s", np.int32),
        ("closes_s", np.int32),
        ("first", np.int32),
        ("last", np.int32),
    ],
    align=True,
)

ROUTE = np.dtype(
    [
        ("start", np.int32),
        ("end", np.int32),  # NOWHERE: open
        ("opens_s", np.int32),
        ("closes_s", np.int32),
        ("layer", np.int32),  # of the rides
        ("day", np.int32),
        ("most_stops", np.int32),
        ("kind", np.int32),  # equal for routes that could be exchanged for one another
        ("collector", np.int32),
        ("first_break", np.int32),
        ("breaks", np.int32),
        ("limits_cash", np.int32),
        ("cash_limit", np.int64),
    ],
    align=True,
)

FAMILY = np.dtype(
    [
        ("most", np.int32),
        ("rest_days", np.int32),  # at least so many days between two of its visits
        ("first", np.int32),  # its visits are `members[first:last]`
        ("last", np.int32),
    ],
    align=True,
)

STOP = np.dtype(
    [
        ("visit", np.int32),
        ("point", np.int32),
        ("arrives_s", np.int32),
        ("leaves_s", np.int32),
        ("latest_s", np.int32),  # latest arrival with which all that follows still fits
        ("ride_s", np.int32),  # of the ride that ends here
        ("cash", np.int64),  # collected between the deposits before and after
    ],
    align=True,
)

TOTAL = np.dtype([("count", np.int32), ("is_kept", np.int32), ("travel_s", np.int64)], align=True)

VALUE, TRAVEL, REQUIRED, UNFAIR = 0, 1, 2, 3  # places in `State.sums`
FREE, TOUCHED = 0, 1  # places in `State.sizes`


class World(NamedTuple):
    """The problem; never changes during a search."""

    visits: Records  # VISIT[n]
    spans: Records  # SPAN[days, n]
    windows: Array  # int32[w, 2]: first and last start
    routes: Records  # ROUTE[m]
    families: Records  # FAMILY[f]
    members: Array  # int32: visits by family
    rides_s: Array  # int32[layers, points, points]
    back_s: Array  # the same by goal and origin
    may: Array  # uint8[m, n]
    near: Array  # int32[n, k]: visits by distance from each, itself first
    appeal: Array  # float32[greeds, n]: values to several powers
    slots_s: Array  # int32[slots]: from when each layer of a profile holds
    breaks_s: Array  # int32[b, 3]: first start, last start, duration
    needs: Array  # int32: candidates that must be visited before,
    needs_first: Array  # int32[n + 1]: by visit
    made_by: Array  # int32: visits
    made_first: Array  # int32[candidates + 1]: by candidate
    waiting: Array  # int32: visits that need others before them
    enables: Array  # int32: visits that need a candidate before them,
    enables_first: Array  # int32[n + 1]: by the visits to it
    fair_prices: Array  # float64[3]: of a second, a point and a hard case above the mean
    is_plain: bool  # no breaks, no rides by hour
    has_order: bool
    has_deposits: bool
    is_fair: bool  # unfairness has a price
    price: float  # of a second on the road
    guide: float  # the same while searching, never too low to guide
    bonus: float  # of a required visit
    mean_value: float


class State(NamedTuple):
    """One solution under change."""

    stops: Records  # STOP[m, length]
    totals: Records  # TOTAL[m]
    where: Array  # int32[n]: route of each visit, NOWHERE if free
    free: Array  # int32[n]: the free visits first, in any order
    slot: Array  # int32[n]: place of each visit in `free`
    held: Array  # int32[f]: visits of each family in routes
    due: Array  # int32[f]: those of them that count as required
    sums: Array  # float64[4]: value, travel, required, price of unfairness
    sizes: Array  # int64[2]: free visits, routes touched
    random: Array  # uint64[1]
    touched: Array  # int32[m]: routes changed in this step
    departs_s: Array  # int32[m, length, breaks + 1], unless the world is plain: see `hours`
    latest_s: Array  # int32[m, length, breaks + 1]
    kept_stops: Records  # STOP[m, length]: the touched routes as they were
    kept_totals: Records  # TOTAL[m]


class Work(NamedTuple):
    """Room to work in, of no meaning between steps."""

    pair_visit: Array
    pair_route: Array
    pair_place: Array
    pair_score: Array
    pair_count: Array  # visits of the route when its places were last looked at
    queue_visit: Array  # int32[n]: a heap of visits not looked at yet
    queue_bound: Array  # what each scores at most
    slack_s: Array  # int64[m]: most by which a stop of a route may be late
    slack_counts: Array  # int64[m]: visits of the route when that held
    slack_marks: Array  # int64[m]: step in which it held
    blur: Array  # float32[n]
    marks: Array  # int64[n]: step in which a visit was taken out
    seen: Array  # int64[n]: step in which a visit was tried
    tried: Array  # int64[m]: `stamp` at which a route was tried
    stamp: Array  # int64[1]
    routes: Array  # int32[m]
    route_marks: Array  # int64[m]
    chosen: Array  # int32[n]
    scores: Array  # float64[n]
    shares: Array  # float64[collectors, 3]


class Best(NamedTuple):
    """The best solution so far."""

    orders: Array  # int32[m, length]: visits, from place 0 on
    counts: Array  # int32[m]
    sums: Array  # float64[4], as in `State`


class Pool(NamedTuple):
    """Routes of the solutions met; without room for any where it would be of no use.

    A place is found by a key of 64 bits made of the set of visits and the kind of route. Who comes
    later to a place that is taken gets it if the solution it is part of is worth as much.
    """

    tokens: Array  # uint64[n]: of each visit
    kind_tokens: Array  # uint64[m]: of each route; equal where one could make the other's visits
    keys: Array  # uint64[places], 0: nothing there; a power of two
    orders: Array  # int32[places, length]: visits, from place 0 on
    counts: Array  # int32[places]
    routes: Array  # int32[places]: which route it was
    travel_s: Array  # int64[places]
    worth: Array  # float64[places]: energy of the best solution that had it


class Stretch(NamedTuple):
    """Steps to make at one temperature."""

    first: int  # number of the first step, > 0; never the same twice
    steps: int
    heat: float


class Mood(NamedTuple):
    """What one step prefers, by lot."""

    mark: int  # number of the step
    greed: int  # row of `World.appeal`
    spread: float  # most that chance changes the appeal of a visit
    thrift: float  # share of the price of travel that counts
    hope: float  # mean prizes that a deposit is thought to bring
    lean: float  # how much of what a place costs is delay rather than detour
    margin_s: float  # by how much a ride may be longer than one by way of somebody
    shuns: float  # how often a route is not tried for a visit
