"""Claves: who else may read our data."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from collector_app.accounts.access import Answer, allow, current_actor
from collector_app.api import queries, services
from collector_app.api.forms import KeyForm
from collector_app.api.rules import Scope
from collector_app.core import clock
from collector_app.core.actor import Role
from collector_app.web.extensions import db, transaction
from collector_app.web.filters import local_zone

bp = Blueprint("api_keys", __name__)


@bp.get("")
@allow(Role.ADMIN)
def overview() -> str:
    return _page(KeyForm())


@bp.post("")
@allow(Role.ADMIN)
def create() -> Answer:
    """Give out a key and show it this once."""
    form = KeyForm()
    if not form.validate_on_submit():
        return _page(form), 422
    last_day = form.expires_on.data
    expires_at = last_day and clock.local_midnight(last_day + timedelta(days=1), local_zone())
    with transaction() as session:
        scopes = [Scope(one) for one in form.scopes.data or ()]
        _row, key = services.create_key(
            session, current_actor(), form.name.data or "", scopes, expires_at
        )
    return _page(KeyForm(formdata=None), key)


@bp.post("/<int:key_id>/retirar")
@allow(Role.ADMIN)
def revoke(key_id: int) -> Response:
    with transaction() as session:
        services.revoke_key(session, current_actor(), key_id)
    flash(_("La clave ya no sirve."), "good")
    return redirect(url_for(".overview"), code=303)


def _page(form: KeyForm, new_key: str | None = None) -> str:
    return render_template(
        "api/keys.html",
        form=form,
        keys=queries.keys(db.session()),
        scopes={one.value: one for one in Scope},
        new_key=new_key,
        now=clock.now(),
    )
