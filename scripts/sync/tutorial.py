"""How tutorials write it: one visit in each POST, a commit for each row, in two renderings.

Pages log in once and carry a session cookie (`/visits`); REST APIs check name and password on every
request, by HTTP basic authentication (`/api/visits`), as examples with Flask-HTTPAuth do. Nothing
is tuned and nothing is slow on purpose: Flask-SQLAlchemy with its defaults on SQLite, the hash that
Werkzeug makes by itself, the server of `flask run`. Both check less than the API of the phones that
is measured beside them, log nothing and know no duplicates.
"""

import os
from pathlib import Path

from flask import Flask, abort, jsonify, request, session
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import check_password_hash, generate_password_hash

PASSWORD = "tutorial"  # noqa: S105 - of nobody

app = Flask(__name__)
app.config["SECRET_KEY"] = "tutorial"  # noqa: S105 - lives as long as the measurement
app.config["SQLALCHEMY_DATABASE_URI"] = (
    f"sqlite:///{Path(os.environ['COLLECTOR_INSTANCE']) / 'tutorial.sqlite3'}"
)
db = SQLAlchemy(app)


class Visit(db.Model):  # type: ignore[name-defined,misc]
    """A visit."""

    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.Integer, db.ForeignKey("user.id"))
    client_id = db.Column(db.Integer)
    outcome = db.Column(db.String(40))
    person_met = db.Column(db.String(40))
    started_at = db.Column(db.String(40))
    lat = db.Column(db.Float)
    lon = db.Column(db.Float)


class User(db.Model):  # type: ignore[name-defined,misc]
    """Who logs in."""

    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), unique=True)
    password_hash = db.Column(db.String(200))


@app.get("/entrar")
def ready() -> str:
    """Tell that the server is up."""
    return "ready"


@app.post("/login")
def login() -> ResponseReturnValue:
    """Begin a session."""
    told = request.get_json()
    user = User.query.filter_by(name=told["name"]).first()
    if user is None or not check_password_hash(user.password_hash, told["password"]):
        abort(401)
    session["user_id"] = user.id
    return jsonify(ok=True)


@app.post("/visits")
def add() -> ResponseReturnValue:
    """Store one visit."""
    user = db.session.get(User, session.get("user_id"))
    if user is None:
        abort(401)
    return _stored(user)


@app.post("/api/visits")
def add_by_password() -> ResponseReturnValue:
    """Store one visit of whoever says name and password with it."""
    told = request.authorization
    if told is None or told.username is None:
        abort(401)
    user = User.query.filter_by(name=told.username).first()
    if user is None or not check_password_hash(user.password_hash, told.password or ""):
        abort(401)
    return _stored(user)


def _stored(user: User) -> ResponseReturnValue:
    told = request.get_json()
    names = ("client_id", "outcome", "person_met", "started_at", "lat", "lon")
    visit = Visit(user_id=user.id, **{name: told[name] for name in names})
    db.session.add(visit)
    db.session.commit()
    return jsonify(id=visit.id), 201


with app.app_context():
    db.create_all()
    if User.query.first() is None:
        db.session.add(User(name="gestor", password_hash=generate_password_hash(PASSWORD)))
        db.session.commit()
