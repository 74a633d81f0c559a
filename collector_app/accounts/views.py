"""Pages of the login, the password and the people."""

from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from collector_app.accounts import queries, services
from collector_app.accounts.access import ANYBODY, Answer, allow, current_actor, enter, leave
from collector_app.accounts.files import people_columns, person_line
from collector_app.accounts.forms import LoginForm, NewPersonForm, PasswordForm, PersonForm
from collector_app.accounts.queries import PersonRow
from collector_app.accounts.rules import OneTimePasswordExpired, UsernameTaken
from collector_app.audit.downloads import hand_out
from collector_app.core.actor import Role
from collector_app.core.errors import InvalidInput, NotFound
from collector_app.web.downloads import dated
from collector_app.web.extensions import db, transaction
from collector_app.web.pages import redirect_back, way_back
from collector_app.web.skeletons import skeleton_for
from collector_app.web.words import message

FormT = TypeVar("FormT", bound=PersonForm)
bp = Blueprint("accounts", __name__)

HOME = {
    Role.COLLECTOR: "/phone/",
    Role.SUPERVISOR: "/tablero",
    Role.DISPATCHER: "/planes",
    Role.ADMIN: "/tablero",
}


@bp.get("/")
@allow(*HOME)
def home() -> Response:
    """Send each role to its first page."""
    return redirect(HOME[current_actor().role])


@bp.get("/entrar")
@allow(ANYBODY)
def login() -> Answer:
    if current_user.is_authenticated:
        return redirect(way_back("/"))
    return render_template("accounts/login.html", form=LoginForm(request.args))


@bp.post("/entrar")
@allow(ANYBODY)
def check_login() -> Answer:
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("accounts/login.html", form=form), 422
    name, address = form.username.data, request.remote_addr or "unknown"
    with transaction() as session:
        attempt_id = services.begin_attempt(session, name, address)
    try:
        with transaction() as session:
            user = services.identify(session, attempt_id, name, form.password.data)
            user_id = user.id if user else None
    except OneTimePasswordExpired as error:
        form.form_errors.append(message(error.code, error.facts))
        return render_template("accounts/login.html", form=form), 401
    if user_id is None:
        wrong = _("El usuario y la contraseña no van juntos. Revisa y vuelve a escribir.")
        form.form_errors.append(wrong)
        return render_template("accounts/login.html", form=form), 401
    enter(user_id)
    return redirect_back("/")


@bp.post("/salir")
@allow(*HOME)
def logout() -> Response:
    with transaction() as session:
        services.log_out(session, current_actor())
    leave()
    flash(_("Saliste. Hasta pronto."), "good")
    return redirect(url_for(".login"))


@bp.get("/contrasena")
@allow(*HOME)
def change_password() -> str:
    return _password_page(PasswordForm(request.args))


@bp.post("/contrasena")
@allow(*HOME)
def save_password() -> Answer:
    form = PasswordForm()
    if not form.validate_on_submit():
        return _password_page(form), 422
    actor = current_actor()
    try:
        with transaction() as session:
            services.change_password(session, actor, form.old.data, form.password.data)
    except InvalidInput as error:
        form[error.field].errors.append(_password_problem(error))
        return _password_page(form), 422
    enter(actor.user_id or 0)
    flash(_("Listo, ya tienes contraseña nueva. En otros equipos hay que volver a entrar."), "good")
    return redirect_back("/")


def _password_page(form: PasswordForm) -> str:
    base = skeleton_for(current_actor().role)
    return render_template("accounts/password.html", form=form, base=base)


def _password_problem(error: InvalidInput) -> str:
    reasons = {
        "same": _("Es la misma que ya tienes; escribe otra."),
        "repeats": _("Repite demasiado las mismas letras."),
        "username": _("No debe llevar tu usuario adentro."),
    }
    wrong = _("Esta no es tu contraseña actual.")
    return str(reasons.get(str(error.facts.get("reason")), wrong))


@bp.get("/usuarios")
@allow(Role.ADMIN)
def users() -> str:
    search = _asked_name()
    rows = queries.people(db.session(), search=search)
    return render_template("accounts/users.html", rows=rows, search=search)


@bp.get("/usuarios/lista.<any(xlsx, csv):kind>")
@allow(Role.ADMIN)
def users_file(kind: str) -> Response:
    """Hand out the people that the list shows."""
    lines = [person_line(one) for one in queries.people(db.session(), search=_asked_name())]
    return hand_out(current_actor(), dated("personas"), kind, people_columns(), lines)


@bp.get("/usuarios/nuevo")
@allow(Role.ADMIN)
def new_user() -> str:
    return _form_page(NewPersonForm())


@bp.post("/usuarios/nuevo")
@allow(Role.ADMIN)
def create_user() -> Answer:
    form = _offered(NewPersonForm())
    if not form.validate_on_submit():
        return _form_page(form), 422
    try:
        with transaction() as session:
            user, password = services.create_person(
                session, current_actor(), form.username.data, form.to_command()
            )
    except UsernameTaken as error:
        form.username.errors.append(message(error.code, error.facts))
        return _form_page(form), 409
    return _one_time_page(user.id, password), 201


@bp.get("/usuarios/<int:user_id>")
@allow(Role.ADMIN)
def user(user_id: int) -> str:
    person = _person(user_id)
    return _form_page(PersonForm(obj=person), person)


@bp.post("/usuarios/<int:user_id>")
@allow(Role.ADMIN)
def save_user(user_id: int) -> Answer:
    form, person = _offered(PersonForm()), _person(user_id)
    if not form.validate_on_submit():
        return _form_page(form, person), 422
    with transaction() as session:
        services.change_person(session, current_actor(), user_id, form.to_command())
    flash(_("Se guardó."), "good")
    return redirect(url_for(".users"), code=303)


@bp.post("/usuarios/<int:user_id>/desactivar")
@allow(Role.ADMIN)
def deactivate_user(user_id: int) -> Response:
    with transaction() as session:
        name = services.deactivate(session, current_actor(), user_id).full_name
    flash(_("%(name)s ya no puede entrar, y se cerró lo que tenía abierto.", name=name), "good")
    return redirect(url_for(".user", user_id=user_id), code=303)


@bp.post("/usuarios/<int:user_id>/activar")
@allow(Role.ADMIN)
def reactivate_user(user_id: int) -> Response:
    with transaction() as session:
        name = services.reactivate(session, current_actor(), user_id).full_name
    flash(_("%(name)s ya puede entrar otra vez.", name=name), "good")
    return redirect(url_for(".user", user_id=user_id), code=303)


@bp.post("/usuarios/<int:user_id>/contrasena")
@allow(Role.ADMIN)
def replace_password(user_id: int) -> str:
    with transaction() as session:
        _user, password = services.give_one_time_password(session, current_actor(), user_id)
    return _one_time_page(user_id, password)


def _asked_name() -> str:
    return request.args.get("q", "").strip()


def _one_time_page(user_id: int, password: str) -> str:
    return render_template("accounts/one_time.html", person=_person(user_id), password=password)


def _form_page(form: PersonForm, person: PersonRow | None = None) -> str:
    is_own = person is not None and person.id == current_actor().user_id
    return render_template("accounts/user.html", form=_offered(form), person=person, is_own=is_own)


def _offered(form: FormT) -> FormT:
    form.offer(queries.active_people(db.session(), Role.SUPERVISOR))
    return form


def _person(user_id: int) -> PersonRow:
    person = queries.person(db.session(), user_id)
    if person is None:
        text = f"no person {user_id}"
        raise NotFound(text)
    return person
