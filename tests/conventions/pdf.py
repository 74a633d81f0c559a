"""Reads what a PDF of ours says."""

import base64
import re
import zlib

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_SAID = re.compile(rb"\((.*?)(?<!\\)\) Tj", re.DOTALL)


def pdf_text(content: bytes) -> str:
    """Return the words of the pages in the order in which they were drawn."""
    said = []
    for stream in _STREAM.findall(content):
        drawn = zlib.decompress(base64.a85decode(b"<~" + stream.strip(), adobe=True))
        said += _SAID.findall(drawn)
    text = b" ".join(said).decode("latin-1")
    return re.sub(r"\\(\d{3})", lambda one: chr(int(one[1], 8)), text)
