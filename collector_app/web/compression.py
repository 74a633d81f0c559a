"""Text answers travel compressed: brotli, or gzip for those that know only that.

Static files are compressed once per process and content, best, and without the comments that are
for who reads the source; pages as they are made, fast.
Compressing pages that hold a CSRF token beside words of the visitor is what BREACH needs, but it
also needs thousands of requests with the victim's cookie, which SameSite=Lax keeps other sites from
sending.
"""

import gzip
from functools import lru_cache

import brotli
import rcssmin
import rjsmin
from flask import Flask, request
from werkzeug.wrappers import Response

LEAST_BYTES = 500  # below, it is not worth the time
LEAST_BYTES_OF_FILE = 200  # compressed once; below, the header weighs more than what is saved
BEST = {"br": 11, "gzip": 9}
FAST = {"br": 5, "gzip": 5}  # 5 sees more than 4 by 6 % of a page for 0.1 ms more
KEPT_FILES = 512
NOT_MODIFIED = 304
NOT_WHOLE = (204, 206, NOT_MODIFIED)  # no body, or a part whose bytes were counted before
MINIFIERS = {"text/javascript": rjsmin.jsmin, "text/css": rcssmin.cssmin}
TEXTS = {
    "application/javascript",
    "application/json",
    "application/geo+json",
    "application/manifest+json",
    "application/problem+json",
    "application/x-columns",  # numbers, many of them alike
    "image/svg+xml",
}


def register_compression(app: Flask) -> None:
    """Compress answers; call it before what else changes their headers."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.status_code == NOT_MODIFIED and request.endpoint == "static":
        response.close()  # nothing of it is sent, and a client that goes away would leave it open
    if not _is_text(response):
        return response
    response.vary.add("Accept-Encoding")
    encoding = request.accept_encodings.best_match(["br", "gzip"])
    is_file = request.endpoint == "static"
    if encoding is None or not (is_file or _is_whole(response)):
        return response
    if response.status_code in NOT_WHOLE:
        return response
    response.direct_passthrough = False
    plain = response.get_data()
    if is_file:
        response.close()  # read whole: nobody has to wait for the client to have the file closed
    if len(plain) >= (LEAST_BYTES_OF_FILE if is_file else LEAST_BYTES):
        sent = (
            _kept(plain, encoding, response.mimetype or "")
            if is_file
            else _made(plain, encoding, FAST[encoding])
        )
        response.set_data(sent)
        response.headers["Content-Encoding"] = encoding
        _weaken_etag(response)
    return response


def _is_text(response: Response) -> bool:
    mimetype = response.mimetype or ""
    if mimetype == "text/event-stream":
        return False
    return mimetype.startswith("text/") or mimetype in TEXTS


def _is_whole(response: Response) -> bool:
    return not response.is_streamed and "Content-Encoding" not in response.headers


def _weaken_etag(response: Response) -> None:
    """Say that the tag names the content, not these very bytes, so that it fits each encoding."""
    tag, is_weak = response.get_etag()
    if tag and not is_weak:
        response.set_etag(tag, weak=True)


def _made(plain: bytes, encoding: str, effort: int) -> bytes:
    if encoding == "br":
        compressed: bytes = brotli.compress(plain, quality=effort)
        return compressed
    return gzip.compress(plain, compresslevel=effort, mtime=0)


@lru_cache(maxsize=KEPT_FILES)
def _kept(plain: bytes, encoding: str, mimetype: str) -> bytes:
    return _made(_without_comments(plain, mimetype), encoding, BEST[encoding])


def _without_comments(plain: bytes, mimetype: str) -> bytes:
    """Return a script or style without comments and needless spaces; a third of their weight."""
    minify = MINIFIERS.get(mimetype)
    small: bytes = minify(plain) if minify else plain
    return small
