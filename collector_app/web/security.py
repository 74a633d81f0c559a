"""Headers that tell the browser what to trust."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:{tiles}; connect-src 'self'; font-src 'self'; worker-src 'self'; "
    "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

HTTPS_ONLY = "max-age=31536000"


def csp_nonce() -> str:
    """Return the nonce of this request; only scripts and styles that carry it run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def register_security(app: Flask) -> None:
    """Add the security headers to every answer, and believe the proxies in front."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(_add_headers)
    proxies = app.config["TRUSTED_PROXIES"]
    if proxies:
        behind = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
        app.wsgi_app = behind  # type: ignore[method-assign]  # the way Flask documents


def _policy() -> str:
    """Return the policy of this answer; pictures may come from the tile server, if one is set."""
    parts = urlsplit(current_app.config.get("TILE_URL", ""))
    tiles = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return POLICY.format(nonce=csp_nonce(), tiles=tiles)


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _policy())
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self)")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HTTPS_ONLY)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")  # personal data
    return response
