"""The blueprint of the studio, and who may do what in it."""

from flask import Blueprint

from collector_app.core.actor import Role

bp = Blueprint("studio", __name__)

EDITORS = (Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN)
PUBLISHERS = (Role.DISPATCHER, Role.ADMIN)
