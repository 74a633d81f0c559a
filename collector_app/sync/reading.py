"""Reads the body of a request of a phone, whatever somebody sent instead."""

import zlib
from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from collector_app.sync.rules import MOST_BYTES, BadEnvelope

_GZIP = 16 + zlib.MAX_WBITS


def read_json_bytes(request: Request) -> bytes:
    """Return the bytes of the JSON that was sent, opened when it came compressed.

    Raises
    ------
    BadEnvelope
        When it is no JSON by its type, is longer than allowed before or after opening it, or is
        not the gzip that it says. No more than the allowed bytes are ever opened.
    """
    if request.mimetype != "application/json":
        raise BadEnvelope("Content-Type", "application/json")
    sent = read_bytes(request, MOST_BYTES)
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding == "identity":
        return sent
    if encoding != "gzip":
        raise BadEnvelope("Content-Encoding", "gzip, or none")
    return _opened(sent)


def read_bytes(request: Request, most: int) -> bytes:
    """Return the body; raises `BadEnvelope` when it is longer than `most` bytes."""
    request.max_content_length = most
    try:
        data: Any = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise BadEnvelope("body", f"at most {most} bytes") from None
    return bytes(data)


def _opened(sent: bytes) -> bytes:
    opener = zlib.decompressobj(_GZIP)
    try:
        opened = opener.decompress(sent, MOST_BYTES + 1)
    except zlib.error:
        raise BadEnvelope("body", "gzip, as Content-Encoding says") from None
    if len(opened) > MOST_BYTES:
        raise BadEnvelope("body", f"at most {MOST_BYTES} bytes when opened")
    if not opener.eof:
        raise BadEnvelope("body", "the whole of a gzip file; its end is missing")
    if opener.unused_data:
        raise BadEnvelope("body", "one gzip file, and nothing behind its end")
    return opened
