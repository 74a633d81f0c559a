"""Who calls the phone's API: a token of a registered phone, no cookie and so no CSRF."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, request

from collector_app.accounts.access import ANYBODY
from collector_app.core import clock
from collector_app.core.pace import Pace
from collector_app.sync.rules import DeviceRevoked, DeviceUnknown, TooManyRequests
from collector_app.sync.services import Caller, known_device
from collector_app.web.extensions import csrf, db

# A queue of 200 visits with photos takes about 240 calls; more in a minute is no phone of ours.
CALLS_PER_MINUTE = 600
_pace = Pace(CALLS_PER_MINUTE)


def by_token(*, even_revoked: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let only registered phones call a view; `current_caller` tells which.

    Parameters
    ----------
    even_revoked : bool
        Also those that were shut out: what they tell is taken, they are given nothing.
    """

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            scheme, _, token = request.headers.get("Authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not token.strip():
                message = "no bearer token"
                raise DeviceUnknown(message)
            caller = known_device(db.session(), token.strip())
            if caller.is_revoked and not even_revoked:
                message = f"device {caller.device_id} may not ask any more"
                raise DeviceRevoked(message)
            if not _pace.allows(caller.device_uuid, clock.now()):
                message = f"device {caller.device_id} calls too often"
                raise TooManyRequests(message, minutes=1)
            g.caller = caller
            return view(*args, **kwargs)

        checked.allowed_roles = (ANYBODY,)  # type: ignore[attr-defined]  # the token decides
        exempt: Callable[..., Any] = csrf.exempt(checked)
        return exempt

    return mark


def current_caller() -> Caller:
    """Return the phone of this request; only for views behind `by_token`."""
    caller: Caller = g.caller
    return caller
