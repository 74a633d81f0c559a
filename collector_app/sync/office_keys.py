"""The keys to which phones seal what they recorded, from the secrets of the application."""

import base64
from functools import cache

from flask import Flask, current_app

from collector_app.sync.rules import OfficeKey, office_key

_derived = cache(office_key)


def office_keys() -> tuple[OfficeKey, ...]:
    """Return the key in use, and those of former secrets: phones may still hold boxes for them."""
    config = current_app.config
    secrets = (config["SECRET_KEY"], *(config.get("SECRET_KEY_FALLBACKS") or ()))
    return tuple(_derived(one) for one in secrets)


def register_office_key(app: Flask) -> None:
    """Give the templates the public key, base64url, which every page of a phone carries."""
    app.jinja_env.globals["office_seal"] = lambda: (
        base64.urlsafe_b64encode(office_keys()[0].public).decode().rstrip("=")
    )
