import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from collector_app.zones.colours import PALETTE, colours
from routing.geo import Point
from tests.zones.test_workload import grid

STATIC = Path(__file__).parents[2] / "static"
GROUNDS = ("--ground", "--surface", "--map-ground")

# How colours are seen, linear RGB: Machado, Oliveira and Fernandes 2009, severity 1.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
# Linear RGB to OKLab, Ottosson 2020.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> np.ndarray:
    steps = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(steps <= 0.04045, steps / 12.92, ((steps + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    light, dark = sorted(
        (float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other)), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


def seen(colour: str, sight: str) -> np.ndarray:
    cones = np.clip(SIGHTS[sight] @ linear(colour), 0, 1) @ TO_CONES.T
    return np.cbrt(cones) @ TO_LAB.T


def grounds(sheet: str) -> list[str]:
    text = (STATIC / sheet).read_text(encoding="utf-8")
    return [re.search(rf"{name}: (#\w{{6}});", text)[1] for name in GROUNDS]


@pytest.mark.parametrize("colour", PALETTE)
@pytest.mark.parametrize("sheet", ["tokens.css", "tokens_dark.css"])
def test_every_colour_stands_out_from_the_ground(colour, sheet):
    assert min(contrast(colour, ground) for ground in grounds(sheet)) >= 3


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_colours_can_be_told_apart(sight):
    distances = [
        float(np.linalg.norm(seen(one, sight) - seen(other, sight)))
        for one, other in combinations(PALETTE, 2)
    ]

    # About 0.02 is the least that is noticed side by side.
    assert min(distances) > 0.09


def test_zones_beside_each_other_never_share_a_colour():
    # 6 x 6 zones of 3 x 3 clients each, as squares of a board
    points = grid(18, step_m=100)
    zone_of = [(n // 18 // 3) * 6 + (n % 18) // 3 for n in range(18 * 18)]

    chosen = colours(points, zone_of, 36)

    beside = [(z, z + 1) for z in range(36) if z % 6 < 5] + [(z, z + 6) for z in range(30)]
    assert all(chosen[one] != chosen[other] for one, other in beside)
    assert set(chosen) <= set(PALETTE)


def test_a_single_client_makes_a_zone_with_a_colour():
    assert colours([Point(-29.9, -71.2)], [0], 1) == [PALETTE[0]]
