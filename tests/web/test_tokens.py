"""The contrast that tokens.css promises beside each colour, computed again."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6});\s*(?:/\* (.*?) \*/)?")
PAIR = re.compile(r"([\d.]+) on ([\w-]+)")
TEXTS = ("ink", "ink-soft", "accent", "accent-ink", "good", "warn", "bad", "info", "map-label")
OUTLINES = (
    "line-strong",
    "focus",
    "map-route",
    "map-street-edge",
    "map-street-far",
    "map-main-edge",
)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _promises(theme: str) -> list[tuple[str, str, float, float]]:
    """Name, ground, promised and true contrast of every pair in a file."""
    css = (STATIC / theme).read_text()
    colours = {name: colour for name, colour, _ in COLOUR.findall(css)}
    return [
        (name, ground, float(promised), contrast(colour, colours[ground]))
        for name, colour, comment in COLOUR.findall(css)
        for promised, ground in PAIR.findall(comment)
    ]


THEMES = pytest.mark.parametrize("theme", ["tokens.css", "tokens_dark.css"])


def test_the_formula_is_that_of_the_standard():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@THEMES
def test_every_promised_contrast_is_true(theme):
    promises = _promises(theme)

    assert len(promises) > 25
    wrong = [
        (name, ground, told, true)
        for name, ground, told, true in promises
        if abs(told - true) > 0.06
    ]
    assert wrong == []


@THEMES
def test_texts_can_be_read_in_sunlight(theme):
    promises = [(name, ground, true) for name, ground, _, true in _promises(theme) if name in TEXTS]

    assert {name for name, _, _ in promises} == set(TEXTS)
    assert [pair for pair in promises if pair[2] < 7] == []


@THEMES
def test_outlines_and_focus_rings_stand_out(theme):
    promises = [pair for pair in _promises(theme) if pair[0] in OUTLINES]

    assert {name for name, *_ in promises} == set(OUTLINES)
    assert [pair for pair in promises if pair[3] < 3] == []


def test_dark_has_every_colour_that_light_has():
    light, dark = (
        {name for name, _, _ in COLOUR.findall((STATIC / theme).read_text())}
        for theme in ("tokens.css", "tokens_dark.css")
    )

    assert dark == light


def test_stylesheets_use_only_tokens_that_exist():
    known = set(re.findall(r"(--[\w-]+):", "".join(p.read_text() for p in STATIC.glob("*.css"))))
    for sheet in [*STATIC.glob("*.css"), *STATIC.glob("*/*.css")]:
        own = set(re.findall(r"(--[\w-]+):", sheet.read_text()))
        used = set(re.findall(r"var\((--[\w-]+)\)", sheet.read_text()))
        assert used <= known | own, sheet.name
