"""Reads what a PDF of ours says."""

import base64
import re
import zlib

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_SAID = re.compile(rb"\((.*?)(?<!\\)\) Tj", re.DOTALL)


def pdf_text(content: bytes) -> str:
    """Return the words of the pages in the order in which they were drawn."""
    return " ".join(pdf_pages(content))


def pdf_pages(content: bytes) -> list[str]:
    """Return the words of each page; pictures are streams without any."""
    pages = []
    for stream in _STREAM.findall(content):
        drawn = zlib.decompress(base64.a85decode(b"<~" + stream.strip(), adobe=True))
        text = b" ".join(_SAID.findall(drawn)).decode("latin-1")
        pages.append(re.sub(r"\\(\d{3})", lambda one: chr(int(one[1], 8)), text))
    return [text for text in pages if text]
