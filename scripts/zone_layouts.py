"""Made-up cities of different shapes, and a real one by its streets, to measure zones on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from routing.geo import Point
from routing.travel.streets.pack import Pack
from routing.zoning import Place

CENTRE = np.array([19.4, -99.1])
LOST = 0.05  # of the clients, in `exchanged`
MINUTES, MONEY = (3.0, 0.3), (7.0, 0.8)  # mean and deviation of logarithms

Floats = NDArray[np.float64]


def clusters(count: int, dice: np.random.Generator) -> Floats:
    """Return sixty clusters of uneven size, and a seventh of the clients scattered between them."""
    hearts = dice.uniform(-0.1, 0.1, (60, 2))
    width = dice.lognormal(-4.8, 0.6, 60)
    share = dice.lognormal(0, 0.8, 60)
    cluster = dice.choice(60, int(count * 0.85), p=share / share.sum())
    near = hearts[cluster] + dice.normal(0, 1, (len(cluster), 2)) * width[cluster][:, None]
    wide = dice.uniform(-0.11, 0.11, (count - len(cluster), 2))
    return np.concatenate([near, wide])


def corridors(count: int, dice: np.random.Generator) -> Floats:
    """Return seven valleys of a few hundred metres' width that leave a small middle."""
    angle = np.sort(dice.uniform(0, 2 * np.pi, 7))
    valley = dice.integers(0, 7, int(count * 0.9))
    along = dice.beta(1.0, 1.6, len(valley)) * dice.uniform(0.08, 0.16, 7)[valley]
    aside = dice.normal(0, 0.0015, len(valley))
    bend = angle[valley] + 4.0 * along * np.where(valley % 2, 1.0, -1.0)
    east, north = np.cos(bend), np.sin(bend)
    near = np.column_stack([north * along + east * aside, east * along - north * aside])
    return np.concatenate([near, dice.normal(0, 0.012, (count - len(valley), 2))])


def lake(count: int, dice: np.random.Generator) -> Floats:
    """Return a ring of towns around a lake."""
    angle = dice.uniform(0, 2 * np.pi, 25)[dice.integers(0, 25, count)]
    angle = angle + dice.normal(0, 0.12, count)
    far = 0.07 + np.abs(dice.normal(0, 0.012, count))
    return np.column_stack([np.sin(angle), np.cos(angle)]) * far[:, None]


def two_towns(count: int, dice: np.random.Generator) -> Floats:
    """Return two towns of uneven size, 20 km apart, and villages along the road between them."""
    share = dice.uniform(0.55, 0.75)
    town = dice.choice(3, count, p=[share, 0.95 - share, 0.05])
    middle = np.array([[0.0, -0.1], [0.02, 0.1], [0.01, 0.0]])
    width = np.array([[0.02, 0.025], [0.012, 0.018], [0.004, 0.05]])
    return middle[town] + dice.normal(0, 1, (count, 2)) * width[town]


def even(count: int, dice: np.random.Generator) -> Floats:
    """Return clients everywhere alike."""
    return dice.uniform(-0.1, 0.1, (count, 2))


def archipelago(count: int, dice: np.random.Generator) -> Floats:
    """Return twenty-five islands of very uneven size."""
    heart = dice.uniform(-0.3, 0.3, (25, 2))
    share = dice.lognormal(0, 1.0, 25)
    share /= share.sum()
    island = dice.choice(25, count, p=share)
    return heart[island] + dice.normal(0, 1, (count, 2)) * 0.03 * np.sqrt(share)[island][:, None]


def coast(count: int, dice: np.random.Generator) -> Floats:
    """Return a coast of 200 km, a kilometre wide, with clients everywhere alike."""
    along = dice.uniform(-1.0, 1.0, count)
    aside = np.abs(dice.normal(0, 0.004, count))
    return np.column_stack([along, aside + 0.1 * np.sin(3 * along)])


LAYOUTS: Mapping[str, Callable[[int, np.random.Generator], Floats]] = {
    "clusters": clusters,
    "corridors": corridors,
    "lake": lake,
    "two towns": two_towns,
    "even": even,
    "coast": coast,
    "archipelago": archipelago,
}


def made_up(layout: str, count: int, seed: int) -> list[Place]:
    """Return clients of a made-up city with work and money."""
    dice = np.random.default_rng(seed)
    return _places(LAYOUTS[layout](count, dice) + CENTRE, dice)


def along_streets(pack: Pack, count: int, seed: int) -> list[Place]:
    """Return clients at doors of a real city, denser in some of its parts than in others."""
    dice = np.random.default_rng(seed)
    network = pack.network
    is_open = (network.speed_kmh > 0).any(axis=(1, 2))
    ends = network.node_e7[network.ends[is_open]] / 1e7
    middle = ends.mean(axis=1)
    hearts = middle[dice.integers(0, len(middle), 12)]
    near = np.exp(-(((middle[:, None] - hearts[None]) / 0.01) ** 2).sum(axis=2) / 2).sum(axis=1)
    chance = network.length_m()[is_open] * (0.2 + near)
    street = dice.choice(len(middle), count, p=chance / chance.sum())
    share = dice.random((count, 1))
    return _places(ends[street, 0] * share + ends[street, 1] * (1 - share), dice)


def exchanged(places: Sequence[Place], seed: int) -> list[Place]:
    """Return the clients with one in twenty gone and as many new, of clusters that shifted."""
    # Another stream than the one that made the places: who is gone must not be those of one end.
    dice = np.random.default_rng((seed, 1))
    kept = [place for place in places if dice.random() > LOST]
    drawn = dice.choice(len(kept), len(places) - len(kept), p=_hotter(kept))
    moved = dice.normal(0, 0.002, (len(drawn), 2))
    return kept + [
        replace(
            kept[int(row)],
            id=f"new {n}",
            point=Point(kept[int(row)].point.lat + lat, kept[int(row)].point.lon + lon),
        )
        for n, (row, (lat, lon)) in enumerate(zip(drawn, moved.tolist(), strict=True))
    ]


def _hotter(places: Sequence[Place]) -> NDArray[np.float64]:
    """Return chances that grow twofold from the west of the city to its east."""
    east = np.array([place.point.lon for place in places])
    chance = 1.0 + (east - east.min()) / np.ptp(east)
    result: NDArray[np.float64] = chance / chance.sum()
    return result


def _places(where: Floats, dice: np.random.Generator) -> list[Place]:
    minutes, money = (dice.lognormal(*one, len(where)) for one in (MINUTES, MONEY))
    return [
        Place(str(i), Point(float(lat), float(lon)), float(minutes[i]), float(money[i]))
        for i, (lat, lon) in enumerate(where)
    ]
