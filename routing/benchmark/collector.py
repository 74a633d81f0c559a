"""Made-up days of collectors over real streets.

Shaped after portfolios in the field: three quarters of the clients live in clusters, the rest
anywhere; visits last 8 to 12 minutes; amounts are log-normal, urgency multiplies them; 15 % have
an appointment of one to two hours, worth twice as much; everybody has a home and 8.5 hours.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from routing.benchmark.instance import Instance, shared
from routing.errors import InvalidProblem
from routing.geo import Point
from routing.measure import Measured
from routing.problem import Candidate, Problem, Shift, Window
from routing.travel.streets.build import build_pack
from routing.travel.streets.engine import StreetTravel
from routing.travel.streets.extract import E7
from routing.travel.streets.pack import INFO_FILE
from routing.travel.streets.rules import CLASSES
from routing.travel.times import UNREACHABLE, Profile

SIZES = ("120x1", "200x1", "400x1", "1000x10", "5000x50x5")
_SIZE = re.compile(r"(\d+)x(\d+)(?:x(\d+))?")
_DAY = Window(9 * 3600, 9 * 3600 + 510 * 60)
_UNIFORM_SHARE = 0.25
_CLIENTS_PER_CLUSTER = 60
_CLUSTER_SPREAD_M = 400.0
_OFF_STREET_M = (5.0, 25.0)
_CHOICES_PER_PLACE = 4
_STREETS_OF_HOMES = ("secondary", "tertiary", "unclassified", "residential", "living_street")
_METRES_PER_DEGREE = 111_195.0
_SERVICE_S = (8 * 60, 12 * 60)
_MEDIAN_AMOUNT, _SPREAD = 60_000, 0.9  # centavos of expected recovery
_URGENCY = (1.0, 1.3, 1.8)
_APPOINTMENT_SHARE = 0.15
_APPOINTMENT_S = (60 * 60, 120 * 60)


@dataclass(frozen=True, slots=True)
class Size:
    """Clients, collectors and days."""

    clients: int
    collectors: int
    days: int

    @property
    def name(self) -> str:
        """Return the name of such days, without the seed."""
        days = f"-d{self.days}" if self.days > 1 else ""
        return f"col-n{self.clients}-m{self.collectors}{days}"


def load(folder: Path, seeds: Sequence[int], cases: Sequence[str]) -> Iterator[Instance]:
    """Make one instance for each size and seed on the streets of a city pack or an extract."""
    with tempfile.TemporaryDirectory() as work:
        pack = folder
        if not (folder / INFO_FILE).is_file():
            if folder.is_dir():
                expected = "expected a city pack, or an OpenStreetMap extract"
                raise InvalidProblem(str(folder), expected)
            pack = Path(work) / "city"
            build_pack(folder, pack, with_basemap=False)
        travel = StreetTravel(pack)
        for case in cases or SIZES:
            for seed in seeds:
                yield make(travel, size_of(case), seed)


def size_of(case: str) -> Size:
    """Read ``1000x10`` or ``5000x50x5``."""
    match = _SIZE.fullmatch(case)
    if match is None:
        raise InvalidProblem("cases", f"expected CLIENTSxCOLLECTORS[xDAYS], got {case!r}")
    return Size(int(match[1]), int(match[2]), int(match[3] or 1))


def make(travel: StreetTravel, size: Size, seed: int) -> Instance:
    """Return a day, or several, of one seed."""
    dice = np.random.default_rng([seed, size.clients, size.collectors, size.days])
    points = places(travel, size.clients + size.collectors, dice)
    measured = _measured(travel, points)
    homes = points[size.clients :]
    shifts = tuple(
        Shift(f"collector {c + 1} day {d + 1}", homes[c], homes[c], _DAY, day=d, collector=f"c{c}")
        for d in range(size.days)
        for c in range(size.collectors)
    )
    candidates = tuple(_candidate(i, point, dice) for i, point in enumerate(points[: size.clients]))
    matrices = shared([shift.id for shift in shifts], measured)
    name = f"{size.name}-s{seed}"
    return Instance(name, len(shifts), Problem(shifts, candidates), matrices, seed=seed)


def _candidate(number: int, point: Point, dice: np.random.Generator) -> Candidate:
    prize = _MEDIAN_AMOUNT * dice.lognormal(0, _SPREAD) * dice.choice(_URGENCY)
    window = _DAY
    if dice.random() < _APPOINTMENT_SHARE:
        prize *= 2
        length_s = int(dice.integers(*_APPOINTMENT_S, endpoint=True))
        start_s = int(dice.integers(_DAY.start_s, _DAY.end_s - length_s))
        window = Window(start_s, start_s + length_s)
    service_s = int(dice.integers(*_SERVICE_S, endpoint=True))
    return Candidate(str(number), point, service_s, round(prize), (window,))


def places(travel: StreetTravel, count: int, dice: np.random.Generator) -> list[Point]:
    """Return distinct places beside the streets of the city, clustered and spread."""
    on_street = _along_streets(travel, _CHOICES_PER_PLACE * count, dice)
    scale = np.array([1.0, np.cos(np.radians(on_street[:, 0].mean()))]) * _METRES_PER_DEGREE
    on_plane = on_street * scale
    tree = KDTree(on_plane)
    centres = on_plane[dice.integers(0, len(on_plane), max(1, count // _CLIENTS_PER_CLUSTER))]
    found: dict[Point, None] = {}
    while len(found) < count:
        around = centres[dice.integers(0, len(centres), count)]
        near = tree.query(around + dice.normal(0, _CLUSTER_SPREAD_M, (count, 2)))[1]
        anywhere = dice.integers(0, len(on_plane), count)
        chosen = np.where(dice.random(count) < _UNIFORM_SHARE, anywhere, near)
        angle, off_m = dice.uniform(0, 2 * np.pi, count), dice.uniform(*_OFF_STREET_M, count)
        aside = np.stack([np.sin(angle), np.cos(angle)], axis=1) * off_m[:, None]
        points = [
            Point(round(lat, 6), round(lon, 6))
            for lat, lon in ((on_plane[chosen] + aside) / scale).tolist()
        ]
        # A car as well as a motorcycle gets there: engines are compared with cars.
        is_near = np.all(
            [
                travel.snap(points, profile).nearest_m(count) <= 2 * _OFF_STREET_M[1]
                for profile in (Profile.MOTORCYCLE, Profile.CAR)
            ],
            axis=0,
        )
        found |= {point: None for point, ok in zip(points, is_near, strict=True) if ok}
    return list(found)[:count]


def _along_streets(
    travel: StreetTravel, count: int, dice: np.random.Generator
) -> NDArray[np.float64]:
    """Return points on the streets where people live, as many per kilometre of each; degrees."""
    network = travel.pack.network
    lives_here = np.isin(np.array(CLASSES)[network.road_class], _STREETS_OF_HOMES)
    lengths = np.where(lives_here, network.length_m(), 0.0)
    segment = dice.choice(len(lengths), count, p=lengths / lengths.sum())
    first, last = network.span[segment].T
    along = network.along_m[first] + dice.random(count) * lengths[segment]
    # Distances run along a whole street, whose segments lie one after the other in the arrays.
    after = np.array(
        [
            begin + 1 + np.searchsorted(network.along_m[begin + 1 : end], at)
            for begin, end, at in zip(first, last, along, strict=True)
        ]
    )
    before = after - 1
    step = network.along_m[after] - network.along_m[before]
    share = np.where(step > 0, (along - network.along_m[before]) / np.where(step > 0, step, 1), 0)
    ends = network.shape_e7 / E7
    on_street: NDArray[np.float64] = ends[before] + share[:, None] * (ends[after] - ends[before])
    return on_street


def _measured(travel: StreetTravel, points: Sequence[Point]) -> Measured:
    matrix = travel.matrix(points, Profile.MOTORCYCLE, _DAY.start_s)
    if (matrix.seconds == UNREACHABLE).any():
        raise InvalidProblem("streets", "expected a way between all places of the main component")
    return Measured(tuple(points), matrix)
