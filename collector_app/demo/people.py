"""Who works in the demo company and what their clients are called; all invented."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

from collector_app.core.actor import Role

PASSWORD = "ruta-demo-2026"  # noqa: S105 - printed on purpose; only ever loaded in development


@dataclass(frozen=True, slots=True)
class Person:
    """One login of the demo."""

    username: str
    full_name: str
    role: Role


STAFF = (
    Person("admin", "Alma Rosa Quintero", Role.ADMIN),
    Person("despacho1", "Daniel Ibarra", Role.DISPATCHER),
    Person("despacho2", "Lorena Mejía", Role.DISPATCHER),
    Person("supervisor1", "Teresa Villaseñor", Role.SUPERVISOR),
    Person("supervisor2", "Raúl Ontiveros", Role.SUPERVISOR),
    Person("gestor1", "Mariana Cruz", Role.COLLECTOR),
    Person("gestor2", "Julio César Peña", Role.COLLECTOR),
    Person("gestor3", "Ofelia Landeros", Role.COLLECTOR),
    Person("gestor4", "Iván Tovar", Role.COLLECTOR),
    Person("gestor5", "Brenda Salgado", Role.COLLECTOR),
    Person("gestor6", "Hugo Arellano", Role.COLLECTOR),
    Person("gestor7", "Paola Zepeda", Role.COLLECTOR),
    Person("gestor8", "Efraín Cordero", Role.COLLECTOR),
)

_NAMES: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("names.toml").read_text(encoding="utf-8")
)


def client_name(dice: Random) -> str:
    """Return the name of a person: one or two first names and two surnames."""
    first = dice.sample(_NAMES["first"], 2 if dice.random() < 0.35 else 1)
    return " ".join([*first, dice.choice(_NAMES["last"]), dice.choice(_NAMES["last"])])


def shop_name(dice: Random) -> str:
    """Return the name of a small business."""
    return f"{dice.choice(_NAMES['shops'])} {dice.choice(_NAMES['shop_names'])}"
