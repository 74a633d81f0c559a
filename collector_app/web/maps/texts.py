"""How texts and lines travel into a map's script.

Three languages read what Folium renders, one after the other, and each has its own brackets: branca
renders every piece a second time as a Jinja template, then come HTML and JavaScript.
"""

import json
import re
from collections.abc import Iterable

DECIMALS = 5  # of a degree: about one metre

# What Jinja, HTML and a JavaScript template literal read as more than a letter. The backslash
# matters: in a literal, "\u003c" is a "<" that no HTML escaping has seen.
_DANGEROUS = {ord(letter): f"&#{ord(letter)};" for letter in "&<>\"'`$\\/{}\n\r\u2028\u2029"}
_DANGEROUS_IN_JSON = {ord(letter): f"\\u{ord(letter):04x}" for letter in "&<>'`${}\u2028\u2029"}
_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


def safe_text(text: str) -> str:
    """Return a text that stays text in HTML, in attributes and in Folium's script templates.

    Only for texts that must pass through Folium itself; our own layers carry texts as data.
    """
    return text.translate(_DANGEROUS)


def json_for_script(data: object) -> str:
    """Return data as JSON that can stand in a script which Folium renders.

    Braces are escaped inside texts only. Those that JSON itself writes are never followed by
    another opening brace, a percent or a hash, so Jinja finds nothing in them.
    """
    written = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _JSON_TEXT.sub(lambda text: text[0].translate(_DANGEROUS_IN_JSON), written)


def encode_line(points: Iterable[tuple[float, float]]) -> str:
    """Return a line as text in Google's polyline encoding, 5 decimals.

    Source
    ------
    Google Maps Platform, "Encoded Polyline Algorithm Format".
    """
    written: list[str] = []
    before = (0, 0)
    for lat, lon in points:
        here = (round(lat * 10**DECIMALS), round(lon * 10**DECIMALS))
        written += (_encode(now - then) for now, then in zip(here, before, strict=True))
        before = here
    return "".join(written)


def _encode(difference: int) -> str:
    value = ~(difference << 1) if difference < 0 else difference << 1
    letters = []
    while value >= 0x20:
        letters.append(chr((0x20 | value & 0x1F) + 63))
        value >>= 5
    letters.append(chr(value + 63))
    return "".join(letters)
